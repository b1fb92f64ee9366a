import type { EpochSeconds } from '../domain/clock.js';
import type { SloId } from '../domain/slo.js';
import type { HourTable } from './hour-table.js';
import type { SloWeek } from './week-report.js';

/**
 * How the budget of an SLO's window, as it stands at the end of a week, went down in the course of that week: hour by hour,
 * and never up. It ends with what the report says is left.
 */
export interface BudgetCurve {
  readonly id: SloId;
  readonly points: readonly { readonly at: EpochSeconds; readonly remainingRatio: number }[];
}

/** The curve of one SLO; undefined where it has no budget. @param number its position in the table */
export function budgetCurve(
  table: HourTable,
  number: number,
  { id, window, budget }: SloWeek,
): BudgetCurve | undefined {
  if (!budget) return undefined;
  const inWindow = table.hours.flatMap((hour, index) => (hour.from >= window.from ? [{ ...hour, index }] : []));
  let bad = window.bad - budget.spentThisWeekBad;
  const left = (): number => 1 - bad / budget.allowedEvents;
  const points = inWindow.slice(0, 1).map(({ from }) => ({ at: from, remainingRatio: left() }));
  for (const { to, index } of inWindow) {
    bad += table.bad(index, number);
    points.push({ at: to, remainingRatio: left() });
  }
  return { id, points };
}
