import type { EpochSeconds } from '../domain/clock.js';
import type { Database } from './database.js';
import { dayOf } from './hour.js';
import { SumColumns } from './sum-columns.js';

/**
 * Sums of days on disk: absent or right.
 *
 * Inside the caller's transaction, whoever changes an hour says so; {@link flush} then sums the days again.
 */
export class DayStore {
  readonly #database: Database;
  readonly #changed = new Set<EpochSeconds>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The sums of an hour are other ones now. */
  hourChanged(start: EpochSeconds): void {
    this.#changed.add(dayOf(start));
  }

  /** A new hour changes its day, and may be the later one that the day before it waited for; called before it is there. */
  hourBegins(start: EpochSeconds): void {
    this.hourChanged(start);
    const before = this.#database.number('SELECT max(start) FROM hour WHERE start < ?', start);
    if (before !== undefined) this.hourChanged(before);
  }

  /** Sums what has changed; the last thing in a transaction. */
  flush(): void {
    for (const day of this.#changed) this.#sum(day);
    this.#changed.clear();
  }

  /** Forgets what a transaction that failed has left in memory. */
  reset(): void {
    this.#changed.clear();
  }

  /** A day is summed once all of its hours are closed and a later one has begun. */
  #sum(day: EpochSeconds): void {
    this.#database.run('DELETE FROM day WHERE start = ?', day);
    const end = day + 86_400;
    const hours = 'FROM hour WHERE start >= ? AND start < ?';
    const later = this.#database.number('SELECT 1 FROM hour WHERE start >= ? LIMIT 1', end);
    const open = this.#database.number(`SELECT 1 ${hours} AND closed = 0 LIMIT 1`, day, end);
    if (later === undefined || open !== undefined) return;
    const sums = new SumColumns();
    for (const [bytes] of this.#database.rows(`SELECT sums ${hours}`, day, end)) {
      sums.addSums(SumColumns.unpack(bytes as Buffer));
    }
    this.#database.run('INSERT INTO day VALUES (?, ?)', day, sums.pack());
  }
}
