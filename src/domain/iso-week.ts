import type { EpochSeconds } from './clock.js';
import { type TimeRange, windowAt } from './window.js';

/**
 * A week of the ISO calendar: Monday to Sunday, numbered from the one that holds the year's first Thursday. `year` is the one
 * that its Thursday lies in: 2026-12-31 is in week 53 of 2026, and so is 2027-01-03.
 *
 * @see https://en.wikipedia.org/wiki/ISO_week_date
 */
export interface IsoWeek {
  readonly year: number;
  /** 1 to 53. */
  readonly week: number;
}

const daySeconds = 86_400;
const weekSeconds = 7 * daySeconds;

/** 1970-01-05, a Monday. */
const someMonday = 4 * daySeconds;

/** The week that `2026-W47` names; undefined for any other text, and for a week 53 in a year that has none. */
export function parseIsoWeek(text: string): IsoWeek | undefined {
  const [, year, week] = (/^(\d{4})-W(\d{2})$/.exec(text) ?? []).map(Number);
  if (year === undefined || week === undefined || year < 1970) return undefined;
  // A week that its year does not have is another one when it is looked up.
  const found = numbered(numberOf({ year, week }));
  return found.year === year && found.week === week ? found : undefined;
}

/** `2026-W47`: sorts as the weeks do. */
export function isoWeekName({ year, week }: IsoWeek): string {
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}

/** The week that a moment lies in, where clocks show the zone's time. */
export function isoWeekOf(at: EpochSeconds, timeZone: string): IsoWeek {
  const { from } = windowAt({ kind: 'calendar', period: 'week', timeZone }, at);
  // No zone is further from UTC than a day: what is rounded is the Monday, wherever its midnight is.
  return numbered(Math.round((from - someMonday) / weekSeconds));
}

/** From the first moment of its Monday to that of the next one; an hour less or more where clocks change. */
export function isoWeekRange(week: IsoWeek, timeZone: string): TimeRange {
  const thursdayNoon = someMonday + numberOf(week) * weekSeconds + 3.5 * daySeconds;
  const { from, ends } = windowAt({ kind: 'calendar', period: 'week', timeZone }, thursdayNoon);
  return { from, to: ends };
}

/** The week so many weeks later; before, where `weeks` is negative. */
export function isoWeekAfter(week: IsoWeek, weeks = 1): IsoWeek {
  return numbered(numberOf(week) + weeks);
}

/** How many weeks after that of 1970-01-05. */
function numberOf({ year, week }: IsoWeek): number {
  const fourthOfJanuary = Date.UTC(year, 0, 4) / 1000;
  return Math.floor((fourthOfJanuary - someMonday) / weekSeconds) + week - 1;
}

function numbered(number: number): IsoWeek {
  const thursday = new Date((someMonday + number * weekSeconds + 3 * daySeconds) * 1000);
  const year = thursday.getUTCFullYear();
  const dayOfYear = (thursday.getTime() - Date.UTC(year, 0, 1)) / 1000 / daySeconds;
  return { year, week: Math.floor(dayOfYear / 7) + 1 };
}
