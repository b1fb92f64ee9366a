import type { IstioLabels } from './istio-labels.js';
import type { BucketCounts } from './latency.js';
import { RequestSeries, type RequestSizes } from './request-series.js';

/** What a running Envoy holds: counters since its process began. A restart is a new one. */
export class Proxy {
  readonly startedSeconds: number;
  readonly #series = new Map<IstioLabels, RequestSeries>();
  #sorted: readonly RequestSeries[] | undefined;
  #requests = 0;

  constructor(startedSeconds: number) {
    this.startedSeconds = startedSeconds;
  }

  /** Requests since the process began, over evictions too. */
  get requests(): number {
    return this.#requests;
  }

  /** The series that there are now, in the order of their labels. */
  get series(): readonly RequestSeries[] {
    return (this.#sorted ??= [...this.#series.values()].sort((a, b) => (a.text < b.text ? -1 : 1)));
  }

  /** Counts requests; the series comes into being with its first one. Label sets are told apart by identity. */
  count(labels: IstioLabels, sizes: RequestSizes, count: number, buckets: BucketCounts, atSeconds: number): void {
    let series = this.#series.get(labels);
    if (!series) {
      this.#series.set(labels, (series = new RequestSeries(labels, sizes)));
      this.#sorted = undefined;
    }
    series.add(count, buckets, atSeconds);
    this.#requests += count;
  }

  /** Forgets series that have counted nothing since a moment, as statsEvictionInterval does; says how many. */
  evict(idleSinceSeconds: number): number {
    const before = this.#series.size;
    for (const [labels, { lastSeconds }] of this.#series) {
      if (lastSeconds <= idleSinceSeconds) this.#series.delete(labels);
    }
    if (this.#series.size !== before) this.#sorted = undefined;
    return before - this.#series.size;
  }
}
