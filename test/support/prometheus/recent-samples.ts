import type { SeriesLabels } from '../tsdb/block-index.js';
import { remoteWrite, type WrittenSeries } from './remote-write.js';

/** Prometheus takes samples of all series side by side: none may be an hour behind the youngest. */
const sliceSeconds = 900;
const samplesPerRequest = 20_000;

/** Samples from a moment on, which are written in the order of time. */
export class RecentSamples {
  readonly #fromMs: number;
  #series: WrittenSeries[] = [];

  constructor(fromSeconds: number) {
    this.#fromMs = fromSeconds * 1000;
  }

  /** Keeps what is recent; returns how many of the samples are older. */
  take(labels: SeriesLabels, times: Float64Array, values: Float64Array, length: number): number {
    let older = length;
    while (older > 0 && times[older - 1]! >= this.#fromMs) older--;
    if (older < length) {
      this.#series.push({ labels, times: times.slice(older, length), values: values.slice(older, length) });
    }
    return older;
  }

  /** Writes everything that was kept, slice by slice, and forgets it. */
  async send(url: string): Promise<void> {
    const next = new Uint32Array(this.#series.length);
    let left = this.#series.length;
    for (let end = this.#fromMs + sliceSeconds * 1000; left > 0; end += sliceSeconds * 1000) {
      let batch: WrittenSeries[] = [];
      let samples = 0;
      for (const [index, { labels, times, values }] of this.#series.entries()) {
        const from = next[index]!;
        let to = from;
        while (to < times.length && times[to]! < end) to++;
        if (to === from) continue;
        next[index] = to;
        if (to === times.length) left--;
        batch.push({ labels, times: times.subarray(from, to), values: values.subarray(from, to) });
        samples += to - from;
        if (samples < samplesPerRequest) continue;
        await remoteWrite(url, batch);
        batch = [];
        samples = 0;
      }
      if (batch.length > 0) await remoteWrite(url, batch);
    }
    this.#series = [];
  }
}
