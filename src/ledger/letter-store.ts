import type { EpochSeconds } from '../domain/clock.js';
import type { Database, Row } from './database.js';

/** How a report reaches somebody. */
export type LetterWay = 'mail' | 'slack' | 'webhook';

/** `refused`: it is not tried again, and says why. */
export type LetterState = 'queued' | 'sent' | 'refused';

/** A report for one recipient, to be queued. */
export interface NewLetter {
  /** The same for the same report and recipient, for ever; receivers know a second copy by it. */
  readonly messageId: string;
  readonly way: LetterWay;
  /** An address, or where one stands: never a secret. */
  readonly recipient: string;
}

/** What became of it so far. */
export interface Letter extends NewLetter {
  /** Id of the report. */
  readonly report: string;
  readonly state: LetterState;
  readonly queuedAt: EpochSeconds;
  /** Not before; of those that wait. */
  readonly dueAt: EpochSeconds;
  readonly attempts: number;
  /** How often it was handed over whole, and no answer came. */
  readonly unsure: number;
  /** When it was sent or refused. */
  readonly settledAt: EpochSeconds | undefined;
  /** Why it was refused, or why the last attempt failed. */
  readonly reason: string | undefined;
}

const columns = 'message_id, way, recipient, id, state, queued, due, attempts, unsure, settled, reason';
const letters = 'FROM letter JOIN report ON ordinal = report';

/** Letters and how they stand. Every method is one transaction: what it says holds, whenever the process ends. */
export class LetterStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Within a transaction of the {@link ReportStore}; returns how many wait. One that waited for a later moment is tried at this one. */
  queue(report: number, added: readonly NewLetter[], at: EpochSeconds): number {
    let queued = 0;
    for (const { messageId, way, recipient } of added) {
      // By whom it is for: an id of before stays, whatever ids are made of meanwhile. By the id, too: one mailbox may be
      // written in other letters by now.
      const sql =
        'SELECT state, message_id FROM letter WHERE message_id = ? OR (report = ? AND way = ? AND recipient = ?)';
      const [state, known] = this.#database.row(sql, messageId, report, way, recipient) ?? [];
      if (state === 'sent') continue;
      queued += 1;
      if (state === 'queued') {
        this.#database.run('UPDATE letter SET due = min(due, ?) WHERE message_id = ?', at, known as string);
        continue;
      }
      this.#database.run(
        `INSERT INTO letter VALUES (?, ?, ?, ?, 'queued', ?, ?, 0, 0, NULL, NULL)
         ON CONFLICT DO UPDATE SET
           recipient = excluded.recipient, state = 'queued', queued = excluded.queued, due = excluded.due, unsure = 0, settled = NULL, reason = NULL`,
        messageId,
        report,
        way,
        recipient,
        at,
        at,
      );
    }
    return queued;
  }

  /** Those that may be tried now, those that have been due for longest first. */
  due(now: EpochSeconds, limit: number): readonly Letter[] {
    return this.#letters(`state = 'queued' AND due <= ? ORDER BY due, queued, message_id LIMIT ?`, now, limit);
  }

  /** When the next one may be tried; undefined where none waits. */
  nextDueAt(): EpochSeconds | undefined {
    return this.#database.number(`SELECT min(due) FROM letter WHERE state = 'queued'`);
  }

  /** Of one report, by recipient. */
  of(report: string): readonly Letter[] {
    return this.#letters('id = ? ORDER BY way, recipient', report);
  }

  /** How many wait, and since when the oldest does. */
  backlog(): { readonly letters: number; readonly oldestQueuedAt: EpochSeconds | undefined } {
    const row = this.#database.row(`SELECT count(*), min(queued) FROM letter WHERE state = 'queued'`)!;
    return { letters: row[0] as number, oldestQueuedAt: (row[1] as number | null) ?? undefined };
  }

  /** The last letter of each recipient that was not sent it, of those queued since a moment. */
  refusedSince(at: EpochSeconds): readonly Letter[] {
    const newer = `SELECT 1 FROM letter AS newer WHERE newer.way = letter.way AND newer.recipient = letter.recipient
      AND newer.state <> 'queued' AND newer.queued > letter.queued`;
    return this.#letters(`state = 'refused' AND queued >= ? AND NOT EXISTS (${newer}) ORDER BY way, recipient`, at);
  }

  /** An attempt begins. */
  begun(messageId: string): void {
    this.#database.run('UPDATE letter SET attempts = attempts + 1 WHERE message_id = ?', messageId);
  }

  /** It was handed over whole, and nobody said that they have it. */
  unanswered(messageId: string): void {
    this.#database.run('UPDATE letter SET unsure = unsure + 1 WHERE message_id = ?', messageId);
  }

  /** Somebody has taken it. */
  sent(messageId: string, at: EpochSeconds): void {
    this.#settle(messageId, 'sent', at, null);
  }

  /** Nobody will take it. */
  refused(messageId: string, at: EpochSeconds, reason: string): void {
    this.#settle(messageId, 'refused', at, reason);
  }

  /** It is tried again. */
  later(messageId: string, dueAt: EpochSeconds, reason: string): void {
    const sql = `UPDATE letter SET due = ?, reason = ? WHERE message_id = ? AND state = 'queued'`;
    this.#database.run(sql, dueAt, reason, messageId);
  }

  /** None of a way is tried before a moment. */
  held(way: LetterWay, until: EpochSeconds, reason: string): void {
    const sql = `UPDATE letter SET due = ?, reason = coalesce(reason, ?) WHERE way = ? AND state = 'queued' AND due < ?`;
    this.#database.run(sql, until, reason, way, until);
  }

  #settle(messageId: string, state: LetterState, at: EpochSeconds, reason: string | null): void {
    this.#database.write(() => {
      const sql = 'UPDATE letter SET state = ?, settled = ?, reason = ? WHERE message_id = ?';
      this.#database.run(sql, state, at, reason, messageId);
      const report = this.#database.number('SELECT report FROM letter WHERE message_id = ?', messageId)!;
      const waiting = `SELECT 1 FROM letter WHERE report = ordinal AND state = 'queued'`;
      this.#database.run(`UPDATE report SET mail = NULL WHERE ordinal = ? AND NOT EXISTS (${waiting})`, report);
    });
  }

  #letters(rest: string, ...values: readonly (string | number)[]): readonly Letter[] {
    return this.#database.rows(`SELECT ${columns} ${letters} WHERE ${rest}`, ...values).map(letterOf);
  }
}

function letterOf([
  messageId,
  way,
  recipient,
  report,
  state,
  queuedAt,
  dueAt,
  attempts,
  unsure,
  settled,
  reason,
]: Row): Letter {
  return {
    messageId: messageId as string,
    way: way as LetterWay,
    recipient: recipient as string,
    report: report as string,
    state: state as LetterState,
    queuedAt: queuedAt as number,
    dueAt: dueAt as number,
    attempts: attempts as number,
    unsure: unsure as number,
    settledAt: (settled as number | null) ?? undefined,
    reason: (reason as string | null) ?? undefined,
  };
}
