import type { BucketCounts } from './latency.js';
import type { ServiceKey } from './mesh-model.js';
import type { OutcomeKind, ProxyFacts } from './outcome.js';

/** Requests between the same two pods in the same step that ended alike. */
export interface RequestEvents {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Absent: a caller outside the mesh. */
  readonly source: ServiceKey | undefined;
  readonly destination: ServiceKey;
  /** The pod whose proxy counted them as the destination's; absent when none saw them. */
  readonly pod: string | undefined;
  /** The pod whose proxy counted them as the source's. */
  readonly clientPod: string | undefined;
  readonly kind: OutcomeKind;
  /** What the destination's proxy saw; absent when it saw nothing. */
  readonly server: ProxyFacts | undefined;
  /** What the source's proxy saw; absent when there is none. */
  readonly client: ProxyFacts | undefined;
  readonly count: number;
  readonly buckets: BucketCounts;
}

/** Something that happened to a pod; counters of a pod begin at zero after each of them. */
export interface PodEvent {
  readonly atSeconds: number;
  readonly pod: string;
  readonly what: 'started' | 'restarted' | 'stopped' | 'series-evicted';
}

/** Takes every event before a counter moves. */
export type EventSink = (events: readonly (RequestEvents | PodEvent)[]) => void;

/** What really happened: the truth that counters, scrapes and budgets are held against. */
export class EventLog {
  readonly #requests: RequestEvents[] = [];
  readonly #pods: PodEvent[] = [];

  /** Takes a step's events; an arrow, so that it can be handed over as an {@link EventSink}. */
  readonly write: EventSink = (events) => {
    for (const event of events) {
      if ('pod' in event && 'what' in event) this.#pods.push(event);
      else this.#requests.push(event);
    }
  };

  /** Everything that happened to pods, in order. */
  get podEvents(): readonly PodEvent[] {
    return this.#pods;
  }

  /** Requests of steps that lie wholly in `[fromSeconds, toSeconds)` and meet a condition. */
  *requests(
    fromSeconds = -Infinity,
    toSeconds = Infinity,
    where: (events: RequestEvents) => boolean = () => true,
  ): Generator<RequestEvents> {
    for (const events of this.#requests) {
      if (events.fromSeconds >= fromSeconds && events.toSeconds <= toSeconds && where(events)) yield events;
    }
  }

  /** Number of requests, as {@link requests}. */
  count(fromSeconds?: number, toSeconds?: number, where?: (events: RequestEvents) => boolean): number {
    let sum = 0;
    for (const { count } of this.requests(fromSeconds, toSeconds, where)) sum += count;
    return sum;
  }

  /** What a pod's proxy counted after its last scrape: lost for good when the pod is restarted or stopped. */
  tailOf(pod: string, lastScrapeSeconds: number, endSeconds = Infinity): readonly RequestEvents[] {
    return [
      ...this.requests(lastScrapeSeconds, endSeconds, (events) => events.pod === pod || events.clientPod === pod),
    ];
  }
}
