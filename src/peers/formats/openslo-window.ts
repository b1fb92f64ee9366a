import { parseDuration } from '../../domain/duration.js';
import { isTimeZone } from '../../domain/window.js';
import type { Window } from '../../domain/window.js';
import type { Difference } from '../meaning/differences.js';
import type { Obstacle, Reading } from '../obstacle.js';
import { isMap, listOf, mapOf, textOf } from './written.js';
import type { Written } from './written.js';

/** A window of OpenSLO, and what is said of it. */
export interface ReadWindow {
  readonly window: Window;
  readonly difference?: Difference;
}

/**
 * `spec.timeWindow`: exactly one, rolling or by the calendar.
 *
 * @see https://github.com/OpenSLO/OpenSLO (timeWindow; in its durations m are minutes and M are months)
 */
export function readWindow(written: unknown): Reading<ReadWindow> {
  const windows = listOf(written);
  const [only] = windows;
  if (windows.length !== 1 || !isMap(only)) return bad('exactly one timeWindow is wanted');
  const duration = textOf(only['duration']);
  if (duration === undefined) return bad('timeWindow without a duration');
  const calendar = only['calendar'];
  if (only['isRolling'] === true) {
    if (isMap(calendar)) return bad('rolling or by the calendar, not both', 'take away isRolling, or calendar');
    return rolling(duration);
  }
  if (!isMap(calendar)) {
    if (only['isRolling'] === undefined) return rolling(duration);
    return bad('neither rolling nor by a calendar', 'write isRolling: true, or a calendar with startTime and timeZone');
  }
  return byCalendar(duration, calendar);
}

function rolling(duration: string): Reading<ReadWindow> {
  if (/^\d+[MQY]$/.test(duration)) {
    return bad(`a rolling ${duration} has no fixed length`, 'write days: 28d, 30d or 90d');
  }
  const seconds = parseDuration(duration);
  if (seconds === undefined) return bad(`no duration: ${JSON.stringify(duration)}`, 'such as 28d or 4w');
  if (seconds < 3600) return bad(`${duration} is too short for a budget`, 'm are minutes; a month is 1M, or 30d');
  if (seconds > 366 * 86_400 || seconds % 60 !== 0) return bad(`${duration} is no window`, 'from 1h to 366d');
  return { window: { kind: 'rolling', seconds } };
}

const periods: Readonly<Record<string, 'week' | 'month' | 'quarter'>> = {
  '1w': 'week',
  '7d': 'week',
  '1M': 'month',
  '1Q': 'quarter',
  '3M': 'quarter',
};

function byCalendar(duration: string, calendar: Written): Reading<ReadWindow> {
  const period = periods[duration];
  if (period === undefined) {
    const hint = duration === '1m' ? '1m is a minute; a month is 1M' : 'by the calendar there are 1w, 1M and 1Q';
    return bad(`${duration} is no period of a calendar`, hint);
  }
  const timeZone = textOf(calendar['timeZone']) ?? 'UTC';
  if (!isTimeZone(timeZone)) return bad(`${JSON.stringify(timeZone)} is no time zone`, 'such as Europe/Berlin');
  const window = { kind: 'calendar', period, timeZone } as const;
  const start = textOf(calendar['startTime']);
  if (start === undefined || isFirstMoment(start, period)) return { window };
  const begin = { week: 'on Mondays', month: 'on the first', quarter: 'with January, April, July and October' }[period];
  const message = `its ${period}s begin as ${start} does; those of meshslo begin ${begin}, at midnight`;
  return { window, difference: { code: 'calendar-begins-otherwise', message } };
}

/** Whether a date is the first moment of such a period. */
function isFirstMoment(start: string, period: 'week' | 'month' | 'quarter'): boolean {
  const [, year, month, day, clock = '00:00:00'] =
    /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)Z?)?$/.exec(start) ?? [];
  if (year === undefined || !/^00:00(:00)?$/.test(clock)) return false;
  if (period === 'week') return new Date(`${year}-${month!}-${day!}T00:00:00Z`).getUTCDay() === 1;
  return day === '01' && (period === 'month' || Number(month) % 3 === 1);
}

function bad(message: string, hint?: string): Obstacle {
  return { code: 'bad-window', message, hint };
}

/** `budgetingMethod: Timeslices` of an objective, in seconds and as a ratio. */
export function sliceSeconds(objective: Written): number | undefined {
  const seconds = parseDuration(textOf(mapOf(objective)['timeSliceWindow']) ?? '');
  return seconds !== undefined && [60, 300, 900].includes(seconds) ? seconds : undefined;
}
