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
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  }
}
