import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { Failure, type FailureCode } from '../domain/failure.js';

/** What SQLite gives for a column. */
type Value = number | string | Buffer | null;

/** One row, by the position of its columns. */
export type Row = readonly Value[];

type Parameter = number | string | Uint8Array | null;

/** Always one array: libsql takes a lone blob for an object of named parameters. */
type Bound = [readonly Parameter[]];

type Statement = Libsql.Statement<Bound>;

/** How SQLite names a trouble, what it is to meshslo, and what people are told of it. */
interface Trouble {
  readonly pattern: RegExp;
  readonly code: FailureCode;
  readonly message: (path: string, reason: string) => string;
  readonly hint?: (folder: string) => string;
}

const troubles: readonly Trouble[] = [
  {
    pattern: /SQLITE_FULL|ENOSPC|disk is full/,
    code: 'disk-full',
    message: (path) => `the disk is full: ${path}`,
    hint: (folder) => `make room on the disk of ${folder}; nothing was written in part`,
  },
  {
    pattern: /SQLITE_(CORRUPT|NOTADB)/,
    code: 'ledger-damaged',
    message: (_path, reason) => `the ledger is damaged: ${reason}`,
  },
  {
    pattern: /SQLITE_BUSY/,
    code: 'ledger-locked',
    message: (path) => `the ledger is being written by somebody else: ${path}`,
  },
  {
    pattern: /SQLITE_(CANTOPEN|PERM|IOERR|READONLY)|Unable to open/,
    code: 'file-unreadable',
    message: (path, reason) => `the ledger ${path} cannot be opened: ${reason}`,
    hint: (folder) => `readers, too, need to write in ${folder}: SQLite keeps its log there`,
  },
];

/**
 * One connection to a SQLite file, through libsql.
 *
 * Keeps statements, gives rows as arrays (libsql's objects carry foreign keys and its blobs are not always Buffers), and
 * turns what can go wrong outside the code into a {@link Failure}: `disk-full`, `ledger-damaged`, `ledger-locked`,
 * `file-unreadable`.
 */
export class Database {
  readonly path: string;
  readonly #connection: Libsql.Database;
  readonly #statements = new Map<string, Statement>();

  /** @param readOnly never writes a byte to the file or its write-ahead log, whatever happens */
  constructor(path: string, { readOnly = false } = {}) {
    this.path = path;
    // libsql ignores its `readonly` option; SQLite's own URI does not.
    const name = readOnly ? `${pathToFileURL(path).href}?mode=ro` : path;
    this.#connection = this.#guarded(() => new Libsql(name, { timeout: 0 }));
  }

  /** Runs SQL that takes and gives nothing. */
  execute(sql: string): void {
    this.#guarded(() => this.#connection.exec(sql));
  }

  /** Runs a statement that gives no rows. */
  run(sql: string, ...parameters: readonly Parameter[]): void {
    this.#guarded(() => this.#statement(sql).run(parameters));
  }

  /** The first row; undefined where there is none. */
  row(sql: string, ...parameters: readonly Parameter[]): Row | undefined {
    return this.#guarded(() => this.#statement(sql).raw().get(parameters)) as Row | undefined;
  }

  /** All rows. */
  rows(sql: string, ...parameters: readonly Parameter[]): readonly Row[] {
    return this.#guarded(() => this.#statement(sql).raw().all(parameters)) as readonly Row[];
  }

  /** The first column of the first row as a number; undefined where there is no row or it holds NULL. */
  number(sql: string, ...parameters: readonly Parameter[]): number | undefined {
    return (this.row(sql, ...parameters)?.[0] as number | null | undefined) ?? undefined;
  }

  /** Does all of the work or, when it throws, nothing of it. */
  write<T>(work: () => T): T {
    return this.#transaction('BEGIN IMMEDIATE', work);
  }

  /** Reads as of one moment, whatever another process commits meanwhile. */
  read<T>(work: () => T): T {
    return this.#connection.inTransaction ? work() : this.#transaction('BEGIN', work);
  }

  close(): void {
    this.#statements.clear();
    this.#guarded(() => this.#connection.close());
  }

  #transaction<T>(begin: string, work: () => T): T {
    this.execute(begin);
    try {
      const result = work();
      this.execute('COMMIT');
      return result;
    } catch (error) {
      // A full disk has rolled back by itself.
      if (this.#connection.inTransaction) this.execute('ROLLBACK');
      throw error;
    }
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#connection.prepare<Bound>(sql)));
    return statement;
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const { code = '', message = '' } = cause as { readonly code?: string; readonly message?: string };
      const text = `${code} ${message}`;
      const trouble = troubles.find(({ pattern }) => pattern.test(text));
      if (!trouble) throw cause;
      const hint = trouble.hint?.(dirname(this.path));
      throw new Failure(trouble.code, trouble.message(this.path, message), { ...(hint && { hint }), cause });
    }
  }
}
