import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../documents/make-folder.js';
import { Failure } from '../domain/failure.js';
import { Database } from './database.js';
import { readBeginning } from './ledger-place.js';
import { unseal } from './packed-bytes.js';
import { convertSignals } from './signal-conversion.js';

/** Says that a SQLite file is a ledger: `mslo`. @see https://www.sqlite.org/pragma.html#pragma_application_id */
const applicationId = 0x6d736c6f;

/** Holds a few pages of 32 SLOs each without waste. */
export const pageBytes = 8192;

/**
 * What makes a ledger of an empty file, and of every older one. The file's `user_version` says how many of them it has seen;
 * one that was released is never edited.
 */
const migrations: readonly (string | Migration)[] = [
  `
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
`,
  // Facts by name, those that are unknown left out: further ones may come, and older rows keep their meaning.
  `
  UPDATE facts SET facts = json_patch('{}', json_object(
    'caller', nullif(json_extract(facts, '$[0]'), ''),
    'callerCluster', nullif(json_extract(facts, '$[1]'), ''),
    'version', nullif(json_extract(facts, '$[2]'), ''),
    'method', nullif(json_extract(facts, '$[3]'), ''),
    'flags', nullif(json_extract(facts, '$[4]'), ''),
    'code', nullif(json_extract(facts, '$[5]'), '')
  ));
`,
  // What fired, from when to when, and what people said of it.
  `
  -- identity: the same for the same alert, however often it fires; it goes on once at a time.
  -- annotations: as they were when it began. acknowledged, noise: who, when and why; NULL where nobody did.
  CREATE TABLE alert (
    id TEXT NOT NULL PRIMARY KEY, identity TEXT NOT NULL, name TEXT NOT NULL, severity TEXT NOT NULL,
    labels TEXT NOT NULL, annotations TEXT NOT NULL, begins REAL NOT NULL, ends REAL, inhibited INTEGER NOT NULL,
    acknowledged TEXT, noise TEXT,
    cluster TEXT AS (labels ->> '$.cluster'), namespace TEXT AS (labels ->> '$.namespace'),
    service TEXT AS (labels ->> '$.service'), slo TEXT AS (labels ->> '$.slo'), owner TEXT AS (labels ->> '$.owner')
  );
  CREATE UNIQUE INDEX alert_ongoing ON alert (identity) WHERE ends IS NULL;
  CREATE INDEX alert_by_begin ON alert (begins, id);
  CREATE INDEX alert_by_service ON alert (service, begins, id);
  CREATE INDEX alert_by_end ON alert (ends);
`,
  // Golden signals of closed hours, a row per service: one chart does not read everybody's.
  {
    sql: `
  CREATE TABLE service (ordinal INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
  -- Lists of bucket bounds in seconds; null is infinity.
  CREATE TABLE latency_bounds (ordinal INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
  -- id: service * 2^24 + hours since 1970. Table signal holds the slots of the open hour alone.
  CREATE TABLE signal_hour (id INTEGER PRIMARY KEY, points BLOB NOT NULL);
  -- One SLO's gaps, for its burn-down.
  CREATE INDEX unplaced_by_slo ON unplaced (slo, ends);
`,
    convert: convertSignals,
  },
  // What was found and what has happened.
  `
  -- identity: kind and subject; it goes on once at a time. sources: who has seen it. told: subject, owner, texts.
  CREATE TABLE finding (
    id TEXT NOT NULL PRIMARY KEY, identity TEXT NOT NULL, kind TEXT NOT NULL, sources TEXT NOT NULL, told TEXT NOT NULL,
    first_seen REAL NOT NULL, last_seen REAL NOT NULL, resolved REAL
  );
  CREATE UNIQUE INDEX finding_ongoing ON finding (identity) WHERE resolved IS NULL;
  CREATE INDEX finding_by_end ON finding (resolved, first_seen);
  -- service: its key; empty for a whole mesh.
  CREATE TABLE event (
    at REAL NOT NULL, kind TEXT NOT NULL, service TEXT NOT NULL, summary TEXT NOT NULL, facts TEXT NOT NULL
  );
  CREATE UNIQUE INDEX event_once ON event (at, kind, service, summary);
  CREATE INDEX event_by_service ON event (service, at);
`,
  // Reports of weeks as they were given, and who was sent them.
  `
  -- scope: empty for the whole organisation, or whose it is. model: JSON, sealed and compressed.
  -- mail: what is sent of it, in the same way; NULL once nobody waits for it.
  CREATE TABLE report (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, week TEXT NOT NULL, scope TEXT NOT NULL,
    revision INTEGER NOT NULL, subject TEXT NOT NULL, made REAL NOT NULL, model BLOB NOT NULL, mail BLOB,
    UNIQUE (week, scope, revision)
  );
  -- One report for one recipient. state: queued, sent or refused. due: not before; unsure: how often it was handed over
  -- whole without an answer.
  CREATE TABLE letter (
    message_id TEXT NOT NULL PRIMARY KEY, report INTEGER NOT NULL, way TEXT NOT NULL, recipient TEXT NOT NULL,
    state TEXT NOT NULL, queued REAL NOT NULL, due REAL NOT NULL, attempts INTEGER NOT NULL, unsure INTEGER NOT NULL,
    settled REAL, reason TEXT, UNIQUE (report, way, recipient)
  );
  CREATE INDEX letter_waiting ON letter (due) WHERE state = 'queued';
  CREATE INDEX letter_by_recipient ON letter (way, recipient, queued);
  -- Since when reports are sent by themselves: what was due before is nobody's surprise. One row.
  CREATE TABLE report_schedule (only INTEGER PRIMARY KEY CHECK (only = 1), since REAL NOT NULL);
`,
];

/** A step that SQL alone cannot make. */
interface Migration {
  readonly sql: string;
  /** Rewrites what older versions have written; not called for a new ledger. */
  readonly convert: (database: Database) => void;
}

/** Makes an empty ledger, complete or not at all. */
export function createLedgerFile(path: string): void {
  makeFolder(dirname(path));
  const draft = `${path}-new`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true });
  // Only `execute`: libsql closes a file, and folds its log into it, only when no statement was ever prepared on it.
  const database = new Database(draft);
  database.execute(`PRAGMA page_size = ${pageBytes}`);
  database.execute('PRAGMA auto_vacuum = INCREMENTAL');
  database.execute('PRAGMA journal_mode = WAL');
  database.execute(`PRAGMA application_id = ${applicationId}`);
  migrate(database, 0);
  database.close();
  renameSync(draft, path);
}

/** Brings an older ledger up to date, wholly or not at all; for the writer alone. */
export function migrateLedger(database: Database): void {
  const version = database.number('PRAGMA user_version')!;
  if (version < migrations.length) migrate(database, version);
}

function migrate(database: Database, version: number): void {
  database.write(() => {
    for (const migration of migrations.slice(version)) {
      database.execute(typeof migration === 'string' ? migration : migration.sql);
      // A new ledger has nothing to convert, and is made without a prepared statement.
      if (typeof migration !== 'string' && version > 0) migration.convert(database);
    }
    database.execute(`PRAGMA user_version = ${migrations.length}`);
  });
}

/**
 * Refuses an older ledger for a reader, which cannot bring it up to date.
 *
 * @throws Failure `file-unreadable`
 */
export function refuseOlder(database: Database): void {
  const version = database.number('PRAGMA user_version')!;
  if (version === migrations.length) return;
  const versions = `schema ${version}, not ${migrations.length}`;
  throw new Failure('file-unreadable', `${database.path} was written by an older meshslo (${versions})`, {
    hint: 'start the service with it once: the writer brings it up to date',
  });
}

/**
 * Looks whether a file is a whole ledger that this program can use, without writing to it or to its log.
 *
 * @param depth `head`: is it a ledger; `whole`: every page stands where it should, too, and recent slots and roll-ups are as written.
 * @throws Failure `not-found`, `ledger-newer`, `ledger-damaged`, `file-unreadable`
 */
export function inspectLedgerFile(path: string, depth: 'head' | 'whole'): void {
  inspectBeginning(path);
  const database = new Database(path, { readOnly: true });
  try {
    const version = database.number('PRAGMA user_version') ?? 0;
    if (database.number('PRAGMA application_id') !== applicationId)
      throw noLedger(path, 'it is not a ledger of meshslo');
    if (version > migrations.length) {
      const versions = `schema ${version}, not ${migrations.length}`;
      const hint = 'use that version, or another file';
      throw new Failure('ledger-newer', `${path} was written by a newer meshslo (${versions})`, { hint });
    }
    if (depth === 'head') return;
    const faults = database.rows('PRAGMA quick_check(5)').map(([fault]) => String(fault));
    if (faults[0] !== 'ok') throw new Failure('ledger-damaged', `the ledger is damaged: ${faults.join('; ')}`);
    for (const [table, column, what] of sealed) checkSeals(database, table, column, what);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'ledger-damaged' || error.hint) throw error;
    const hint = 'it was left as it is; restore a backup, or move it away to begin a new one';
    throw new Failure('ledger-damaged', error.message.replace(/^the ledger/, path), { hint, cause: error });
  } finally {
    database.close();
  }
}

/** Tells what is no SQLite file before SQLite does, which calls everything malformed. */
function inspectBeginning(path: string): void {
  const { isFolder, beginning } = readBeginning(path);
  if (isFolder) throw noLedger(path, 'it is a folder');
  if (beginning.length > 0 && beginning !== sqliteBeginning) {
    throw noLedger(path, 'it does not begin as a SQLite file does');
  }
}

/** @see https://www.sqlite.org/fileformat.html#magic_header_string */
const sqliteBeginning = 'SQLite format 3\0';

function noLedger(path: string, why: string): Failure {
  return new Failure('ledger-damaged', `${path} is no ledger: ${why}`, {
    hint: 'it was left as it is; give the path of a ledger, or of nothing to begin a new one',
  });
}

/** Where SQLite's own check does not look: inside blobs that span pages. */
const sealed = [
  ['slot', 'columns', 'a slot'],
  ['hour', 'sums', 'the roll-up of an hour'],
  ['day', 'sums', 'the roll-up of a day'],
] as const;

function checkSeals(database: Database, table: string, column: string, what: string): void {
  const sql = `SELECT start, ${column} FROM ${table} WHERE start > ? ORDER BY start LIMIT 100`;
  for (let last = -1; ;) {
    const rows = database.rows(sql, last);
    if (rows.length === 0) return;
    for (const [, bytes] of rows) if (bytes) unseal(bytes as Buffer, what);
    last = rows.at(-1)![0] as number;
  }
}
