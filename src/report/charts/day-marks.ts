import type { EpochSeconds } from '../../domain/clock.js';
import type { ReportPeriod } from '../week-report.js';

const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Where each day of a week begins, and where its name stands; days are as long as the zone makes them. */
export function dayMarks(
  { from, to, timeZone }: ReportPeriod,
  x: (at: EpochSeconds) => number,
): readonly { readonly x: number; readonly center: number; readonly name: string }[] {
  const midnights = names.map((_, day) => midnight(from, day, timeZone));
  return midnights.map((at, day) => ({
    x: x(at),
    center: (x(at) + x(midnights[day + 1] ?? to)) / 2,
    name: names[day]!,
  }));
}

/**
 * Local midnight so many days after a Monday's, near enough for a line in a picture: of the day on which clocks change, it
 * may be an hour off.
 */
function midnight(monday: EpochSeconds, days: number, timeZone: string): EpochSeconds {
  if (days === 0) return monday;
  const noon = monday + days * 86_400 + 43_200;
  const clock = new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', hour: 'numeric', minute: 'numeric' });
  const parts = new Map(clock.formatToParts(noon * 1000).map(({ type, value }) => [type, Number(value)]));
  return noon - (parts.get('hour')! * 60 + parts.get('minute')!) * 60;
}
