import type { EpochSeconds } from '../domain/clock.js';
import type { SloId } from '../domain/slo.js';

/**
 * How the budget of an SLO's window, as it stands at the end of a week, went down in the course of that week: hour by hour,
 * and never up. It ends with what the report says is left.
 */
export interface BudgetCurve {
  readonly id: SloId;
  readonly points: readonly { readonly at: EpochSeconds; readonly remainingRatio: number }[];
}
