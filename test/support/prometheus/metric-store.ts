import type { SeriesLabels } from '../tsdb/block-index.js';
import { BlockWriter } from '../tsdb/block-writer.js';
import { RecentSamples } from './recent-samples.js';
import type { AnsweredSeries, AnsweredValue } from './query-api.js';
import { RunningPrometheus } from './running-prometheus.js';

/** A store of series that takes what happened long ago, and answers PromQL about any time. */
export interface MetricStore {
  /** Adds a series, or samples to one: times in whole milliseconds, ascending; NaN is a marker of staleness. */
  add(labels: SeriesLabels, times: Float64Array, values: Float64Array, length?: number): void;
  /** Makes everything that was added readable. */
  settle(): Promise<void>;
  instant(query: string, atSeconds: number): Promise<readonly AnsweredValue[]>;
  range(query: string, fromSeconds: number, toSeconds: number, stepSeconds: number): Promise<readonly AnsweredSeries[]>;
  close(): Promise<void>;
}

/** A real Prometheus on a block of our own; a series is added once. */
export class PrometheusStore implements MetricStore {
  readonly #folder: string;
  readonly #block: BlockWriter;
  readonly #recent: RecentSamples | undefined;
  #running: RunningPrometheus | undefined;

  /**
   * With `recentFromSeconds`, samples from then on are written into its memory instead, as a Prometheus that is alive has
   * the last two hours there, which it reads much faster. Then everything must be added before it settles.
   */
  constructor(folder: string, { recentFromSeconds }: { readonly recentFromSeconds?: number } = {}) {
    this.#folder = folder;
    this.#block = new BlockWriter(folder);
    if (recentFromSeconds !== undefined) this.#recent = new RecentSamples(recentFromSeconds);
  }

  get samples(): number {
    return this.#block.samples;
  }

  get seriesCount(): number {
    return this.#block.seriesCount;
  }

  /** The program itself; only once the store has settled. */
  get prometheus(): RunningPrometheus {
    if (!this.#running) throw new RangeError('the store has not settled');
    return this.#running;
  }

  add(labels: SeriesLabels, times: Float64Array, values: Float64Array, length = times.length): void {
    const older = this.#recent?.take(labels, times, values, length) ?? length;
    this.#block.add(labels, times, values, older);
  }

  async settle(): Promise<void> {
    await this.close();
    this.#block.publish();
    this.#running = await RunningPrometheus.start(this.#folder);
    await this.#recent?.send(`${this.#running.address}/api/v1/write`);
  }

  instant(query: string, atSeconds: number): Promise<readonly AnsweredValue[]> {
    return this.prometheus.instant(query, atSeconds);
  }

  range(query: string, from: number, to: number, step: number): Promise<readonly AnsweredSeries[]> {
    return this.prometheus.range(query, from, to, step);
  }

  async close(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }
}
