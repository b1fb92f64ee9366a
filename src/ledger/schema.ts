import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../domain/failure.js';
import { Database } from './database.js';
import { unseal } from './packed-bytes.js';

/** Says that a SQLite file is a ledger: `mslo`. @see https://www.sqlite.org/pragma.html#pragma_application_id */
const applicationId = 0x6d736c6f;

/** Raised whenever an older meshslo could misread what a newer one wrote. */
export const schemaVersion = 1;

/** Holds a few pages of 32 SLOs each without waste. */
export const pageBytes = 8192;

const tables = `
  -- Every SLO that was ever declared, by its position in all columns.
  CREATE TABLE slo (ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
  -- What an SLO meant from a moment on.
  CREATE TABLE epoch (slo INTEGER, since REAL, definition TEXT NOT NULL, PRIMARY KEY (slo, since)) WITHOUT ROWID;
  -- First and last moment at which each SLO has data, of closed hours; one row.
  CREATE TABLE sight (only INTEGER PRIMARY KEY CHECK (only = 1), columns BLOB NOT NULL);

  -- Where imported slots came from. Origin 1 is what was observed.
  CREATE TABLE origin (ordinal INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  INSERT INTO origin VALUES (1, 'observed');

  -- Slots of recent hours: slot-major, as they were committed.
  CREATE TABLE slot (start INTEGER PRIMARY KEY, seconds INTEGER NOT NULL, columns BLOB NOT NULL);
  -- An hour that anything is known of. minutes: one byte each, the origin of the slot that holds it, 0 for none.
  -- closed: its pages and sums are there. fine: its slots are there.
  CREATE TABLE hour (
    start INTEGER PRIMARY KEY, minutes BLOB NOT NULL, closed INTEGER NOT NULL, fine INTEGER NOT NULL,
    cell_seconds INTEGER NOT NULL, sums BLOB
  );
  CREATE INDEX hour_open ON hour (start) WHERE closed = 0;
  CREATE INDEX hour_fine ON hour (start) WHERE fine = 1;
  CREATE INDEX hour_fine_cells ON hour (start) WHERE cell_seconds = 300;
  -- A closed hour of some SLOs, SLO-major. id: page * 2^24 + hours since 1970.
  CREATE TABLE page (id INTEGER PRIMARY KEY, cells BLOB NOT NULL);
  -- Sums of a day whose hours are all closed; absent or right.
  CREATE TABLE day (start INTEGER PRIMARY KEY, sums BLOB NOT NULL);

  CREATE TABLE unplaced (
    slo INTEGER NOT NULL, begins REAL NOT NULL, ends REAL NOT NULL, total INTEGER NOT NULL, bad INTEGER NOT NULL
  );
  CREATE INDEX unplaced_by_end ON unplaced (ends, begins);

  -- Bad events of one SLO in 5 minutes (older ones: 15) by facts. id: SLO * 2^24 + 5-minute slots since 1970.
  CREATE TABLE breakdown (id INTEGER PRIMARY KEY, rows BLOB NOT NULL);
  CREATE TABLE facts (ordinal INTEGER PRIMARY KEY, facts TEXT NOT NULL UNIQUE);

  -- Golden signals of all services in one slot; for charts.
  CREATE TABLE signal (start INTEGER PRIMARY KEY, seconds INTEGER NOT NULL, services BLOB NOT NULL);

  CREATE TABLE unseen (target TEXT NOT NULL, services TEXT NOT NULL, begins REAL NOT NULL, ends REAL NOT NULL);
  CREATE INDEX unseen_by_end ON unseen (ends);

  CREATE TABLE checkpoint (key TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
`;

/** Makes an empty ledger, complete or not at all. */
export function createLedgerFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}-new`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true });
  // Only `execute`: libsql closes a file, and folds its log into it, only when no statement was ever prepared on it.
  const database = new Database(draft);
  database.execute(`PRAGMA page_size = ${pageBytes}`);
  database.execute('PRAGMA auto_vacuum = INCREMENTAL');
  database.execute('PRAGMA journal_mode = WAL');
  database.write(() => {
    database.execute(tables);
    database.execute(`PRAGMA application_id = ${applicationId}`);
    database.execute(`PRAGMA user_version = ${schemaVersion}`);
  });
  database.close();
  renameSync(draft, path);
}

/**
 * Looks whether a file is a whole ledger that this program can use, without writing to it or to its log.
 *
 * @param depth `head`: is it a ledger; `whole`: every page stands where it should, too, and recent slots and roll-ups are as written.
 * @throws Failure `not-found`, `ledger-newer`, `ledger-damaged`
 */
export function inspectLedgerFile(path: string, depth: 'head' | 'whole'): void {
  if (!existsSync(path)) throw new Failure('not-found', `there is no ledger at ${path}`);
  const database = new Database(path, { readOnly: true });
  try {
    const version = database.number('PRAGMA user_version') ?? 0;
    if (database.number('PRAGMA application_id') !== applicationId)
      throw new Failure('ledger-damaged', 'it is not a ledger of meshslo');
    if (version > schemaVersion) {
      throw new Failure(
        'ledger-newer',
        `${path} was written by a newer meshslo (schema ${version}, not ${schemaVersion})`,
        {
          hint: 'use that version, or another file',
        },
      );
    }
    if (depth === 'head') return;
    const faults = database.rows('PRAGMA quick_check(5)').map(([fault]) => String(fault));
    if (faults[0] !== 'ok') throw new Failure('ledger-damaged', faults.join('; '));
    for (const [table, column] of sealed) checkSeals(database, table, column);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'ledger-damaged') throw error;
    throw damaged(path, error);
  } finally {
    database.close();
  }
}

/** Where SQLite's own check does not look: inside blobs that span pages. */
const sealed = [
  ['slot', 'columns'],
  ['hour', 'sums'],
  ['day', 'sums'],
] as const;

function checkSeals(database: Database, table: string, column: string): void {
  const sql = `SELECT start, ${column} FROM ${table} WHERE start > ? ORDER BY start LIMIT 100`;
  for (let last = -1; ;) {
    const rows = database.rows(sql, last);
    if (rows.length === 0) return;
    for (const [, bytes] of rows) if (bytes) unseal(bytes as Buffer, `a ${table}`);
    last = rows.at(-1)![0] as number;
  }
}

function damaged(path: string, cause: Failure): Failure {
  return new Failure('ledger-damaged', `${path} is damaged: ${cause.message}`, {
    hint: 'it was left as it is; restore a backup, or move it away to begin a new one',
    cause,
  });
}
