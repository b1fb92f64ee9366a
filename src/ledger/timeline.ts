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

/** The first or last minute that the test accepts. */
function edge(database: Database, side: 'min' | 'max', accepts: (origin: number) => boolean): EpochSeconds | undefined {
  const order = side === 'min' ? 'ASC' : 'DESC';
  for (let skipped = 0; ; skipped += 24) {
    const sql = `SELECT start, minutes FROM hour ORDER BY start ${order} LIMIT 24 OFFSET ?`;
    const rows = database.rows(sql, skipped);
    for (const [start, minutes] of rows) {
      const list = Uint8Array.from(minutes as Buffer);
      const minute = side === 'min' ? list.findIndex(accepts) : list.findLastIndex(accepts);
      if (minute >= 0) return (start as number) + minute * 60;
    }
    if (rows.length === 0) return undefined;
  }
}
