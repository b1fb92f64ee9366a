import type { HourTable } from './hour-table.js';
import type { BudgetCurve, SloWeek } from './slo-week.js';

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
