import { burnRate, errorBudget, goodRatio, sloState } from '../domain/budget.js';
import { type EpochSeconds, wholeMinute } from '../domain/clock.js';
import { type Slo, sloId } from '../domain/slo.js';
import { type BurnRate, type BurnWindow, burnWindowsSeconds, type SloStatus } from '../domain/slo-status.js';
import { describeWindow, type TimeRange, type Window, windowAt } from '../domain/window.js';
import type { Ledger } from './ledger.js';
import { SloEventsReader } from './slo-events.js';

const shownWindows = burnWindowsSeconds.map((seconds): BurnWindow => ({ seconds, withWorstMinute: false }));

/** So long after its end a slot may still be on its way into the ledger; until then it is not missed. */
const lateSeconds = 120;

/**
 * How SLOs stand at a moment: budget over each one's own window, and burn rates over the usual ones.
 *
 * Windows end with the newest slot, or with the last whole minute where the newest slot is older than that. A calendar
 * window is the one that this end lies in: a new month begins with its first slot.
 *
 * @param slos as they were declared last: slices are judged when their hour closes
 * @param windows over which burn rates are worked out, shortest first; the shown ones at least
 */
export function sloStatuses(
  ledger: Ledger,
  slos: readonly Slo[],
  now: EpochSeconds,
  windows: readonly BurnWindow[] = shownWindows,
): readonly SloStatus[] {
  const newest = ledger.newestEnd(now);
  const end = newest !== undefined && now - newest < lateSeconds ? newest : wholeMinute(now);
  const computation = new StatusComputation(ledger, end, windows);
  return slos.map((slo) => computation.status(slo, now));
}

/** The status of all SLOs at one moment; what they have in common is worked out once. */
class StatusComputation {
  readonly #end: EpochSeconds;
  readonly #events: SloEventsReader;
  readonly #burnWindows: readonly BurnWindow[];
  readonly #windows = new Map<string, TimeRange>();

  constructor(ledger: Ledger, end: EpochSeconds, burnWindows: readonly BurnWindow[]) {
    this.#end = end;
    this.#burnWindows = burnWindows;
    this.#events = new SloEventsReader(ledger, end);
  }

  status(slo: Slo, now: EpochSeconds): SloStatus {
    const id = sloId(slo);
    const window = this.#events.read(slo, this.#window(slo.window), 'ending-inside');
    return {
      id,
      slo,
      at: now,
      state: sloState(window, slo.objective),
      window: { ...window, goodRatio: goodRatio(window) },
      budget: errorBudget(window, slo.objective),
      burnRates: this.#burnWindows.map((window) => this.#burnRate(slo, window)),
      observed: this.#events.sighting(id),
      definedSince: this.#events.definedSince(id),
    };
  }

  #burnRate(slo: Slo, { seconds, withWorstMinute }: BurnWindow): BurnRate {
    const recent = { from: this.#end - seconds, to: this.#end };
    const { total, bad, coverage, unplacedBad = 0 } = this.#events.read(slo, recent, 'wholly-inside');
    return {
      windowSeconds: seconds,
      total,
      bad,
      coverage,
      burnRate: burnRate({ total, bad }, slo.objective),
      unplacedBad,
      worstMinuteBad: withWorstMinute ? this.#events.worstMinuteBad(slo, recent) : undefined,
    };
  }

  /** Time zones are slow to ask: once per window, not per SLO. */
  #window(window: Window): TimeRange {
    const key = describeWindow(window);
    let range = this.#windows.get(key);
    if (!range) {
      // The end itself may be the first moment of the next month, of which there is no slot yet.
      const from = window.kind === 'rolling' ? this.#end - window.seconds : windowAt(window, this.#end - 1).from;
      this.#windows.set(key, (range = { from, to: this.#end }));
    }
    return range;
  }
}
