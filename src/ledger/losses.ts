import type { ServiceId } from '../domain/service-id.js';
import type { UnplacedEvents, UnseenTail } from '../domain/slot-batch.js';
import type { TimeRange } from '../domain/window.js';
import type { Database } from './database.js';

/** Events of one SLO whose slot nobody knows; of gaps with `from < end <= to`, by their end. */
export function unplacedOf(
  database: Database,
  ordinal: number,
  { from, to }: TimeRange,
): readonly Omit<UnplacedEvents, 'slo'>[] {
  const sql = 'SELECT begins, ends, total, bad FROM unplaced WHERE slo = ? AND ends > ? AND ends <= ? ORDER BY ends';
  return database.rows(sql, ordinal, from, to).map(([begins, ends, total, bad]) => ({
    from: begins as number,
    to: ends as number,
    total: total as number,
    bad: bad as number,
  }));
}

/** Ends of processes that nobody could count; those with `from < end <= to`, by their end. */
export function unseenTails(database: Database, { from, to }: TimeRange): readonly UnseenTail[] {
  const sql = 'SELECT target, services, begins, ends FROM unseen WHERE ends > ? AND ends <= ? ORDER BY ends, target';
  return database.rows(sql, from, to).map(([target, services, begins, ends]) => ({
    target: target as string,
    services: JSON.parse(services as string) as ServiceId[],
    from: begins as number,
    to: ends as number,
  }));
}
