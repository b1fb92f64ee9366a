import type { SelectiveScrape } from '../exposition/selective-reader.js';

/** The values of single series in one scrape; undefined where a series is missing or has no finite value. */
export class GaugeValues {
  readonly #scrape: SelectiveScrape;

  constructor(scrape: SelectiveScrape) {
    this.#scrape = scrape;
  }

  /** The value of a series, by its number; undefined for a number that is not known yet, too. */
  of(series: number | undefined): number | undefined {
    if (series === undefined) return undefined;
    const { count, values } = this.#scrape;
    const index = this.#scrape.series.subarray(0, count).indexOf(series);
    const value = index < 0 ? NaN : values[index]!;
    return isUsable(value) ? value : undefined;
  }

  /** The sum over those of the series that are there; undefined when none is. */
  sum(series: ReadonlySet<number>): number | undefined {
    if (series.size < 2) return this.of([...series][0]);
    const { count, values } = this.#scrape;
    let sum: number | undefined;
    for (let index = 0; index < count; index++) {
      const value = values[index]!;
      if (series.has(this.#scrape.series[index]!) && isUsable(value)) sum = (sum ?? 0) + value;
    }
    return sum;
  }
}

function isUsable(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}
