import type { EpochSeconds } from '../../domain/clock.js';
import type { TimeRange } from '../../domain/window.js';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** Moments as the clocks and calendars of one time zone show them; the same words wherever this runs. */
export class Moments {
  readonly #parts: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    this.#parts = new Intl.DateTimeFormat('en', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'shortOffset',
    });
  }

  /** `Wed 18 November`. */
  day(at: EpochSeconds): string {
    const { weekday, day, month } = this.#of(at);
    return `${weekday} ${day} ${month}`;
  }

  /** `14:05`. */
  time(at: EpochSeconds): string {
    return this.#of(at).time;
  }

  /** `Wed 14:05`: within a week nobody needs the date. */
  weekTime(at: EpochSeconds): string {
    const { weekday, time } = this.#of(at);
    return `${weekday} ${time}`;
  }

  /** `Wed 18 November, 14:05`. */
  dayTime(at: EpochSeconds): string {
    return `${this.day(at)}, ${this.time(at)}`;
  }

  /** `Wed 14:05 to 15:10`, `Wed 23:30 to Thu 01:10`. The hour that clocks show twice is told apart: `02:30 (GMT+1)`. */
  span({ from, to }: TimeRange): string {
    const [begin, end] = [this.#of(from), this.#of(to)];
    const isOneDay = begin.weekday === end.weekday && to - from < 86_400;
    const zones = begin.offset === end.offset ? ['', ''] : [` (${begin.offset})`, ` (${end.offset})`];
    return `${begin.weekday} ${begin.time}${zones[0]} to ${isOneDay ? '' : `${end.weekday} `}${end.time}${zones[1]}`;
  }

  /** `16 to 22 November 2026`, `28 December 2026 to 3 January 2027`: the days of a stretch, its end excluded. */
  days({ from, to }: TimeRange): string {
    const [first, last] = [this.#of(from), this.#of(to - 1)];
    const year = first.year === last.year ? '' : ` ${first.year}`;
    const month = first.month === last.month && year === '' ? '' : ` ${first.month}`;
    return `${first.day}${month}${year} to ${last.day} ${last.month} ${last.year}`;
  }

  #of(at: EpochSeconds) {
    const parts = new Map(this.#parts.formatToParts(at * 1000).map(({ type, value }) => [type, value]));
    const numbered = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type)!);
    const [year, month, day] = [numbered('year'), numbered('month'), numbered('day')];
    return {
      year,
      month: months[month - 1]!,
      day,
      weekday: weekdays[new Date(Date.UTC(year, month - 1, day)).getUTCDay()]!,
      time: `${parts.get('hour')!}:${parts.get('minute')!}`,
      offset: parts.get('timeZoneName')!,
    };
  }
}

/** `30 min`, `1 h 15 min`, `2 d 3 h`: to the minute, and of days to the hour. */
export function durationInWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const parts =
    days > 0
      ? [`${days} d`, ...(hours > 0 ? [`${hours} h`] : [])]
      : [...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 || hours === 0 ? [`${rest} min`] : [])];
  return parts.join(' ');
}
