import type { EpochSeconds } from '../domain/clock.js';
import type { TimeRange } from '../domain/window.js';
import type { Database } from './database.js';
import { hourOfMoment, observedOrigin } from './hour.js';

/** From the start of the oldest slot to the end of the newest; undefined where there is none. */
export function extent(database: Database): TimeRange | undefined {
  const first = edge(database, 'min', (minute) => minute > 0);
  const last = edge(database, 'max', (minute) => minute > 0);
  return first === undefined || last === undefined ? undefined : { from: first, to: last + 60 };
}

/** Start of the newest observed minute. */
export function lastObservedSlot(database: Database): EpochSeconds | undefined {
  return edge(database, 'max', (minute) => minute === observedOrigin);
}

/** End of the newest imported minute. */
export function importedUntil(database: Database): EpochSeconds | undefined {
  const start = edge(database, 'max', (minute) => minute > 0 && minute !== observedOrigin);
  return start === undefined ? undefined : start + 60;
}

/** End of the newest known minute that has ended by a moment. */
export function newestEnd(database: Database, by: EpochSeconds): EpochSeconds | undefined {
  const start = edge(database, 'max', (minute) => minute > 0, by - 60);
  return start === undefined ? undefined : start + 60;
}

/** So many minutes must be known within a day for its end to be believed. */
const companyMinutes = 360;

/**
 * End of the newest hour that has company: six hours' worth of minutes are known in the 24 hours that end with it.
 *
 * A clock that jumps ahead leaves slots without company: nothing grows old by them. Undefined where there never was a day
 * of six hours.
 */
export function newestInCompany(database: Database): EpochSeconds | undefined {
  let candidates: { readonly start: EpochSeconds; readonly minutes: number }[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const rows = database.rows('SELECT start, minutes FROM hour WHERE start < ? ORDER BY start DESC LIMIT 100', before);
    if (rows.length === 0) return undefined;
    for (const [start, bytes] of rows) {
      before = start as number;
      const known = Uint8Array.from(bytes as Buffer).filter((minute) => minute > 0).length;
      candidates = [...candidates, { start: before, minutes: 0 }]
        .filter((hour) => hour.start - before < 86_400)
        .map((hour) => ({ ...hour, minutes: hour.minutes + known }));
      const believed = candidates.find(({ minutes }) => minutes >= companyMinutes);
      if (believed) return believed.start + 3600;
    }
  }
}

/** Whether the minute that begins at this moment was observed. */
export function hasObservedSlot(database: Database, start: EpochSeconds): boolean {
  const row = database.row('SELECT minutes FROM hour WHERE start = ?', hourOfMoment(start));
  return (row?.[0] as Buffer | undefined)?.[Math.floor((start % 3600) / 60)] === observedOrigin;
}

/** Minutes of the range without a slot, as stretches. */
export function gaps(database: Database, { from, to }: TimeRange): readonly TimeRange[] {
  const hours = new Map(
    database
      .rows('SELECT start, minutes FROM hour WHERE start >= ? AND start < ?', hourOfMoment(from), to)
      .map(([start, minutes]) => [start as number, minutes as Buffer]),
  );
  const found: TimeRange[] = [];
  let start: EpochSeconds | undefined;
  const first = Math.ceil(from / 60) * 60;
  const last = Math.floor(to / 60) * 60;
  for (let minute = first; minute <= last; minute += 60) {
    const known = minute === last || (hours.get(hourOfMoment(minute))?.[(minute % 3600) / 60] ?? 0) > 0;
    if (!known) start ??= minute;
    else if (start !== undefined) {
      found.push({ from: start, to: minute });
      start = undefined;
    }
  }
  return found;
}

/** The first or last minute, beginning at most at `latest`, that the test accepts. */
function edge(
  database: Database,
  side: 'min' | 'max',
  accepts: (origin: number) => boolean,
  latest = Infinity,
): EpochSeconds | undefined {
  const order = side === 'min' ? 'ASC' : 'DESC';
  for (let skipped = 0; ; skipped += 24) {
    const sql = `SELECT start, minutes FROM hour WHERE start <= ? ORDER BY start ${order} LIMIT 24 OFFSET ?`;
    const rows = database.rows(sql, Math.min(latest, Number.MAX_SAFE_INTEGER), skipped);
    for (const [start, minutes] of rows) {
      const list = Uint8Array.from(minutes as Buffer);
      const fits = (origin: number, index: number): boolean =>
        accepts(origin) && (start as number) + index * 60 <= latest;
      const minute = side === 'min' ? list.findIndex(fits) : list.findLastIndex(fits);
      if (minute >= 0) return (start as number) + minute * 60;
    }
    if (rows.length === 0) return undefined;
  }
}
