import { hostname } from 'node:os';
import { Failure } from '../domain/failure.js';
import { Database } from './database.js';

/**
 * The right to write one ledger: held by one process, given back by the kernel when that process ends however it ends.
 *
 * It is a write transaction, kept open, on a small SQLite file beside the ledger; the file says who holds it.
 */
export class WriterLock {
  readonly #database: Database;

  /** @throws Failure `ledger-locked`, naming the holder */
  constructor(ledgerPath: string) {
    this.#database = new Database(`${ledgerPath}-lock`);
    try {
      this.#database.execute('CREATE TABLE IF NOT EXISTS holder (only INTEGER PRIMARY KEY, pid INTEGER, host TEXT)');
      this.#database.execute('BEGIN IMMEDIATE');
      this.#database.run('INSERT OR REPLACE INTO holder VALUES (1, ?, ?)', process.pid, hostname());
      this.#database.execute('COMMIT');
      this.#database.execute('BEGIN IMMEDIATE');
    } catch (error) {
      const holder = this.#holder();
      this.#database.close();
      if (!(error instanceof Failure) || error.code !== 'ledger-locked') throw error;
      throw new Failure('ledger-locked', `${ledgerPath} is being written by ${holder}`, {
        hint: 'stop that process, or give this one another ledger; reading is always possible',
        cause: error,
      });
    }
  }

  release(): void {
    this.#database.execute('ROLLBACK');
    this.#database.close();
  }

  #holder(): string {
    try {
      const row = this.#database.row('SELECT pid, host FROM holder');
      return row ? `process ${String(row[0])} on ${String(row[1])}` : 'another process';
    } catch {
      return 'another process';
    }
  }
}
