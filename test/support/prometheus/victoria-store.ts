import type { SeriesLabels } from '../tsdb/block-index.js';
import { freePort } from './free-port.js';
import type { MetricStore } from './metric-store.js';
import { type AnsweredSeries, type AnsweredValue, QueryApi } from './query-api.js';
import { remoteWrite, type WrittenSeries } from './remote-write.js';
import { RunningProgram } from './running-program.js';

const samplesPerRequest = 100_000;

/** A real VictoriaMetrics, which takes samples of any age. */
export class VictoriaStore implements MetricStore {
  readonly program: RunningProgram;
  readonly #api: QueryApi;
  #pending: WrittenSeries[] = [];
  #samples = 0;
  #sent: Promise<void> = Promise.resolve();

  private constructor(program: RunningProgram, address: string) {
    this.program = program;
    this.#api = new QueryApi(address);
  }

  /** Where it answers; without a slash at the end. */
  get address(): string {
    return this.#api.address;
  }

  static async start(folder: string): Promise<VictoriaStore> {
    const port = await freePort();
    const args = [
      `-storageDataPath=${folder}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=100y',
      // Otherwise it hides the last half minute.
      '-search.latencyOffset=1ms',
      '-search.maxQueryDuration=30m',
      '-search.maxPointsPerTimeseries=1000000',
      '-search.maxSamplesPerQuery=2000000000',
      '-search.disableCache',
      '-loggerLevel=ERROR',
    ];
    const address = `http://127.0.0.1:${port}`;
    return new VictoriaStore(await RunningProgram.start('victoria-metrics', args, `${address}/health`), address);
  }

  add(labels: SeriesLabels, times: Float64Array, values: Float64Array, length = times.length): void {
    for (let from = 0; from < length; from += samplesPerRequest) {
      const to = Math.min(length, from + samplesPerRequest);
      this.#pending.push({ labels, times: times.slice(from, to), values: values.slice(from, to) });
      this.#samples += to - from;
      if (this.#samples >= samplesPerRequest) this.#send();
    }
  }

  async settle(): Promise<void> {
    this.#send();
    await this.#sent;
    await fetch(`${this.#api.address}/internal/force_flush`);
  }

  instant(query: string, atSeconds: number): Promise<readonly AnsweredValue[]> {
    return this.#api.instant(query, atSeconds);
  }

  range(query: string, from: number, to: number, step: number): Promise<readonly AnsweredSeries[]> {
    return this.#api.range(query, from, to, step);
  }

  /** The samples themselves of what a selector selects, where a query would fill in between them. */
  async samples(selector: string): Promise<readonly AnsweredSeries[]> {
    const answer = await fetch(`${this.address}/api/v1/export?match[]=${encodeURIComponent(selector)}`);
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const { metric, values, timestamps } = JSON.parse(line) as ExportedSeries;
      return {
        labels: metric,
        values: Float64Array.from(values),
        timesSeconds: Float64Array.from(timestamps, (at) => at / 1000),
      };
    });
  }

  async close(): Promise<void> {
    await this.program.stop();
  }

  #send(): void {
    const batch = this.#pending;
    this.#pending = [];
    this.#samples = 0;
    if (batch.length > 0) this.#sent = this.#sent.then(() => remoteWrite(`${this.#api.address}/api/v1/write`, batch));
  }
}

interface ExportedSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  /** Milliseconds. */
  readonly timestamps: readonly number[];
}
