import type { Clock } from '../domain/clock.js';
import { type Failure, failureOf } from '../domain/failure.js';
import { Gate } from '../scrape/gate.js';
import type { EndpointClient } from './endpoint-client.js';
import type { EndpointSet } from './endpoint-set.js';
import type { MetricValues } from './metric-values.js';
import type { ProxyName } from './proxy-book.js';
import { Turns } from './turns.js';

/** Proxies are many, and what is asked of them changes slowly: each is asked once in so long. */
const roundSeconds = 60;
const concurrency = 64;
/** So few are asked at every look. */
const fewProxies = 500;

/** A proxy that is asked itself, and what it said last. */
export interface WatchedProxy<T = unknown> extends ProxyName {
  readonly client: EndpointClient;
  readonly values: MetricValues;
  readonly more: T;
  /** On the clock that does not jump. */
  readonly askedAt: number;
}

/** What a proxy is asked. */
export interface ProxyQuestions<T> {
  readonly metricsPath: string;
  /** Families that are read; all others are passed over. */
  readonly names: readonly string[];
  /** What else, once its metrics are known. */
  readonly more: (client: EndpointClient, values: MetricValues) => Promise<T>;
}

interface ProxyWatchParts<T> {
  readonly set: EndpointSet;
  readonly questions: ProxyQuestions<T>;
  /** Cluster of those whose target has no label `cluster`. */
  readonly cluster: string;
  readonly intervalSeconds: number;
  readonly clock: Clock;
}

/** Asks the proxies of a control plane themselves: a few hundred at every look, many in shares so that all are asked within a minute. */
export class ProxyWatch<T> {
  readonly #parts: ProxyWatchParts<T>;
  readonly #known = new Map<EndpointClient, WatchedProxy<T>>();
  #troubles = new Map<EndpointClient, Failure>();
  readonly #turns = new Turns<EndpointClient>();

  constructor(parts: ProxyWatchParts<T>) {
    this.#parts = parts;
  }

  /** What every proxy said last; those that are gone, or do not answer any more, are left out. */
  get proxies(): readonly WatchedProxy<T>[] {
    return [...this.#known.values()];
  }

  /** Why proxies could not be asked. */
  get troubles(): readonly Failure[] {
    return [...this.#troubles.values()];
  }

  /** Those that are listed and have told nothing: they do not answer, or have not been asked yet. */
  get silent(): readonly ProxyName[] {
    const { clients } = this.#parts.set;
    return clients.filter((client) => !this.#known.has(client)).map((client) => this.#nameOf(client));
  }

  /** Whether anybody of those that are listed has told anything: silence of all of them is no end of any trouble. */
  get isTold(): boolean {
    const { clients, troubles } = this.#parts.set;
    return this.#known.size > 0 || (clients.length === 0 && troubles.length === 0);
  }

  /** Begins with no proxy after half an interval: many that do not answer must not take the time of their control plane. */
  async look(): Promise<void> {
    const { set, intervalSeconds, clock } = this.#parts;
    const began = clock.monotonic();
    await set.refresh();
    const { clients } = set;
    const listed = new Set(clients);
    for (const client of this.#known.keys()) if (!listed.has(client)) this.#known.delete(client);
    for (const client of this.#troubles.keys()) if (!listed.has(client)) this.#troubles.delete(client);
    const share = Math.max(fewProxies, Math.ceil(clients.length * Math.min(1, intervalSeconds / roundSeconds)));
    const due = this.#turns.order(clients).slice(0, share);
    const asked = new Set<EndpointClient>();
    const gate = new Gate(concurrency);
    const ask = async (client: EndpointClient): Promise<void> => {
      if (clock.monotonic() - began > intervalSeconds / 2) return;
      asked.add(client);
      await this.#ask(client);
    };
    await Promise.all(due.map((client) => gate.run(() => ask(client))));
    this.#turns.pass(asked);
  }

  async #ask(client: EndpointClient): Promise<void> {
    const { questions, clock } = this.#parts;
    try {
      const { values, more } = await client.within(client.timeoutSeconds, async () => {
        const values = await client.wantedMetrics(questions.metricsPath, questions.names);
        return { values, more: await questions.more(client, values) };
      });
      this.#known.set(client, { client, ...this.#nameOf(client), values, more, askedAt: clock.monotonic() });
      this.#troubles.delete(client);
    } catch (error) {
      // A proxy that cannot be asked is no news of its control plane: scraping tells of it.
      this.#troubles.set(client, failureOf(error));
      this.#known.delete(client);
    }
  }

  #nameOf({ target: { labels }, address }: EndpointClient): ProxyName {
    return {
      cluster: labels.get('cluster') ?? this.#parts.cluster,
      namespace: labels.get('namespace') ?? '',
      pod: labels.get('pod') ?? address,
    };
  }
}
