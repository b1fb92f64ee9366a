import { factsKey, type RequestFacts } from '../domain/series-meaning.js';
import type { BadBreakdown } from '../domain/slot-batch.js';
import type { SloId } from '../domain/slo.js';
import type { BreakdownCell } from './cells.js';

interface Bad {
  readonly slo: SloId;
  readonly bad: number;
}

/**
 * The breakdown of one slot: cells of one SLO and one set of facts added up, largest first, exactly as many bad events
 * as the slot and its gaps hold.
 *
 * Empties the cells that it could book; what it could not (the bad events themselves are still held back) stays in them.
 */
export function mergeBreakdown(
  touched: Set<BreakdownCell>,
  events: readonly Bad[],
  unplaced: readonly Bad[],
): readonly BadBreakdown[] {
  const open = new Map<SloId, number>();
  for (const { slo, bad } of [...events, ...unplaced]) open.set(slo, (open.get(slo) ?? 0) + bad);

  const rows = new Map<string, { slo: SloId; facts: RequestFacts; bad: number }>();
  for (const cell of [...touched].sort((a, b) => b.bad - a.bad)) {
    const booked = Math.min(Math.max(0, cell.bad), open.get(cell.slo) ?? 0);
    if (booked > 0) {
      open.set(cell.slo, open.get(cell.slo)! - booked);
      const key = rowKey(cell);
      const row = rows.get(key);
      if (row) row.bad += booked;
      else rows.set(key, { slo: cell.slo, facts: cell.facts, bad: booked });
      cell.bad -= booked;
    }
    if (cell.bad === 0) touched.delete(cell);
  }
  return [...rows.values()];
}

function rowKey({ slo, facts }: BreakdownCell): string {
  return `${slo} ${factsKey(facts)}`;
}
