import { isEvidence } from '../domain/evidence.js';
import type { TimeRange } from '../domain/window.js';
import type { HourTable } from './hour-table.js';
import { allowedAt } from './week-figures.js';
import type { SloWeek } from './slo-week.js';

/** Hours in a row in which one SLO's budget went faster than it may. */
export interface BurnRun extends TimeRange {
  /** Position of the SLO in the table. */
  readonly slo: number;
  readonly bad: number;
  /** Share of the budget that it went from. */
  readonly costRatio: number;
  /** Whether an alert fired meanwhile. */
  readonly isAlerted: boolean;
  readonly goesOn: boolean;
}

/** An hour that is no worse than it may be does not end a run; two do. */
const mostHoursBetween = 1;

/**
 * The runs of one SLO in a week.
 *
 * An hour counts where its bad events are more than its share of the budget and more than chance, or where an alert of the
 * SLO was firing and anything was bad.
 *
 * @param alerted stretches in which alerts of the SLO's burn rate were firing
 */
export function burnRuns(
  table: HourTable,
  number: number,
  { slo, budget }: Pick<SloWeek, 'slo' | 'budget'>,
  alerted: readonly TimeRange[],
): readonly BurnRun[] {
  if (!budget) return [];
  const isAlerted = ({ from, to }: TimeRange): boolean => alerted.some((alert) => alert.from < to && alert.to > from);
  const { hours } = table;
  const burning = hours.flatMap((hour, index) => {
    const [total, bad] = [table.total(index, number), table.bad(index, number)];
    const counts = bad > 0 && (isEvidence({ total, bad }, slo.objective) || isAlerted(hour));
    return counts ? [index] : [];
  });
  return inARow(burning).map(([first, last]) => {
    const range = { from: hours[first]!.from, to: hours[last]!.to };
    let bad = 0;
    for (let hour = first; hour <= last; hour++) bad += table.bad(hour, number);
    return {
      slo: number,
      ...range,
      bad,
      costRatio: bad / allowedAt(budget, range.from),
      isAlerted: isAlerted(range),
      goesOn: last === hours.length - 1,
    };
  });
}

function inARow(positions: readonly number[]): readonly (readonly [first: number, last: number])[] {
  const rows: [number, number][] = [];
  for (const position of positions) {
    const row = rows.at(-1);
    if (row && position - row[1] <= mostHoursBetween + 1) row[1] = position;
    else rows.push([position, position]);
  }
  return rows;
}
