import { isEvidence } from '../domain/evidence.js';
import type { HourTable } from './hour-table.js';
import { allowedAt } from './week-figures.js';
import type { SloWeek, WorstHour } from './slo-week.js';

const mostHours = 8;

/** An hour that cost less is not worth a line. */
const leastCostRatio = 0.005;

/**
 * The hours in which most of an SLO's budget went, the worst first; what may be chance is left out.
 *
 * @param numbers positions in the table of the SLOs that are looked at
 */
export function worstHours(
  table: HourTable,
  slos: readonly SloWeek[],
  numbers: Iterable<number>,
): readonly WorstHour[] {
  const found: WorstHour[] = [];
  for (const number of numbers) {
    const { id, slo, budget } = slos[number]!;
    if (!budget) continue;
    for (const [index, { from, to }] of table.hours.entries()) {
      const [total, bad] = [table.total(index, number), table.bad(index, number)];
      const costRatio = bad / allowedAt(budget, from);
      if (costRatio < leastCostRatio || !isEvidence({ total, bad }, slo.objective)) continue;
      found.push({ from, to, id, service: slo.service, slo: slo.name, total, bad, costRatio });
    }
  }
  return found
    .sort((a, b) => b.costRatio! - a.costRatio! || a.from - b.from || (a.id < b.id ? -1 : 1))
    .slice(0, mostHours);
}
