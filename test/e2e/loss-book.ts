import { EventLog, type RequestEvents } from '../../src/simulator/event-log.js';

/** A stretch of one pod's life that no scrape can have counted. */
export interface Lost {
  readonly pod: string;
  readonly from: number;
  readonly to: number;
}

/** Keeps, beside the product and without asking it, which stretches nobody can count: from the last scrape to the end. */
export class LossBook {
  readonly #lost: Lost[] = [];
  readonly #lastScrape = new Map<string, number>();
  #committed = new Map<string, number>();
  /** Moments at which pods became new processes: before them nothing can be scraped any more. */
  readonly #born = new Map<string, number>();

  scraped(pod: string, at: number): void {
    this.#lastScrape.set(pod, Math.max(at, this.#lastScrape.get(pod) ?? 0));
  }

  committed(): void {
    this.#committed = new Map(this.#lastScrape);
  }

  /** A new meshslo knows no more than the last commit. */
  meshsloDied(): void {
    this.#lastScrape.clear();
    for (const [pod, at] of this.#committed) this.#lastScrape.set(pod, at);
  }

  /** The pod's process ends. */
  ended(pod: string, at: number): void {
    const from = Math.max(this.#lastScrape.get(pod) ?? 0, this.#born.get(pod) ?? 0);
    this.#lost.push({ pod, from, to: at });
    this.#born.set(pod, at);
  }

  /** The ends of processes, each from its last scrape on. */
  get ends(): readonly Lost[] {
    return this.#lost;
  }

  /** All stretches, those of living pods since their last scrape included. */
  all(living: readonly string[], now: number): readonly Lost[] {
    const open = living.map((pod) => {
      const from = Math.max(this.#lastScrape.get(pod) ?? 0, this.#born.get(pod) ?? 0);
      return { pod, from, to: now };
    });
    return [...this.#lost, ...open];
  }
}

/** The log without what a proxy saw in a stretch that is lost. */
export function withoutLost(log: EventLog, lost: readonly Lost[]): EventLog {
  const isLost = (pod: string | undefined, { fromSeconds, toSeconds }: RequestEvents): boolean =>
    lost.some((stretch) => stretch.pod === pod && fromSeconds >= stretch.from && toSeconds <= stretch.to);
  const seen = new EventLog();
  for (const events of log.requests()) {
    const server = isLost(events.pod, events) ? undefined : events.server;
    const client = isLost(events.clientPod, events) ? undefined : events.client;
    seen.write([{ ...events, server, client }]);
  }
  return seen;
}
