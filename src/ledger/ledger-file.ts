import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../domain/failure.js';
import { Database } from './database.js';
import { prepareLedgerPlace } from './ledger-place.js';
import { createLedgerFile, inspectLedgerFile, migrateLedger, pageBytes, refuseOlder } from './schema.js';
import { WriterLock } from './writer-lock.js';

/** How a ledger is opened. */
export interface LedgerOptions {
  readonly readOnly?: boolean;
  /** The file does not grow beyond; reaching it is a full disk. Unlimited when left out. */
  readonly mostBytes?: number;
}

/** A ledger's file, opened: of the form that this meshslo writes, and locked where it may be written. */
export interface LedgerFile {
  readonly database: Database;
  readonly lock: WriterLock | undefined;
}

/** Opens a ledger's file; see {@link Ledger.open}. What fails leaves nothing open, and no lock. */
export function openLedgerFile(path: string, { readOnly = false, mostBytes }: LedgerOptions): LedgerFile {
  return readOnly ? openForReading(path) : openForWriting(path, mostBytes);
}

function openForReading(path: string): LedgerFile {
  inspectLedgerFile(path, 'head');
  const database = new Database(path, { readOnly: true });
  closingOnFailure(database, () => refuseOlder(database));
  return { database, lock: undefined };
}

function openForWriting(path: string, mostBytes: number | undefined): LedgerFile {
  prepareLedgerPlace(path);
  // What is no ledger at all gets no lock beside it.
  if (existsSync(path)) inspectLedgerFile(path, 'head');
  const lock = new WriterLock(path);
  try {
    if (existsSync(path)) inspectLedgerFile(path, 'whole');
    else createLedgerFile(path);
    const database = new Database(path);
    closingOnFailure(database, () => {
      database.execute('PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536');
      if (mostBytes !== undefined) database.row(`PRAGMA max_page_count = ${Math.ceil(mostBytes / pageBytes)}`);
      migrateLedger(database);
    });
    return { database, lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Ends the work on a file, and leaves all of it in one place. */
export function closeLedgerFile(file: LedgerFile): void {
  if (file.lock) file.database.execute('PRAGMA wal_checkpoint(TRUNCATE)');
  abandonLedgerFile(file);
}

/** Lets go of a file as it is: what cannot be read is not to be touched. */
export function abandonLedgerFile({ database, lock }: LedgerFile): void {
  database.close();
  lock?.release();
}

/** Writes a compact copy; see {@link Ledger.backup}. */
export function copyLedgerFile(database: Database, path: string): void {
  if (existsSync(path)) throw new Failure('bad-arguments', `${path} exists; a backup overwrites nothing`);
  const folder = dirname(path);
  if (!existsSync(folder)) {
    const hint = 'is a disk not mounted? Otherwise make the folder first';
    throw new Failure('bad-arguments', `there is no folder ${folder} for the backup`, { hint });
  }
  database.run('VACUUM INTO ?', path);
}

function closingOnFailure(database: Database, work: () => void): void {
  try {
    work();
  } catch (error) {
    database.close();
    throw error;
  }
}
