import { Cron } from 'croner';
import type { ReportSettings } from '../../config/reports.js';
import type { EpochSeconds } from '../../domain/clock.js';
import { type IsoWeek, isoWeekAfter, isoWeekOf, isoWeekRange } from '../../domain/iso-week.js';

type Scheduled = Pick<ReportSettings, 'timeZone' | 'schedule'>;

/** What was counted in a week's last minutes is written a little later. */
const settlingSeconds = 300;

/**
 * When the report of a week goes out: the first moment of the schedule at or after the end of the week, by clocks on the wall.
 * A time that a change of clocks leaves out is the moment of the change; one that it repeats is the first of the two.
 */
export function reportDueAt(week: IsoWeek, { timeZone, schedule }: Scheduled): EpochSeconds {
  const { weekday, minute } = schedule;
  const { to } = isoWeekRange(week, timeZone);
  const cron = new Cron(`${minute % 60} ${Math.floor(minute / 60)} * * ${weekday}`, {
    timezone: timeZone,
    paused: true,
  });
  const due = cron.nextRun(new Date(to * 1000 - 1))!.getTime() / 1000;
  return Math.max(due, to + settlingSeconds);
}

/** Weeks whose reports were due after one moment and up to another, oldest first; at most the last so many. */
export function weeksDue(
  settings: Scheduled,
  { after, upTo, most }: { readonly after: EpochSeconds; readonly upTo: EpochSeconds; readonly most: number },
): readonly IsoWeek[] {
  const weeks: IsoWeek[] = [];
  let week = isoWeekAfter(isoWeekOf(upTo, settings.timeZone), -1);
  for (; weeks.length < most; week = isoWeekAfter(week, -1)) {
    const due = reportDueAt(week, settings);
    if (due <= after) break;
    if (due <= upTo) weeks.unshift(week);
    // The last weeks may not be due yet; none before 1970 is.
    if (week.year < 1970) break;
  }
  return weeks;
}
