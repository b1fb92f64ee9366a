import { Failure } from '../domain/failure.js';
import type { Database } from './database.js';
import { observedOrigin } from './hour.js';

/** A byte of every cell says where it came from. */
const mostOrigins = 255;

/** Names of those who observed what was imported, in the order of their first import. */
export function importedOrigins(database: Database): readonly string[] {
  const sql = 'SELECT name FROM origin WHERE ordinal <> ? ORDER BY ordinal';
  return database.rows(sql, observedOrigin).map(([name]) => name as string);
}

/** The number of an origin of imports; a new one where it is new. Throws `bad-arguments` where there are too many. */
export function originNumber(database: Database, name: string): number {
  const known = database.number('SELECT ordinal FROM origin WHERE name = ?', name);
  if (known === observedOrigin) throw new RangeError('what was observed is committed, not imported');
  if (known !== undefined) return known;
  const number = database.number('SELECT max(ordinal) + 1 FROM origin')!;
  if (number > mostOrigins)
    throw new Failure('bad-arguments', `a ledger takes imports of at most ${mostOrigins - 1} origins`);
  database.run('INSERT INTO origin VALUES (?, ?)', number, name);
  return number;
}
