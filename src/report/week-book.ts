import { type IsoWeek, isoWeekName } from '../domain/iso-week.js';
import type { ReportSource } from './report-source.js';
import type { ReportScope, WeekReport } from './week-report.js';

/** One week of everybody, read once: reports of all scopes are cut from it. */
export interface WeekBook {
  /** Owners that have an SLO in it, sorted. */
  readonly owners: readonly string[];
  /** The report of one scope; empty, and saying so, for one that has no SLO. Gives way to other work in between. */
  report(scope: ReportScope): Promise<WeekReport>;
}

/**
 * Reads a week from the ledger; gives way to other work in between.
 *
 * @param week one that has begun
 * @throws Failure of a ledger that cannot be read
 */
export function readWeek({ now }: ReportSource, week: IsoWeek, timeZone: string): Promise<WeekBook> {
  return Promise.reject(new RangeError(`${isoWeekName(week)} in ${timeZone} is not read yet at ${now}`));
}
