import type { SeriesMeaning } from '../domain/series-meaning.js';
import type { ProxyLoad } from '../sli/tally.js';
import type { GaugeValues } from './gauge-values.js';
import type { ProcessScrape } from './growth-judgement.js';

/** A start time as it was last seen, and how long ago that was then. */
interface StartSight {
  readonly startTime: number;
  readonly uptimeSeconds: number;
  readonly seenMonotonic: number;
}

/** The series of one target in which the proxy tells of its own process. */
export class ProcessSeries {
  #uptime: { readonly series: number; readonly perSecond: number } | undefined;
  #startTime: number | undefined;
  readonly #memory = new Set<number>();
  readonly #connections = new Set<number>();
  #sight: StartSight | undefined;

  /** Remembers what the series with this number means; false where that is not about the process. */
  learn(series: number, meaning: SeriesMeaning): boolean {
    switch (meaning.kind) {
      case 'process-uptime':
        this.#uptime ??= { series, perSecond: meaning.perSecond };
        return true;
      case 'process-start-time':
        this.#startTime ??= series;
        return true;
      case 'saturation':
        (meaning.resource === 'memory-bytes' ? this.#memory : this.#connections).add(series);
        return true;
      case 'presence':
        return true;
      default:
        return false;
    }
  }

  /** How long the process had been up at a scrape; undefined where it does not tell. */
  uptimeSeconds(values: GaugeValues, at: Pick<ProcessScrape, 'startedAt' | 'startedMonotonic'>): number | undefined {
    const uptime = values.of(this.#uptime?.series);
    if (uptime !== undefined) return uptime / this.#uptime!.perSecond;
    const startTime = values.of(this.#startTime);
    return startTime === undefined ? undefined : this.#since(startTime, at);
  }

  /** How loaded the proxy was. */
  load(values: GaugeValues): ProxyLoad {
    return { memoryBytes: values.sum(this.#memory), connections: values.sum(this.#connections) };
  }

  /** One start time is one process: between its scrapes only the clock counts that does not jump. */
  #since(
    startTime: number,
    { startedAt, startedMonotonic }: Pick<ProcessScrape, 'startedAt' | 'startedMonotonic'>,
  ): number {
    const last = this.#sight;
    const uptimeSeconds =
      last?.startTime === startTime
        ? last.uptimeSeconds + startedMonotonic - last.seenMonotonic
        : Math.max(0, startedAt - startTime);
    this.#sight = { startTime, uptimeSeconds, seenMonotonic: startedMonotonic };
    return uptimeSeconds;
  }
}
