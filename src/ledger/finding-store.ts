import type { EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { type Finding, findingKey, type KeptFinding } from '../domain/finding.js';
import type { FindingKind } from '../domain/finding-kinds.js';
import type { TimeRange } from '../domain/window.js';
import type { Database, Row } from './database.js';

/** A finding, and which sources have seen it. */
export interface StoredFinding {
  readonly finding: KeptFinding;
  /** Names of {@link FindingSource}s, sorted. */
  readonly sources: readonly string[];
}

/** Findings that one piece of compaction drops at most. */
const droppedAtOnce = 1000;

const columns = 'id, kind, sources, told, first_seen, last_seen, resolved';

/** What of a finding may be told otherwise at every look. */
type Told = Omit<Finding, 'kind'>;

/**
 * The history of findings: every one that ever was, with what was last told of it.
 *
 * Methods throw {@link Failure} `disk-full` (nothing was written) and `ledger-damaged`.
 */
export class FindingStore {
  readonly #database: Database;
  #version = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Another one after every write of this process. */
  get version(): number {
    return this.#version;
  }

  /** Findings that nobody has seen the end of, oldest first. */
  ongoing(): readonly StoredFinding[] {
    return this.#findings('resolved IS NULL ORDER BY first_seen, id');
  }

  /** Findings that have ended at this moment or later, oldest first. */
  resolvedSince(at: EpochSeconds): readonly StoredFinding[] {
    return this.#findings('resolved >= ? ORDER BY first_seen, id', at);
  }

  /** Findings that had ended when they were last saved and went on at some moment of a range, oldest first. */
  resolvedDuring({ from, to }: TimeRange): readonly KeptFinding[] {
    const rows = this.#findings('first_seen < ? AND resolved > ? ORDER BY first_seen, id', to, from);
    return rows.map(({ finding }) => finding);
  }

  /** One finding; undefined where there is none of this id. */
  get(id: string): KeptFinding | undefined {
    return this.#findings('id = ?', id)[0]?.finding;
  }

  /**
   * Keeps findings, new ones and known ones: all of them or none. The same finding goes on once at a time: one that begins
   * ends the one that nobody has ended.
   *
   * @throws Failure `disk-full`
   */
  save(findings: readonly StoredFinding[]): void {
    if (findings.length === 0) return;
    const endedFirst = [...findings].sort((a, b) => Number(isOngoing(a)) - Number(isOngoing(b)));
    this.#database.write(() => endedFirst.forEach((one) => this.#save(one)));
    this.#version += 1;
  }

  /** Forgets some of the findings that ended before a moment; returns whether there were any. */
  dropBefore(at: EpochSeconds): boolean {
    const some = `SELECT id FROM finding WHERE resolved < ? ORDER BY resolved LIMIT ${droppedAtOnce}`;
    if (this.#database.row(some, at) === undefined) return false;
    this.#database.run(`DELETE FROM finding WHERE id IN (${some})`, at);
    return true;
  }

  #save({ finding, sources }: StoredFinding): void {
    const { id, kind, subject, owner, summary, evidence, action, since, firstSeen, lastSeen, resolvedAt } = finding;
    const identity = findingKey(finding);
    if (resolvedAt === undefined) {
      const sql = 'UPDATE finding SET resolved = last_seen WHERE identity = ? AND resolved IS NULL AND id <> ?';
      this.#database.run(sql, identity, id);
    }
    const told: Told = { subject, owner, summary, evidence, action, since };
    this.#database.run(
      `INSERT INTO finding (identity, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET sources = excluded.sources, told = excluded.told, last_seen = excluded.last_seen,
         resolved = excluded.resolved`,
      identity,
      id,
      kind,
      JSON.stringify(sources),
      JSON.stringify(told),
      firstSeen,
      lastSeen,
      resolvedAt ?? null,
    );
  }

  #findings(rest: string, ...values: readonly (string | number)[]): readonly StoredFinding[] {
    return this.#database.rows(`SELECT ${columns} FROM finding WHERE ${rest}`, ...values).map(storedOf);
  }
}

function isOngoing({ finding }: StoredFinding): boolean {
  return finding.resolvedAt === undefined;
}

function storedOf([id, kind, sources, told, firstSeen, lastSeen, resolved]: Row): StoredFinding {
  const { subject, owner, summary, evidence, action, since } = parsed(id, told) as Told;
  return {
    sources: parsed(id, sources) as readonly string[],
    finding: {
      id: id as string,
      kind: kind as FindingKind,
      subject,
      owner,
      summary,
      evidence,
      action,
      since,
      firstSeen: firstSeen as number,
      lastSeen: lastSeen as number,
      resolvedAt: (resolved as number | null) ?? undefined,
    },
  };
}

function parsed(id: unknown, text: unknown): unknown {
  try {
    return JSON.parse(text as string);
  } catch (cause) {
    throw new Failure('ledger-damaged', `the ledger is damaged: finding ${String(id)} cannot be read`, { cause });
  }
}
