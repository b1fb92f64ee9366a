import type { Request } from 'express';
import type { EpochSeconds } from '../domain/clock.js';
import type { TimeRange } from '../domain/window.js';
import { retention } from '../ledger/compaction.js';
import { type DetailRange, longestSeconds, stepsSeconds } from './detail-range.js';
import type { Mistakes } from './mistakes.js';
import { momentParameter } from './query.js';

/** Three hours of minutes: what somebody who was just called wants to see. */
const usualSeconds = 3 * 3600;

/** Enough for the width of a screen. */
const mostSteps = 300;

/**
 * Reads `?from=` and `?to=`, seconds since the epoch: what lies in the future is cut off, and the answer holds whole steps.
 *
 * @param end everything before it is counted
 */
export function askedRange(request: Request, end: EpochSeconds, mistakes: Mistakes): DetailRange | undefined {
  const askedTo = momentParameter(request, 'to', mistakes);
  const to = Math.min(end, askedTo ?? end);
  const from = momentParameter(request, 'from', mistakes) ?? to - usualSeconds;
  if (to - from < 60) mistakes.add('?from=', 'must lie a minute before `to` and before now');
  else if (to - from > longestSeconds) mistakes.add('?from=', 'may lie at most 366 days before `to`');
  else return inSteps({ from, to }, end);
  return undefined;
}

/** The range widened to whole steps, as fine as what is kept of that time; a step that has only begun is left out. */
export function inSteps({ from, to }: TimeRange, end: EpochSeconds): DetailRange {
  const leastSeconds = from < end - retention.fiveMinutesSeconds ? 900 : from < end - retention.fineSeconds ? 300 : 60;
  const fits = (step: number): boolean => step >= leastSeconds && (to - from) / step <= mostSteps;
  const stepSeconds = stepsSeconds.find(fits) ?? stepsSeconds.at(-1)!;
  const first = Math.floor(from / stepSeconds) * stepSeconds;
  const last = Math.min(Math.ceil(to / stepSeconds), Math.floor(end / stepSeconds)) * stepSeconds;
  return { from: first, to: Math.max(last, first + stepSeconds), stepSeconds };
}
