import type { EpochSeconds } from './clock.js';

/** How a process that was scraped twice relates to itself. */
export type ProcessRelation = 'same' | 'restarted';

/** When a process was looked at and how long it had been up. */
export interface ProcessSight {
  readonly at: EpochSeconds;
  /** From the process itself; undefined where it does not tell, then only falling counters betray a restart. */
  readonly uptimeSeconds: number | undefined;
}

/**
 * Coarseness of a start time worked out as `now - uptime`: whole seconds, a flush of statistics every 5 s, two clocks.
 * A process that dies and is back within this time, with more uptime than before, is taken for the same.
 */
export const uptimeToleranceSeconds = 10;

/**
 * Whether the process of the second sight is the one of the first.
 *
 * A process older than the time that has passed began before the first sight: then it is the same, whatever the difference
 * of its ages says. Envoy's uptime follows the wall clock of its machine, which may be set like ours.
 *
 * @param elapsedSeconds time between the two by a clock that does not jump; the difference of the wall clocks where there is none.
 */
export function processRelation(before: ProcessSight, now: ProcessSight, elapsedSeconds: number): ProcessRelation {
  if (before.uptimeSeconds === undefined || now.uptimeSeconds === undefined) return 'same';
  if (now.uptimeSeconds > elapsedSeconds + uptimeToleranceSeconds) return 'same';
  if (now.uptimeSeconds < before.uptimeSeconds) return 'restarted';
  const missing = before.uptimeSeconds + elapsedSeconds - now.uptimeSeconds;
  return missing > uptimeToleranceSeconds ? 'restarted' : 'same';
}

/**
 * Growth of a counter between two sights of it; never negative.
 *
 * A fallen counter began again at zero, and so did every counter of a restarted process, even one that has overtaken its
 * old value. What it counted between the last sight and its end is lost to everybody.
 *
 * @param before undefined for a counter that did not exist at the last sight: it grew from zero.
 */
export function counterGrowth(before: number | undefined, now: number, relation: ProcessRelation): number {
  if (before === undefined || relation === 'restarted' || now < before) return now;
  return now - before;
}
