import { burnRate, errorBudget, goodRatio, sloState, type WindowEvents } from '../domain/budget.js';
import type { EpochSeconds } from '../domain/clock.js';
import { type Slo, type SloId, sloId } from '../domain/slo.js';
import { burnWindowsSeconds, type SloStatus } from '../domain/slo-status.js';
import { describeWindow, type TimeRange, type Window, windowAt } from '../domain/window.js';
import type { Ledger } from './ledger.js';
import type { Sighting } from './sight.js';
import type { SloSums, Sums } from './sums.js';

/** So long after its end a slot may still be on its way into the ledger; until then it is not missed. */
const lateSeconds = 120;

/**
 * How SLOs stand at a moment: budget over each one's own window, and burn rates over the usual ones.
 *
 * Windows end with the newest slot, or with the last whole minute where the newest slot is older than that. Coverage is
 * counted from the first moment an SLO was ever seen, so a young SLO is not an unobserved one.
 *
 * @param slos as they were declared last: slices are judged when their hour closes
 */
export function sloStatuses(ledger: Ledger, slos: readonly Slo[], now: EpochSeconds): readonly SloStatus[] {
  const newest = ledger.extent()?.to;
  const minute = Math.floor(now / 60) * 60;
  const end = newest !== undefined && newest <= now && now - newest < lateSeconds ? newest : minute;
  const reader = new StatusReader(ledger, end);
  return slos.map((slo) => reader.status(slo, now));
}

/** A range, and what all SLOs have in it. */
interface Stretch {
  readonly range: TimeRange;
  readonly sums: Sums;
}

/** Reads each range once, for all SLOs that ask for it. */
class StatusReader {
  readonly #ledger: Ledger;
  readonly #end: EpochSeconds;
  readonly #sightings: (id: SloId) => Sighting | undefined;
  readonly #windows = new Map<string, Stretch>();
  readonly #burns: readonly (Stretch & { readonly windowSeconds: number })[];

  constructor(ledger: Ledger, end: EpochSeconds) {
    this.#ledger = ledger;
    this.#end = end;
    this.#sightings = ledger.sightings();
    this.#burns = burnWindowsSeconds.map((windowSeconds) => {
      const range = { from: end - windowSeconds, to: end };
      return { windowSeconds, range, sums: ledger.sums(range, { unplaced: 'wholly-inside' }) };
    });
  }

  status(slo: Slo, now: EpochSeconds): SloStatus {
    const id = sloId(slo);
    const observed = this.#sightings(id);
    const { range, sums } = this.#window(slo.window, now);
    const own = sums.of(id);
    const events = windowEvents(slo, own, range, observed);
    return {
      id,
      slo,
      at: now,
      state: sloState(events, slo.objective),
      window: { ...events, ...range, goodRatio: goodRatio(events), unplaced: own.unplaced, imported: own.imported },
      budget: errorBudget(events, slo.objective),
      burnRates: this.#burns.map((burn) => {
        const recent = windowEvents(slo, burn.sums.of(id), burn.range, observed);
        return { ...recent, windowSeconds: burn.windowSeconds, burnRate: burnRate(recent, slo.objective) };
      }),
      observed,
    };
  }

  #window(window: Window, now: EpochSeconds): Stretch {
    const key = describeWindow(window);
    let stretch = this.#windows.get(key);
    if (!stretch) {
      const from = window.kind === 'rolling' ? this.#end - window.seconds : windowAt(window, now).from;
      const range = { from, to: Math.max(from, this.#end) };
      stretch = { range, sums: this.#ledger.sums(range, { unplaced: 'ending-inside' }) };
      this.#windows.set(key, stretch);
    }
    return stretch;
  }
}

function windowEvents(slo: Slo, sums: SloSums, range: TimeRange, observed: Sighting | undefined): WindowEvents {
  const coverage = coverageOf(sums.observedSeconds, range, observed);
  if (slo.budgeting.method === 'time-slices') return { total: sums.slices, bad: sums.badSlices, coverage };
  return { total: sums.total, bad: sums.bad, coverage };
}

function coverageOf(observedSeconds: number, { from, to }: TimeRange, sighting: Sighting | undefined): number {
  const known = sighting ? to - Math.max(from, sighting.first) : 0;
  return known > 0 ? Math.min(1, observedSeconds / known) : 0;
}
