import { type BucketCounts, typicalMs } from '../latency.js';

/** Counters of one process by family and printed labels; a series is there from its first count on. */
export class CounterTable {
  readonly #families = new Map<string, Map<string, number>>();

  add(family: string, labels: string, count: number): void {
    let series = this.#families.get(family);
    if (!series) this.#families.set(family, (series = new Map<string, number>()));
    series.set(labels, (series.get(labels) ?? 0) + count);
  }

  /** The series of a family, in the order in which they came to be. */
  series(family: string): readonly (readonly [labels: string, value: number])[] {
    return [...(this.#families.get(family) ?? [])];
  }

  get families(): readonly string[] {
    return [...this.#families.keys()];
  }

  get count(): number {
    return [...this.#families.values()].reduce((sum, series) => sum + series.size, 0);
  }
}

/** A histogram of one label set; requests of a drawn bucket all took its typical time. */
export class HistogramTable {
  readonly #boundsMs: readonly number[];
  readonly #series = new Map<string, { readonly counts: number[]; sumMs: number }>();

  constructor(boundsMs: readonly number[]) {
    this.#boundsMs = boundsMs;
  }

  add(labels: string, buckets: BucketCounts): void {
    let series = this.#series.get(labels);
    if (!series) {
      const counts = new Array<number>(this.#boundsMs.length + 1).fill(0);
      this.#series.set(labels, (series = { counts, sumMs: 0 }));
    }
    buckets.forEach((count, bucket) => {
      if (count === 0) return;
      const ms = typicalMs(bucket);
      const own = this.#boundsMs.findIndex((bound) => ms <= bound);
      series.counts[own < 0 ? this.#boundsMs.length : own]! += count;
      series.sumMs += count * ms;
    });
  }

  /** Lines of a family; `unitMs` is how many milliseconds its unit has. */
  lines(family: string, unitMs: number): string {
    let text = '';
    for (const [labels, { counts, sumMs }] of this.#series) {
      const comma = labels === '' ? '' : ',';
      let below = 0;
      counts.forEach((count, index) => {
        below += count;
        const bound = this.#boundsMs[index];
        text += `${family}_bucket{${labels}${comma}le="${bound === undefined ? '+Inf' : bound / unitMs}"} ${below}\n`;
      });
      text += `${family}_sum{${labels}} ${sumMs / unitMs}\n${family}_count{${labels}} ${below}\n`;
    }
    return text;
  }
}

/** Labels as they stand between the braces; empty values are left out. */
export function labelsText(labels: Readonly<Record<string, string | undefined>>, separator = ','): string {
  return Object.entries(labels)
    .flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name}="${value}"`]))
    .join(separator);
}
