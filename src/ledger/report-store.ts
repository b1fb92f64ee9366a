import { gunzipSync, gzipSync } from 'node:zlib';
import type { EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import type { Database, Row } from './database.js';
import { LetterStore, type NewLetter } from './letter-store.js';
import { seal, unseal } from './packed-bytes.js';

/** A report as the archive lists it. */
export interface ReportEntry {
  /** Unique and permanent: part of its address. */
  readonly id: string;
  /** `2026-W47`. */
  readonly week: string;
  /** Whom it is about: empty for the whole organisation, or whose it is. */
  readonly scope: string;
  /** 1 for the first report of a week and scope. */
  readonly revision: number;
  readonly subject: string;
  readonly madeAt: EpochSeconds;
}

/** What is archived of a report. */
export interface NewReport extends ReportEntry {
  /** What it says, as JSON. */
  readonly model: string;
  /** What is sent of it; undefined where nobody is sent anything. */
  readonly mail: string | undefined;
}

/** How many letters of a report stand how. */
export interface LetterCounts {
  readonly queued: number;
  readonly sent: number;
  readonly refused: number;
}

/** Some of the reports, newest week first. */
export interface ReportPage {
  readonly reports: readonly (ReportEntry & { readonly letters: LetterCounts })[];
  /** Where the next page begins; undefined where this is the last. */
  readonly next: string | undefined;
}

export interface ReportQuery {
  readonly week?: string;
  readonly scope?: string;
  /** Where the page before has ended. */
  readonly cursor?: string;
  /** How many one page holds; at least 1. */
  readonly limit: number;
}

const columns = 'id, week, scope, revision, subject, made';

/**
 * Reports of weeks as they were given, for good, and who was sent them.
 *
 * Methods throw {@link Failure} `disk-full` (nothing was written) and `ledger-damaged`.
 */
export class ReportStore {
  readonly letters: LetterStore;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.letters = new LetterStore(database);
  }

  /**
   * Keeps a report and queues its letters: all of it or nothing.
   *
   * @throws RangeError for a report that is there already: a bug
   */
  archive(report: NewReport, letters: readonly NewLetter[]): void {
    const { id, week, scope, revision, subject, madeAt, model, mail } = report;
    this.#database.write(() => {
      if (this.#ordinal(id) !== undefined) throw new RangeError(`report ${id} is archived already`);
      this.#database.run(
        `INSERT INTO report (${columns}, model, mail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        id,
        week,
        scope,
        revision,
        subject,
        madeAt,
        packed(model),
        letters.length === 0 || mail === undefined ? null : packed(mail),
      );
      this.letters.queue(this.#ordinal(id)!, letters, madeAt);
    });
  }

  /**
   * Queues letters of an archived report: new ones, and again those that were refused. Those that are queued or were sent
   * stay as they are.
   *
   * @returns how many wait because of it
   * @throws RangeError for a report that is not there: a bug
   */
  queue(id: string, mail: string, letters: readonly NewLetter[], at: EpochSeconds): number {
    return this.#database.write(() => {
      const ordinal = this.#ordinal(id);
      if (ordinal === undefined) throw new RangeError(`there is no report ${id}`);
      const added = this.letters.queue(ordinal, letters, at);
      if (added > 0) this.#database.run('UPDATE report SET mail = ? WHERE ordinal = ?', packed(mail), ordinal);
      return added;
    });
  }

  /** One report; undefined where there is none of this id. */
  get(id: string): ReportEntry | undefined {
    return this.#entry('id = ?', id);
  }

  /** The last revision of a week's report; undefined where there is none. */
  latest(week: string, scope: string): ReportEntry | undefined {
    return this.#entry('week = ? AND scope = ? ORDER BY revision DESC LIMIT 1', week, scope);
  }

  /** What a report says, as JSON. @throws Failure `not-found` */
  model(id: string): string {
    const row = this.#database.row('SELECT model FROM report WHERE id = ?', id);
    if (!row) throw new Failure('not-found', `there is no report ${JSON.stringify(id.slice(0, 60))}`);
    return unpacked(row[0] as Buffer, `report ${id}`);
  }

  /** What is sent of a report; undefined once nobody waits for it. */
  mail(id: string): string | undefined {
    const bytes = this.#database.row('SELECT mail FROM report WHERE id = ?', id)?.[0] as Buffer | null | undefined;
    return bytes ? unpacked(bytes, `the mail of report ${id}`) : undefined;
  }

  /** Newest weeks first; of a week, the organisation's and then the others by whose they are, newest revisions first. */
  find({ week, scope, cursor, limit }: ReportQuery): ReportPage {
    const conditions = [week !== undefined && 'week = ?', scope !== undefined && 'scope = ?'].filter(Boolean);
    const values = [week, scope].filter((value) => value !== undefined);
    const where = conditions.length === 0 ? 'TRUE' : conditions.join(' AND ');
    const offset = cursor === undefined ? 0 : readCursor(cursor);
    const rows = this.#database.rows(
      `SELECT ${columns},
         (SELECT count(*) FROM letter WHERE report = ordinal AND state = 'queued'),
         (SELECT count(*) FROM letter WHERE report = ordinal AND state = 'sent'),
         (SELECT count(*) FROM letter WHERE report = ordinal AND state = 'refused')
       FROM report WHERE ${where} ORDER BY week DESC, scope <> '', scope, revision DESC LIMIT ? OFFSET ?`,
      ...values,
      limit + 1,
      offset,
    );
    const reports = rows.slice(0, limit).map((row) => {
      const [queued, sent, refused] = row.slice(6) as number[];
      return { ...entryOf(row), letters: { queued: queued!, sent: sent!, refused: refused! } };
    });
    return { reports, next: rows.length > limit ? String(offset + limit) : undefined };
  }

  /** Whom reports are about, of all that are archived; sorted. */
  scopes(): readonly string[] {
    return this.#database.rows('SELECT DISTINCT scope FROM report ORDER BY scope').map(([scope]) => scope as string);
  }

  /** Since when reports are sent by themselves; undefined where they never were. */
  scheduledSince(): EpochSeconds | undefined {
    return this.#database.number('SELECT since FROM report_schedule');
  }

  /** Notes that reports are sent by themselves from a moment on; what was noted before stays. */
  scheduleFrom(at: EpochSeconds): void {
    this.#database.run('INSERT INTO report_schedule VALUES (1, ?) ON CONFLICT DO NOTHING', at);
  }

  #entry(rest: string, ...values: readonly string[]): ReportEntry | undefined {
    const row = this.#database.row(`SELECT ${columns} FROM report WHERE ${rest}`, ...values);
    return row && entryOf(row);
  }

  #ordinal(id: string): number | undefined {
    return this.#database.number('SELECT ordinal FROM report WHERE id = ?', id);
  }
}

function entryOf([id, week, scope, revision, subject, madeAt]: Row): ReportEntry {
  return {
    id: id as string,
    week: week as string,
    scope: scope as string,
    revision: revision as number,
    subject: subject as string,
    madeAt: madeAt as number,
  };
}

function readCursor(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  const hint = 'take the one that the page before has given';
  throw new Failure('bad-arguments', `${JSON.stringify(cursor.slice(0, 60))} is no cursor`, { hint });
}

function packed(text: string): Uint8Array {
  return seal(gzipSync(text));
}

function unpacked(bytes: Uint8Array, what: string): string {
  return gunzipSync(unseal(bytes, what)).toString();
}
