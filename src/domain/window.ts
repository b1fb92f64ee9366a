import type { EpochSeconds } from './clock.js';
import { formatDuration } from './duration.js';

/** The time over which an objective must be met. */
export type Window =
  | { readonly kind: 'rolling'; readonly seconds: number }
  | {
      readonly kind: 'calendar';
      readonly period: 'week' | 'month' | 'quarter';
      /** IANA name, such as `Europe/Berlin`. */
      readonly timeZone: string;
    };

/** A stretch of time, `from` included, `to` excluded. */
export interface TimeRange {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
}

/**
 * The stretch of a window that has passed by `now`, and when it ends.
 *
 * A rolling window ends now. A calendar window began at local midnight of its first day (ISO weeks begin on Monday) and
 * ends at the local midnight after its last; days of 23 and 25 hours are as long as the zone makes them.
 */
export function windowAt(window: Window, now: EpochSeconds): TimeRange & { readonly ends: EpochSeconds } {
  if (window.kind === 'rolling') return { from: now - window.seconds, to: now, ends: now };
  const today = localDate(now, window.timeZone);
  const first = firstDay(window.period, today);
  return {
    from: localMidnight(first, window.timeZone),
    to: now,
    ends: localMidnight(nextFirstDay(window.period, first), window.timeZone),
  };
}

/** The length of the window in seconds; for a calendar window, of the one that `now` lies in. */
export function windowSeconds(window: Window, now: EpochSeconds): number {
  if (window.kind === 'rolling') return window.seconds;
  const { from, ends } = windowAt(window, now);
  return ends - from;
}

/** `30d`, or `month in Europe/Berlin`. */
export function describeWindow(window: Window): string {
  return window.kind === 'rolling' ? formatDuration(window.seconds) : `${window.period} in ${window.timeZone}`;
}

/** Whether the zone is one that this Node knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A day of the proleptic Gregorian calendar, month from 1. */
interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function firstDay(period: 'week' | 'month' | 'quarter', { year, month, day }: Day): Day {
  if (period === 'month') return { year, month, day: 1 };
  if (period === 'quarter') return { year, month: month - ((month - 1) % 3), day: 1 };
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return plusDays({ year, month, day }, -weekday);
}

function nextFirstDay(period: 'week' | 'month' | 'quarter', first: Day): Day {
  if (period === 'week') return plusDays(first, 7);
  const months = period === 'month' ? 1 : 3;
  return dayOf(new Date(Date.UTC(first.year, first.month - 1 + months, 1)));
}

function plusDays({ year, month, day }: Day, days: number): Day {
  return dayOf(new Date(Date.UTC(year, month - 1, day + days)));
}

function dayOf(date: Date): Day {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function localDate(at: EpochSeconds, timeZone: string): Day {
  return dayOf(new Date((at + zoneOffset(at, timeZone)) * 1000));
}

/** The first moment of a local day. Where a zone skips midnight (Beirut, Cairo) that is the moment of the jump. */
function localMidnight({ year, month, day }: Day, timeZone: string): EpochSeconds {
  const asUtc = Date.UTC(year, month - 1, day) / 1000;
  const candidates = [asUtc - 86_400, asUtc + 86_400].map((near) => asUtc - zoneOffset(near, timeZone));
  const exact = candidates.filter((moment) => moment + zoneOffset(moment, timeZone) === asUtc);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Seconds that the zone's wall clock is ahead of UTC at a moment. */
function zoneOffset(at: EpochSeconds, timeZone: string): number {
  const whole = Math.floor(at);
  const fields = new Map(
    formatter(timeZone)
      .formatToParts(whole * 1000)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => fields.get(name)!;
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall / 1000 - whole;
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  let known = formatters.get(timeZone);
  if (!known) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    known = new Intl.DateTimeFormat('en', {
      ...numeric,
      timeZone,
      second: 'numeric',
      hourCycle: 'h23',
      calendar: 'gregory',
    });
    formatters.set(timeZone, known);
  }
  return known;
}
