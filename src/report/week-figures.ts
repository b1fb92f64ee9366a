import { errorBudget, goodRatio, type SloState, sloState } from '../domain/budget.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { Slo } from '../domain/slo.js';
import { describeWindow, type TimeRange, type Window, windowAt } from '../domain/window.js';
import type { SloEventsOver, SloEventsReader } from '../ledger/slo-events.js';
import type { SloWeek, WeekBudget, WeekFigures } from './slo-week.js';

/** What the figures of all SLOs of one week are worked out from. */
export interface WeekRanges {
  readonly week: TimeRange;
  /** Whether the week is over. */
  readonly isWhole: boolean;
  /** The four weeks before, oldest first. */
  readonly before: readonly TimeRange[];
}

const weekSeconds = 7 * 86_400;

/** Figures of SLOs in one week; what they have in common is worked out once. */
export class WeekFiguresReader {
  readonly #events: SloEventsReader;
  readonly #ranges: WeekRanges;
  readonly #fourWeeks: TimeRange;
  readonly #windows = new Map<string, TimeRange>();

  constructor(events: SloEventsReader, ranges: WeekRanges) {
    this.#events = events;
    this.#ranges = ranges;
    this.#fourWeeks = { from: ranges.before[0]!.from, to: ranges.before.at(-1)!.to };
  }

  /** Every stretch of time that this SLO's figures come from: whoever has read them all before, reads the SLO at once. */
  stretches({ window }: Slo): readonly TimeRange[] {
    const { week, before } = this.#ranges;
    const windows = [...before, week].map(({ to }) => this.#window(window, to));
    const spentIn = this.#spentIn(window);
    windows.push(this.#window(window, spentIn.from));
    return [week, ...before, this.#fourWeeks, ...windows, spentIn, this.#going(window) ?? week];
  }

  /** How the SLO did, and how its promise stood at the ends of the four weeks before, oldest first. */
  read(slo: Slo, id: string): { readonly figures: SloWeek; readonly statesBefore: readonly (SloState | undefined)[] } {
    const { week, before } = this.#ranges;
    const thisWeek = this.#figures(slo, week);
    const weeks = before.map((range) => this.#figures(slo, range));
    const window = this.#figures(slo, this.#window(slo.window, week.to));
    const first = this.#events.sighting(id)?.first;
    const statesBefore = before.map(({ to }, index) =>
      first === undefined || first >= to
        ? undefined
        : stateOf(weeks[index]!, this.#figures(slo, this.#window(slo.window, to))),
    );
    return {
      figures: {
        id,
        slo,
        state: stateOf(thisWeek, window),
        stateBefore: statesBefore.at(-1),
        week: told(thisWeek),
        window: { from: window.from, to: window.to, ...told(window) },
        budget: this.#budget(slo, window, thisWeek),
        lastWeek: told(weeks.at(-1)!),
        fourWeeks: told(this.#figures(slo, this.#fourWeeks)),
        firstSeen: first !== undefined && first < week.to ? first : undefined,
      },
      statesBefore,
    };
  }

  #budget(slo: Slo, window: SloEventsOver, thisWeek: SloEventsOver): WeekBudget | undefined {
    const budget = errorBudget(window, slo.objective);
    if (!budget) return undefined;
    const spentIn = this.#spentIn(slo.window);
    const { bad } = this.#events.read(slo, spentIn, 'ending-inside');
    const began = slo.window.kind === 'calendar' && spentIn.from > this.#ranges.week.from;
    const before = began ? this.#figures(slo, this.#window(slo.window, spentIn.from)) : undefined;
    return {
      ...budget,
      spentThisWeekRatio: bad / budget.allowedEvents,
      spentThisWeekBad: bad,
      beganAt: began ? spentIn.from : undefined,
      allowedBefore: before && errorBudget(before, slo.objective)?.allowedEvents,
      nextRemainingRatio: this.#afterAnotherWeek(slo, window, thisWeek),
    };
  }

  /** What is left when a week like this one comes, and the oldest week of the window goes. */
  #afterAnotherWeek(slo: Slo, window: SloEventsOver, thisWeek: SloEventsOver): number | undefined {
    if (!this.#ranges.isWhole) return undefined;
    const going = this.#going(slo.window);
    if (!going) return undefined;
    const gone = this.#events.read(slo, going, 'ending-inside');
    const next = {
      total: window.total - gone.total + thisWeek.total,
      bad: window.bad - gone.bad + thisWeek.bad,
    };
    return errorBudget(next, slo.objective)?.remainingRatio;
  }

  /** What a week later is no longer in a window; empty of a calendar window, undefined of one that has ended by then. */
  #going(window: Window): TimeRange | undefined {
    const { to } = this.#ranges.week;
    const { from } = this.#window(window, to);
    if (window.kind === 'rolling') return { from, to: Math.min(from + weekSeconds, to) };
    return windowAt(window, to - 1).ends >= to + weekSeconds ? { from, to: from } : undefined;
  }

  #figures(slo: Slo, range: TimeRange): Judged {
    const events = this.#events.read(slo, range, 'ending-inside');
    return { ...events, state: sloState(events, slo.objective) };
  }

  /** The part of the week that the window at its end holds. */
  #spentIn(window: Window): TimeRange {
    const { week } = this.#ranges;
    return { from: Math.max(week.from, this.#window(window, week.to).from), to: week.to };
  }

  /** An SLO's own window as it ends at a moment. Time zones are slow to ask: once per window, not per SLO. */
  #window(window: Window, end: EpochSeconds): TimeRange {
    const key = `${end} ${describeWindow(window)}`;
    let range = this.#windows.get(key);
    if (!range) {
      // The end itself may be the first moment of the next month.
      const from = window.kind === 'rolling' ? end - window.seconds : windowAt(window, end - 1).from;
      this.#windows.set(key, (range = { from, to: end }));
    }
    return range;
  }
}

/** The events that the budget allows from which those of a moment of the week went. */
export function allowedAt({ allowedEvents, beganAt = -Infinity, allowedBefore }: WeekBudget, at: EpochSeconds): number {
  return at < beganAt ? (allowedBefore ?? allowedEvents) : allowedEvents;
}

type Judged = SloEventsOver & { readonly state: SloState };

/** A promise that is broken stays so; else a week that shows nothing says nothing, whatever the weeks before it have shown. */
function stateOf(week: Judged, window: Judged): SloState {
  if (window.state === 'missed') return 'missed';
  return week.state === 'no-data' || week.state === 'no-traffic' ? week.state : window.state;
}

function told(judged: Judged): WeekFigures {
  const { total, bad, coverage, state, imported, unplaced } = judged;
  return { total, bad, coverage, state, goodRatio: goodRatio(judged), imported, unplaced };
}
