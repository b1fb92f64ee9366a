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
  /** Of `total`: events that were imported, not observed; undefined where the counts are slices. */
  readonly imported: number | undefined;
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
  readonly #sums = new Map<string, Sums>();
  readonly #worst = new Map<string, (id: SloId) => number>();

  /** @param end nothing is known from here on; a stretch that goes on ends here */
  constructor(ledger: Ledger, end: EpochSeconds) {
    this.#ledger = ledger;
    this.#end = end;
    this.#sightings = ledger.sightings();
    this.#definedSince = ledger.definedSince();
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
    const id = sloId(slo);
    const range = stretchOf(slo, asked, this.#definedSince(id));
    const sums = this.#sumsOf(range, unplaced).of(id);
    const to = Math.max(range.from, Math.min(range.to, this.#end));
    const known = { from: range.from, to };
    const coverage = coverageOf(sums.observedSeconds, known, this.#sightings(id));
    if (slo.budgeting.method === 'time-slices') {
      const { slices: total, badSlices: bad } = sums;
      return { ...known, total, bad, coverage, unplaced: undefined, imported: undefined };
    }
    return { ...known, total: sums.total, bad: sums.bad, coverage, unplaced: sums.unplaced, imported: sums.imported };
  }

  /** Bad events of the worst minute of a stretch, or of a gap within it that is worse; of slices, one is the worst. */
  worstMinuteBad(slo: Slo, asked: TimeRange): number {
    if (slo.budgeting.method === 'time-slices') return Math.min(1, this.read(slo, asked, 'wholly-inside').bad);
    const id = sloId(slo);
    const range = stretchOf(slo, asked, this.#definedSince(id));
    const key = `${range.from} ${range.to}`;
    let worst = this.#worst.get(key);
    if (!worst) this.#worst.set(key, (worst = this.#ledger.worstMinutes(range)));
    return worst(id);
  }

  #sumsOf(range: TimeRange, unplaced: UnplacedReading): Sums {
    const key = `${range.from} ${range.to} ${unplaced}`;
    let sums = this.#sums.get(key);
    if (!sums) this.#sums.set(key, (sums = this.#ledger.sums(range, { unplaced })));
    return sums;
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

function coverageOf(observedSeconds: number, { from, to }: TimeRange, sighting: Sighting | undefined): number {
  const known = sighting ? to - Math.max(from, sighting.first) : 0;
  return known > 0 ? Math.min(1, observedSeconds / known) : 0;
}
