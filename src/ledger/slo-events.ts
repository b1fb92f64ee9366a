import type { WindowEvents } from '../domain/budget.js';
import type { EpochSeconds } from '../domain/clock.js';
import { type Slo, type SloId, sloId } from '../domain/slo.js';
import type { TimeRange } from '../domain/window.js';
import type { Ledger } from './ledger.js';
import type { Sighting } from './sight.js';
import type { Sums, UnplacedReading } from './sums.js';

/** What one SLO had in a stretch of time. Counts are slices where its budget counts slices. */
export interface SloEventsOver extends WindowEvents, TimeRange {
  /** Of `total`: events known to lie in the stretch, but not where in it; undefined where the counts are slices. */
  readonly unplaced: number | undefined;
  /** The bad ones of these. */
  readonly unplacedBad: number | undefined;
  /** Of `total`: events that were imported, not observed; undefined where the counts are slices. */
  readonly imported: number | undefined;
}

/** What is the same for every stretch of one SLO. */
interface KnownSlo {
  readonly slo: Slo;
  readonly id: SloId;
  readonly sighting: Sighting | undefined;
  readonly definedSince: EpochSeconds | undefined;
}

/** By the end of a range, and then by its beginning: numbers are found faster than texts are made. */
type ByRange<T> = Map<EpochSeconds, Map<EpochSeconds, T>>;

function cached<T>(byRange: ByRange<T>, { from, to }: TimeRange, read: () => T): T {
  let byBeginning = byRange.get(to);
  if (!byBeginning) byRange.set(to, (byBeginning = new Map<EpochSeconds, T>()));
  let found = byBeginning.get(from);
  if (found === undefined) byBeginning.set(from, (found = read()));
  return found;
}

/**
 * Events of SLOs over stretches of time, by the rules that hold for budgets, burn rates and reports alike. Reads each
 * stretch once for all SLOs that ask for it; good for one moment of the ledger.
 *
 * - A stretch begins no earlier than the SLO's present way of measuring.
 * - Coverage counts from the first moment the SLO was ever seen, so a young SLO is not an unobserved one.
 * - A slice belongs to the stretch that holds its start, and there is at least one.
 */
export class SloEventsReader {
  readonly #ledger: Ledger;
  readonly #end: EpochSeconds;
  readonly #sightings: (id: SloId) => Sighting | undefined;
  readonly #definedSince: (id: SloId) => EpochSeconds | undefined;
  readonly #sums: Readonly<Record<UnplacedReading, ByRange<Sums>>> = {
    'ending-inside': new Map(),
    'wholly-inside': new Map(),
  };
  readonly #worst: ByRange<(id: SloId) => number> = new Map();
  #last: KnownSlo | undefined;

  /**
   * @param end nothing is known from here on; a stretch that goes on ends here
   * @param definedSince since when each SLO is measured as in the definition that is asked for; as now when left out
   */
  constructor(ledger: Ledger, end: EpochSeconds, definedSince = ledger.definedSince()) {
    this.#ledger = ledger;
    this.#end = end;
    this.#sightings = ledger.sightings();
    this.#definedSince = definedSince;
  }

  /** When the SLO was seen; undefined where it never was. */
  sighting(id: SloId): Sighting | undefined {
    return this.#sightings(id);
  }

  /** Since when the SLO is measured as now; undefined where it always was. */
  definedSince(id: SloId): EpochSeconds | undefined {
    return this.#definedSince(id);
  }

  read(slo: Slo, asked: TimeRange, unplaced: UnplacedReading): SloEventsOver {
    const { id, sighting, definedSince } = this.#known(slo);
    const range = stretchOf(slo, asked, definedSince);
    const sums = this.#sumsOf(range, unplaced).of(id);
    const to = Math.max(range.from, Math.min(range.to, this.#end));
    const { from } = range;
    const coverage = coverageOf(sums.observedSeconds, from, to, sighting);
    if (slo.budgeting.method === 'time-slices') {
      const { slices: total, badSlices: bad } = sums;
      return { from, to, total, bad, coverage, unplaced: undefined, unplacedBad: undefined, imported: undefined };
    }
    const { total, bad, unplaced: gaps, unplacedBad, imported } = sums;
    return { from, to, total, bad, coverage, unplaced: gaps, unplacedBad, imported };
  }

  /** Bad events of the worst minute of a stretch; of slices, one is the worst. */
  worstMinuteBad(slo: Slo, asked: TimeRange): number {
    if (slo.budgeting.method === 'time-slices') return Math.min(1, this.read(slo, asked, 'wholly-inside').bad);
    const { id, definedSince } = this.#known(slo);
    const range = stretchOf(slo, asked, definedSince);
    return cached(this.#worst, range, () => this.#ledger.worstMinutes(range))(id);
  }

  #sumsOf(range: TimeRange, unplaced: UnplacedReading): Sums {
    return cached(this.#sums[unplaced], range, () => this.#ledger.sums(range, { unplaced }));
  }

  /** One SLO is read over many stretches in a row. */
  #known(slo: Slo): KnownSlo {
    if (this.#last?.slo !== slo) {
      const id = sloId(slo);
      this.#last = { slo, id, sighting: this.#sightings(id), definedSince: this.#definedSince(id) };
    }
    return this.#last;
  }
}

/** The stretch that is read: cut where the SLO began to be measured as now, with edges between slices. */
function stretchOf({ budgeting }: Slo, { from, to }: TimeRange, definedSince = -Infinity): TimeRange {
  if (budgeting.method !== 'time-slices') {
    const cut = Math.max(from, Math.ceil(definedSince / 60) * 60);
    return { from: cut, to: Math.max(cut, to) };
  }
  const edge = (at: EpochSeconds): EpochSeconds => Math.ceil(at / budgeting.sliceSeconds) * budgeting.sliceSeconds;
  const last = edge(to);
  const cut = Math.max(Math.min(edge(from), last - budgeting.sliceSeconds), edge(definedSince));
  return { from: cut, to: Math.max(cut, last) };
}

function coverageOf(
  observedSeconds: number,
  from: EpochSeconds,
  to: EpochSeconds,
  sighting: Sighting | undefined,
): number {
  const known = sighting ? to - Math.max(from, sighting.first) : 0;
  return known > 0 ? Math.min(1, observedSeconds / known) : 0;
}
