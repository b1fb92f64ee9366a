import type { Labels, Sample } from '../exposition/exposition.js';
import type { Exposition } from '../exposition/exposition.js';

/** Label values that a series must have. */
type Wanted = Readonly<Record<string, string>>;

/** Single values out of a body of metrics, by the names of series. */
export class MetricValues {
  readonly #samples = new Map<string, Sample[]>();

  constructor({ families }: Pick<Exposition, 'families'>) {
    for (const { samples } of families) {
      for (const sample of samples) {
        const known = this.#samples.get(sample.name);
        if (known) known.push(sample);
        else this.#samples.set(sample.name, [sample]);
      }
    }
  }

  has(name: string): boolean {
    return this.#samples.has(name);
  }

  /** Every series of a name. */
  series(name: string): readonly Sample[] {
    return this.#samples.get(name) ?? [];
  }

  /** The sum over the finite values of those series that fit; undefined when there is none. */
  sum(name: string, fits: (labels: Labels) => boolean = () => true): number | undefined {
    let sum: number | undefined;
    for (const { value, labels } of this.series(name)) {
      if (Number.isFinite(value) && fits(labels)) sum = (sum ?? 0) + value;
    }
    return sum;
  }

  /** The sum over series with these labels. */
  of(name: string, wanted: Wanted): number | undefined {
    return this.sum(name, (labels) => Object.entries(wanted).every(([label, value]) => labels.get(label) === value));
  }

  /** The value of a label of the first series of a name that has these labels and a value above zero. */
  label(name: string, label: string, wanted: Wanted = {}): string | undefined {
    for (const { value, labels } of this.series(name)) {
      if (!(value > 0)) continue;
      if (Object.entries(wanted).every(([key, text]) => labels.get(key) === text)) return labels.get(label);
    }
    return undefined;
  }
}
