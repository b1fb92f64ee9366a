import type { RequestFacts } from '../../domain/series-meaning.js';
import type { BreakdownView } from '../../server/api-types/service-detail.js';

/** What bad requests can be told apart by, most telling first. */
export const dimensions = ['caller', 'flags', 'code', 'version', 'method', 'callerCluster'] as const;
export type Dimension = (typeof dimensions)[number] & keyof RequestFacts;

export interface DimensionSum {
  /** Empty where the proxies did not tell. */
  readonly value: string;
  readonly bad: number;
}

/** Values that fit a glance; the rest is told as a sum. */
const mostValues = 8;

/** Bad events by one dimension, largest first; values and the rest add up to all of them. */
export function sumsBy(dimension: Dimension, { rows, otherBad }: BreakdownView) {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row[dimension], (sums.get(row[dimension]) ?? 0) + row.bad);
  const all: readonly DimensionSum[] = [...sums]
    .map(([value, bad]) => ({ value, bad }))
    .sort((a, b) => b.bad - a.bad || (a.value < b.value ? -1 : 1));
  const other = all.slice(mostValues).reduce((sum, { bad }) => sum + bad, otherBad);
  const shown = all.slice(0, mostValues);
  return { shown, other, total: shown.reduce((sum, { bad }) => sum + bad, other) };
}

/** Dimensions in which the rows differ, or that at least say something; the first always. */
export function tellingDimensions({ rows }: BreakdownView): readonly Dimension[] {
  return dimensions.filter((dimension, index) => index === 0 || rows.some((row) => row[dimension] !== ''));
}
