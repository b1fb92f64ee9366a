import type { EpochSeconds } from '../domain/clock.js';
import { type IsoWeek, isoWeekAfter, isoWeekName, isoWeekRange } from '../domain/iso-week.js';
import type { TimeRange } from '../domain/window.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ReportPeriod } from './week-report.js';

/** So long after its end a slot may still be on its way into the ledger; until then it is not missed. */
const lateSeconds = 120;

/** How many weeks before it a week is held against. */
const weeksBefore = 4;

/**
 * The week of a report: until its end, or as far as anything is known of one that goes on. What a ledger that stopped
 * counting does not hold is unobserved, not unknown.
 */
export function reportPeriod(ledger: Ledger, week: IsoWeek, timeZone: string, now: EpochSeconds): ReportPeriod {
  const range = isoWeekRange(week, timeZone);
  const isFinished = now >= range.to;
  return { week: isoWeekName(week), timeZone, ...range, isFinished, knownUntil: isFinished ? range.to : end() };

  function end(): EpochSeconds {
    const newest = ledger.newestEnd(now);
    const known = newest !== undefined && now - newest < lateSeconds ? newest : Math.floor(now / 60) * 60;
    return Math.max(range.from, known);
  }
}

/** The four weeks before a week, oldest first. */
export function weeksBeforeIt(week: IsoWeek, timeZone: string): readonly (TimeRange & { readonly week: string })[] {
  return Array.from({ length: weeksBefore }, (_, index) => {
    const before = isoWeekAfter(week, index - weeksBefore);
    return { week: isoWeekName(before), ...isoWeekRange(before, timeZone) };
  });
}
