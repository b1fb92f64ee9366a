import { burnRate, errorBudget, goodRatio, sloState, type WindowEvents } from '../domain/budget.js';
import type { EpochSeconds } from '../domain/clock.js';
import { type Budgeting, type Slo, type SloId, sloId } from '../domain/slo.js';
import { type BurnRate, burnWindowsSeconds, type SloStatus } from '../domain/slo-status.js';
import { countSlices, type SliceEvents } from '../domain/time-slices.js';
import { describeWindow, type TimeRange, type Window, windowAt } from '../domain/window.js';
import type { Ledger } from './ledger.js';
import type { SeriesPoint } from './series.js';
import type { Sighting } from './sight.js';
import type { Sums, UnplacedReading } from './sums.js';

/** So long after its end a slot may still be on its way into the ledger; until then it is not missed. */
const lateSeconds = 120;

type TimeSlices = Extract<Budgeting, { method: 'time-slices' }>;

/**
 * How SLOs stand at a moment: budget over each one's own window, and burn rates over the usual ones.
 *
 * Windows end with the newest slot, or with the last whole minute where the newest slot is older than that. Coverage is
 * counted from the first moment an SLO was ever seen, so a young SLO is not an unobserved one.
 */
export function sloStatuses(ledger: Ledger, slos: readonly Slo[], now: EpochSeconds): readonly SloStatus[] {
  const newest = ledger.extent()?.to;
  const minute = Math.floor(now / 60) * 60;
  const end = newest !== undefined && newest <= now && now - newest < lateSeconds ? newest : minute;
  const reader = new StatusReader(ledger, end);
  return slos.map((slo) => reader.status(slo, now));
}

/** Reads each range once, for all SLOs that ask for it. */
class StatusReader {
  readonly #ledger: Ledger;
  readonly #end: EpochSeconds;
  readonly #sightings: (id: SloId) => Sighting | undefined;
  readonly #sums = new Map<string, Sums>();
  readonly #windows = new Map<string, TimeRange>();

  constructor(ledger: Ledger, end: EpochSeconds) {
    this.#ledger = ledger;
    this.#end = end;
    this.#sightings = ledger.sightings();
  }

  status(slo: Slo, now: EpochSeconds): SloStatus {
    const id = sloId(slo);
    const sighting = this.#sightings(id);
    const range = this.#window(slo.window, now);
    const { unplaced, imported } = this.#sumsOf(range, 'ending-inside').of(id);
    const events = this.#events(slo, id, range, 'ending-inside', sighting);
    return {
      id,
      slo,
      at: now,
      state: sloState(events, slo.objective),
      window: { ...events, ...range, goodRatio: goodRatio(events), unplaced, imported },
      budget: errorBudget(events, slo.objective),
      burnRates: burnWindowsSeconds.map((windowSeconds) => this.#burn(slo, id, windowSeconds, sighting)),
      observed: sighting,
    };
  }

  #burn(slo: Slo, id: SloId, windowSeconds: number, sighting: Sighting | undefined): BurnRate {
    const range = { from: this.#end - windowSeconds, to: this.#end };
    const events = this.#events(slo, id, range, 'wholly-inside', sighting);
    return { ...events, windowSeconds, burnRate: burnRate(events, slo.objective) };
  }

  #events(
    { budgeting }: Slo,
    id: SloId,
    range: TimeRange,
    unplaced: UnplacedReading,
    sighting: Sighting | undefined,
  ): WindowEvents {
    const sums = this.#sumsOf(range, unplaced).of(id);
    const coverage = coverageOf(sums.observedSeconds, range, sighting);
    if (budgeting.method === 'occurrences') return { total: sums.total, bad: sums.bad, coverage };
    const series = this.#ledger.series(id, range, budgeting.sliceSeconds);
    return { ...countSlices(slicesOf(series, budgeting), budgeting), coverage };
  }

  #sumsOf(range: TimeRange, unplaced: UnplacedReading): Sums {
    const key = `${range.from} ${range.to} ${unplaced}`;
    let sums = this.#sums.get(key);
    if (!sums) this.#sums.set(key, (sums = this.#ledger.sums(range, { unplaced })));
    return sums;
  }

  #window(window: Window, now: EpochSeconds): TimeRange {
    const key = describeWindow(window);
    let range = this.#windows.get(key);
    if (!range) {
      const from = window.kind === 'rolling' ? this.#end - window.seconds : windowAt(window, now).from;
      this.#windows.set(key, (range = { from, to: Math.max(from, this.#end) }));
    }
    return range;
  }
}

function coverageOf(observedSeconds: number, { from, to }: TimeRange, sighting: Sighting | undefined): number {
  const known = sighting ? to - Math.max(from, sighting.first) : 0;
  return known > 0 ? Math.min(1, observedSeconds / known) : 0;
}

/** Where only wider slots are left than a slice, each stands for as many slices as it is long. */
function* slicesOf(series: readonly SeriesPoint[], { sliceSeconds }: TimeSlices): Iterable<SliceEvents> {
  for (const point of series) {
    for (let passed = 0; passed < point.seconds; passed += sliceSeconds) yield point;
  }
}
