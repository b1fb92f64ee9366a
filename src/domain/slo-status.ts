import type { ErrorBudget, SloState, WindowEvents } from './budget.js';
import type { EpochSeconds } from './clock.js';
import type { Slo, SloId } from './slo.js';

/** Windows over which burn rates are shown, shortest first: those of the usual multi-window alerts. */
export const burnWindowsSeconds = [300, 1800, 3600, 21_600, 86_400, 259_200] as const;

/** A stretch of recent time over which burn rates are worked out. */
export interface BurnWindow {
  readonly seconds: number;
  /** Whether its worst minute is asked for; that means looking at every minute. */
  readonly withWorstMinute: boolean;
}

/** How fast one stretch of recent time spends the budget. */
export interface BurnRate extends WindowEvents {
  readonly windowSeconds: number;
  /** Times faster than allowed; undefined without events. */
  readonly burnRate: number | undefined;
  /** Those of `bad` that come from gaps, and have no minute. */
  readonly unplacedBad: number;
  /** Bad events of its worst minute; undefined where nobody asked. */
  readonly worstMinuteBad: number | undefined;
}

/** How one SLO stands at one moment, read from the ledger: what status, API, page and alerts show. */
export interface SloStatus {
  readonly id: SloId;
  readonly slo: Slo;
  readonly at: EpochSeconds;
  readonly state: SloState;
  /** The SLO's own window; counts are slices where its budget counts slices. */
  readonly window: WindowEvents & {
    readonly from: EpochSeconds;
    readonly to: EpochSeconds;
    /** Good over total; undefined without events. */
    readonly goodRatio: number | undefined;
    /** Events known to lie in the window, but not where in it; undefined where the counts are slices. */
    readonly unplaced: number | undefined;
    /** Events that were imported, not observed; undefined where the counts are slices. */
    readonly imported: number | undefined;
  };
  readonly budget: ErrorBudget | undefined;
  /** Of {@link burnWindowsSeconds} and of the windows that alert policies look at, shortest first. */
  readonly burnRates: readonly BurnRate[];
  /** First and last slot in which this SLO was observed; undefined where it never was. */
  readonly observed: { readonly first: EpochSeconds; readonly last: EpochSeconds } | undefined;
  /**
   * Since when it is measured as now: what is counted, for which requests, through whose eyes. No figure reaches further
   * back. Undefined where it never was measured otherwise.
   */
  readonly definedSince: EpochSeconds | undefined;
}

/** The burn rates that people are shown; alerts look at further windows. */
export function shownBurnRates({ burnRates }: Pick<SloStatus, 'burnRates'>): readonly BurnRate[] {
  const shown: readonly number[] = burnWindowsSeconds;
  return burnRates.filter(({ windowSeconds }) => shown.includes(windowSeconds));
}
