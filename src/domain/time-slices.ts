import type { Budgeting } from './slo.js';

/** Events of one slice of time. */
export interface SliceEvents {
  readonly total: number;
  readonly bad: number;
}

/**
 * Slices as events: each slice with traffic is one, and bad as a whole when its good ratio is below the slice's objective.
 * Slices without traffic are left out.
 */
export function countSlices(
  slices: Iterable<SliceEvents>,
  budgeting: Extract<Budgeting, { method: 'time-slices' }>,
): SliceEvents {
  let total = 0;
  let bad = 0;
  for (const slice of slices) {
    if (slice.total === 0) continue;
    total += 1;
    if ((slice.total - slice.bad) / slice.total < budgeting.sliceObjective) bad += 1;
  }
  return { total, bad };
}
