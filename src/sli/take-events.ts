/**
 * Takes whole, consistent events out of a cell: `0 <= bad <= total`.
 *
 * Count and buckets of a histogram are separate lines. Where one of them could not be read, its growth comes a scrape
 * later; until then the cell keeps the difference, so that sums over time stay exact.
 */
export function takeEvents(cell: { total: number; bad: number }): { total: number; bad: number } {
  const total = Math.max(0, cell.total);
  const bad = Math.min(Math.max(0, cell.bad), total);
  cell.total -= total;
  cell.bad -= bad;
  return { total, bad };
}
