import type { ErrorBudget, SloState, WindowEvents } from '../domain/budget.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { ServiceId } from '../domain/service-id.js';
import type { Slo, SloId } from '../domain/slo.js';
import type { TimeRange } from '../domain/window.js';

/** One SLO in one week. */
export interface SloWeek {
  readonly id: SloId;
  /** As it was promised when the week ended. */
  readonly slo: Slo;
  /**
   * How the promise stands at the end of the week: `missed` where its window holds too many bad events; `no-data` and
   * `no-traffic` where the week shows nothing; else as its window says.
   */
  readonly state: SloState;
  /** The same for the week before; undefined where it was not there yet. */
  readonly stateBefore: SloState | undefined;
  readonly week: WeekFigures;
  /** The SLO's own window, as it stood at the end of the week. */
  readonly window: WeekFigures & TimeRange;
  /** Undefined without events in the window. */
  readonly budget: WeekBudget | undefined;
  readonly lastWeek: WeekFigures;
  /** Sums of the four weeks before. */
  readonly fourWeeks: WeekFigures;
  /** When it was seen for the first time; undefined where that was not by the end of the week. */
  readonly firstSeen: EpochSeconds | undefined;
}

/** What was counted in a stretch of time, and what it says. */
export interface WeekFigures extends WindowEvents {
  readonly state: SloState;
  /** Good over total; undefined without events. */
  readonly goodRatio: number | undefined;
  /** Of `total`: imported, not observed; undefined where slices are counted. */
  readonly imported: number | undefined;
  /** Of `total`: known to lie in the stretch, not when; undefined where slices are counted. */
  readonly unplaced: number | undefined;
}

/** The budget of an SLO's own window at the end of a week. */
export interface WeekBudget extends ErrorBudget {
  /** Share of this budget that went in the week; of a window that began within the week, since then. */
  readonly spentThisWeekRatio: number;
  /** Bad events that make it up. */
  readonly spentThisWeekBad: number;
  /** When the window began anew within the week; undefined where it did not. */
  readonly beganAt: EpochSeconds | undefined;
  /** What the window allowed that ended then: what went before went from it. */
  readonly allowedBefore: number | undefined;
  /**
   * What would be left after another week with the same events, once those that leave the window are gone; undefined where
   * the window ends before that, or the week is not over.
   */
  readonly nextRemainingRatio: number | undefined;
}

/** How many SLOs stand how. */
export type PromiseCounts = Readonly<Record<SloState, number>>;

/** Requests and those of them that failed, added up over services. */
export interface RequestsOfWeek {
  readonly week: { readonly total: number; readonly bad: number };
  readonly lastWeek: { readonly total: number; readonly bad: number };
  readonly fourWeeks: { readonly total: number; readonly bad: number };
}

/**
 * How the budget of an SLO's window, as it stands at the end of a week, went down in the course of that week: hour by hour,
 * and never up. It ends with what the report says is left.
 */
export interface BudgetCurve {
  readonly id: SloId;
  readonly points: readonly { readonly at: EpochSeconds; readonly remainingRatio: number }[];
}

/** One hour of one SLO. */
export interface WorstHour extends TimeRange {
  readonly id: SloId;
  readonly service: ServiceId;
  readonly slo: string;
  readonly total: number;
  readonly bad: number;
  readonly costRatio: number | undefined;
}
