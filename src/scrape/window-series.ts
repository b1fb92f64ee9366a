import type { SeriesMeaning } from '../domain/series-meaning.js';
import type { SelectiveScrape } from '../exposition/selective-reader.js';

/** What one proxy printed of the requests of its last window. */
export interface WindowReading {
  readonly series: number;
  readonly seconds: number;
}

interface QuantileSeries {
  readonly window: string;
  readonly perSecond: number;
}

/**
 * The series of one target that tell quantiles of the last window: gauges, of which the last one of a slot counts.
 *
 * A proxy computes them once a minute, so that every window is the last one that a slot sees exactly once.
 */
export class WindowSeries {
  readonly #quantiles = new Map<number, QuantileSeries>();
  readonly #counts = new Map<number, string>();
  #readings: readonly WindowReading[] = [];

  /** Remembers what the series with this number means; false where that is nothing of a window. */
  learn(series: number, meaning: SeriesMeaning): boolean {
    if (meaning.kind === 'window-quantile') this.#quantiles.set(series, meaning);
    else if (meaning.kind === 'window-count') this.#counts.set(series, meaning.window);
    else return false;
    return true;
  }

  /** Takes what a scrape holds, in place of what an earlier one held. */
  observe({ count, series, values }: SelectiveScrape): void {
    if (this.#quantiles.size === 0) return;
    const withRequests = new Set<string>();
    const quantiles: (WindowReading & { readonly window: string })[] = [];
    for (let index = 0; index < count; index++) {
      const number = series[index]!;
      const value = values[index]!;
      const counted = this.#counts.get(number);
      if (counted !== undefined && value > 0) withRequests.add(counted);
      const quantile = this.#quantiles.get(number);
      if (quantile === undefined || !(value >= 0 && value < Infinity)) continue;
      quantiles.push({ series: number, seconds: value / quantile.perSecond, window: quantile.window });
    }
    this.#readings = quantiles.filter(({ window }) => withRequests.has(window));
  }

  /** Quantiles of windows with requests, as the last scrape of the slot had them. */
  take(): readonly WindowReading[] {
    const readings = this.#readings;
    this.#readings = [];
    return readings;
  }
}
