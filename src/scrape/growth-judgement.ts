import type { EpochSeconds } from '../domain/clock.js';
import { processRelation, uptimeToleranceSeconds } from '../domain/counter.js';
import type { TimeRange } from '../domain/window.js';

/** One good scrape of a target. */
export interface ProcessScrape {
  /** When the request went out; the process printed its counters after that. */
  readonly startedAt: EpochSeconds;
  /** The same moment on the clock that does not jump. */
  readonly startedMonotonic: number;
  /** From the process itself; undefined where it does not tell. */
  readonly uptimeSeconds: number | undefined;
}

/** What is remembered of the last good scrape. */
export interface LastScrape {
  /** When the answer was there; the process had printed its counters before. */
  readonly endedAt: EpochSeconds;
  /** Undefined when it was another run of meshslo that scraped: only the wall clock spans both. */
  readonly endedMonotonic: number | undefined;
  readonly uptimeSeconds: number | undefined;
}

/** What the counters of a scrape mean. */
export interface GrowthJudgement {
  /**
   * - `remember`: nothing is counted; nobody knows since when the counters have been growing
   * - `from-zero`: all of every counter is growth
   * - `growth`: what a counter holds more than last time
   */
  readonly counts: 'remember' | 'from-zero' | 'growth';
  /** Set when it is only known that the growth happened within this stretch. */
  readonly gap: TimeRange | undefined;
  /** The end of a process's life that nobody has seen. */
  readonly unseen: TimeRange | undefined;
}

/** Growth over at most so many intervals belongs to the slot in which it is seen. */
const placedIntervals = 2.5;

/**
 * A pod is listed once it is ready, some time after its proxy began to count: so much older than the last list without it
 * a process may be and still be new.
 */
const listingLagSeconds = 60;

/** The longest time between two scrapes after which growth still has a place; seconds. */
export function gapAfterSeconds(intervalSeconds: number): number {
  return placedIntervals * intervalSeconds;
}

/** Judges the first scrape ever of a target. `absentAt`: when its job's list was last known to be complete without it. */
export function judgeFirst(
  now: ProcessScrape,
  absentAt: EpochSeconds | undefined,
  intervalSeconds: number,
): GrowthJudgement {
  const { startedAt, uptimeSeconds } = now;
  const nothing: GrowthJudgement = { counts: 'remember', gap: undefined, unseen: undefined };
  if (uptimeSeconds === undefined || absentAt === undefined) return nothing;
  const bornAt = startedAt - uptimeSeconds;
  if (bornAt < absentAt - listingLagSeconds) return nothing;
  const isYoung = uptimeSeconds <= gapAfterSeconds(intervalSeconds);
  return { counts: 'from-zero', gap: isYoung ? undefined : wholeMinutes(bornAt, startedAt), unseen: undefined };
}

/** Judges a scrape of a target that was scraped before, however long ago. */
export function judgeNext(last: LastScrape, now: ProcessScrape, intervalSeconds: number): GrowthJudgement {
  const elapsedSeconds = elapsed(last, now);
  const before = { at: last.endedAt, uptimeSeconds: last.uptimeSeconds };
  const relation = processRelation(before, { at: now.startedAt, uptimeSeconds: now.uptimeSeconds }, elapsedSeconds);
  // Not the remembered moment itself: the wall clock may have jumped since.
  const lastAt = now.startedAt - elapsedSeconds;
  if (relation === 'same') {
    const isGap = elapsedSeconds > gapAfterSeconds(intervalSeconds);
    return { counts: 'growth', gap: isGap ? wholeMinutes(lastAt, now.startedAt) : undefined, unseen: undefined };
  }
  const bornAt = Math.min(now.startedAt, Math.max(lastAt, now.startedAt - now.uptimeSeconds!));
  const isGap = now.startedAt - bornAt > gapAfterSeconds(intervalSeconds);
  return {
    counts: 'from-zero',
    gap: isGap ? wholeMinutes(bornAt, now.startedAt) : undefined,
    unseen: unseenEnd(lastAt, bornAt),
  };
}

/**
 * The end of a process between its last scrape and the moment at which it was surely gone.
 *
 * At least a second: an end was missed however the two moments were rounded.
 */
export function unseenEnd(lastScrapeAt: EpochSeconds, goneAt: EpochSeconds): TimeRange {
  return { from: lastScrapeAt, to: Math.max(lastScrapeAt + 1, goneAt) };
}

/**
 * The time between two scrapes that surely passed: the counters of a slow answer may have been printed at its begin or at
 * its end, and a process must not look restarted for being slow.
 *
 * Its own uptime is a witness for time that our clocks have missed, such as a suspended machine or a clock set back.
 */
function elapsed(last: LastScrape, now: ProcessScrape): number {
  const byClock =
    last.endedMonotonic === undefined ? now.startedAt - last.endedAt : now.startedMonotonic - last.endedMonotonic;
  const byUptime = (now.uptimeSeconds ?? 0) - (last.uptimeSeconds ?? 0) - uptimeToleranceSeconds;
  return Math.max(0, byClock, last.uptimeSeconds === undefined ? 0 : byUptime);
}

/** Outward to whole minutes: slots know nothing finer, and the gaps of many targets become one. */
function wholeMinutes(from: EpochSeconds, to: EpochSeconds): TimeRange {
  return { from: Math.floor(from / 60) * 60, to: Math.ceil(to / 60) * 60 };
}
