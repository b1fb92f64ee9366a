import type { EventSink, RequestEvents } from '../event-log.js';

/** A proxy's process: everything that it has counted since it began. */
export interface Process {
  readonly startedSeconds: number;
}

/** How a kind of proxies is placed: in every pod, or some that many pods share. */
export interface CarrierTerms<P extends Process> {
  readonly begin: (startedSeconds: number) => P;
  /** The proxy of a pod, where proxies are shared. */
  readonly shared?: (pod: string) => string;
}

/**
 * The processes of a data plane, by the name of the proxy.
 *
 * A proxy inside a pod lives and dies with it. A shared one outlives every pod and is restarted by its own name.
 */
export class Carriers<P extends Process> {
  readonly #terms: CarrierTerms<P>;
  readonly #processes = new Map<string, P>();

  constructor(terms: CarrierTerms<P>) {
    this.#terms = terms;
  }

  /** The proxy that counts for a pod. */
  carrierOf(pod: string): string {
    return this.#terms.shared?.(pod) ?? pod;
  }

  /** The process of a proxy; undefined where none has begun. */
  process(proxy: string): P | undefined {
    return this.#processes.get(proxy);
  }

  restart(proxy: string, atSeconds: number): void {
    this.#processes.set(proxy, this.#terms.begin(atSeconds));
  }

  /** Makes a sink of what counts a group of requests. */
  sink(count: (events: RequestEvents, process: (pod: string) => P) => void): EventSink {
    return (events) => {
      for (const event of events) {
        if ('count' in event) count(event, (pod) => this.#processes.get(this.carrierOf(pod))!);
        else this.#pod(event);
      }
    };
  }

  #pod({ pod, what, atSeconds }: { readonly pod: string; readonly what: string; readonly atSeconds: number }): void {
    const proxy = this.carrierOf(pod);
    const isShared = this.#terms.shared !== undefined;
    if (what === 'stopped' && !isShared) this.#processes.delete(proxy);
    if (what === 'started' && !this.#processes.has(proxy)) this.restart(proxy, atSeconds);
    if (what === 'restarted' && !isShared) this.restart(proxy, atSeconds);
  }
}

/** A small whole number that a name always comes to. */
export function hashOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)!) | 0;
  return Math.abs(hash);
}
