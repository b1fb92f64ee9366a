import type { EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import type { SeriesInterpreter } from '../domain/series-meaning.js';
import type { SlotBatch, SlotSeconds } from '../domain/slot-batch.js';
import type { SloDirectory } from '../domain/source.js';
import { type LatencyUnit, type SignalPack, unitsPerSecond } from '../packs/signal-pack.js';
import { SeriesRouter } from './series-router.js';
import { Tally } from './tally.js';

/** Declares a label set, as a proxy would have printed it, under a number. Stands before the first row that uses it. */
export interface HistorySeries {
  readonly series: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** Requests of one label set in one slot. */
export interface HistoryRow {
  /** Start of the slot; rows come in the order of their slots. */
  readonly at: EpochSeconds;
  readonly seconds: SlotSeconds;
  readonly series: number;
  readonly count: number;
  /** Requests by latency: how many fell between a bound, in the unit of the pack's histogram, and the bound before it. */
  readonly buckets: Readonly<Record<string, number>>;
}

/** Numbers of the three kinds of series that one label set stands for, in the router. */
interface RoutedSeries {
  readonly requests: number;
  readonly latencyCount: number;
  /** Ascending by bound, the infinite one left out. */
  readonly buckets: readonly { readonly text: string; readonly series: number }[];
}

/**
 * Past requests become slots by the same pack and the same counting as scraped ones; only the clock is somebody else's.
 *
 * Lines are {@link HistorySeries} and {@link HistoryRow}; a slot is handed out when the next one begins. Everything in the
 * history counts as observed.
 */
export class HistoryTally {
  readonly #pack: SignalPack;
  readonly #interpreter: SeriesInterpreter;
  readonly #tally: Tally;
  #router: SeriesRouter;
  readonly #declared = new Map<number, HistorySeries>();
  readonly #series = new Map<number, RoutedSeries>();
  #known = 0;
  #slot: { readonly at: EpochSeconds; readonly seconds: SlotSeconds } | undefined;

  constructor(pack: SignalPack, interpreter: SeriesInterpreter, directory: SloDirectory) {
    this.#pack = pack;
    this.#interpreter = interpreter;
    this.#tally = new Tally(directory);
    this.#router = new SeriesRouter(this.#tally, this.#interpreter.mesh);
  }

  /** Takes one line; hands out the slot before it when the line begins a new one. Throws `body-malformed`. */
  add(line: HistorySeries | HistoryRow): SlotBatch | undefined {
    if ('labels' in line) {
      this.#declared.set(line.series, line);
      this.#learn(line);
      return undefined;
    }
    const finished = this.#slot !== undefined && this.#slot.at !== line.at ? this.end() : undefined;
    if (this.#slot === undefined) this.#begin(line, finished?.slotStart);
    this.#count(line);
    return finished;
  }

  /** Hands out the last slot. */
  end(): SlotBatch | undefined {
    if (!this.#slot) return undefined;
    const { at, seconds } = this.#slot;
    this.#slot = undefined;
    // A bucket that no request fell into has no number in a row, and is there all the same.
    this.#router.settle(() => true);
    this.#router.attempted(true);
    return { slotStart: at, slotSeconds: seconds, ...this.#tally.take(), unseen: [], checkpoints: [] };
  }

  #begin({ at, seconds }: HistoryRow, before: EpochSeconds | undefined): void {
    if (!Number.isInteger(at) || ![60, 300, 900].includes(seconds) || at % seconds !== 0) {
      throw new Failure('body-malformed', `a history row at ${at} with ${seconds} s is no slot`);
    }
    if (before !== undefined && at < before)
      throw new Failure('body-malformed', `history goes back to ${at} after ${before}`);
    this.#slot = { at, seconds };
    if (this.#router.outdated) this.#learnAgain();
  }

  /** A service that shows up may change the SLOs of others: clients' views end where a server's begins. */
  #learnAgain(): void {
    this.#router = new SeriesRouter(this.#tally, this.#interpreter.mesh);
    this.#known = 0;
    for (const series of this.#declared.values()) this.#learn(series);
  }

  #learn({ series, labels }: HistorySeries): void {
    const { requests, latency } = this.#pack;
    const own = new Map(Object.entries(labels));
    const learn = (name: string, le?: string): number => {
      const number = this.#known++;
      const meaning = this.#interpreter.meaning(name, le === undefined ? own : new Map([...own, ['le', le]]));
      if (meaning) this.#router.learn(number, meaning);
      return number;
    };
    this.#series.set(series, {
      requests: learn(requests.families[0]!),
      latencyCount: latency ? learn(`${latency.families[0]!}_count`) : -1,
      buckets: latency
        ? boundTexts(latency.boundsSeconds, latency.unit).map((text) => ({
            text,
            series: learn(`${latency.families[0]!}_bucket`, text),
          }))
        : [],
    });
  }

  #count({ series, count, buckets }: HistoryRow): void {
    const routed = this.#series.get(series);
    if (!routed)
      throw new Failure('body-malformed', `history row of series ${series}, which no line before it declares`);
    if (!Number.isSafeInteger(count) || count < 0)
      throw new Failure('body-malformed', `history row with count ${count}`);
    this.#router.count(routed.requests, count);
    this.#router.count(routed.latencyCount, count);
    let within = 0;
    for (const { text, series: bucket } of routed.buckets) {
      within += buckets[text] ?? 0;
      if (within > 0) this.#router.count(bucket, within);
    }
    if (within > count)
      throw new Failure('body-malformed', `history row with ${count} requests has ${within} in its buckets`);
  }
}

/** Bounds as they are printed in the histogram's own unit. */
function boundTexts(boundsSeconds: readonly number[], unit: LatencyUnit): readonly string[] {
  return boundsSeconds.map((seconds) => String(Number((seconds * unitsPerSecond[unit]).toPrecision(12))));
}
