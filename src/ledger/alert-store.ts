import { type AlertEpisode, alertKey, type AlertMark, type AlertSeverity } from '../domain/alert.js';
import type { EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { alertCondition, alertCursor, type AlertQuery } from './alert-query.js';
import type { Database, Row } from './database.js';

/** What a person may say of an episode. */
export type MarkKind = 'acknowledged' | 'noise';

/** Some of the episodes that were looked for, newest first. */
export interface AlertPage {
  readonly episodes: readonly AlertEpisode[];
  /** Where the next page begins; undefined where this is the last. */
  readonly next: string | undefined;
}

/** Episodes that one piece of compaction drops at most. */
const droppedAtOnce = 1000;

const columns = 'id, name, severity, labels, annotations, begins, ends, inhibited, acknowledged, noise';

/**
 * The history of alerts: every episode that ever fired, what it said when it began, and what people said of it.
 *
 * An episode is written when it begins and when it ends; texts that change in between are not kept.
 *
 * Methods throw {@link Failure} `disk-full` (nothing was written) and `ledger-damaged`.
 */
export class AlertStore {
  readonly #database: Database;
  #version = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Another one after every write of this process. */
  get version(): number {
    return this.#version;
  }

  /** Episodes that had not ended when they were last saved, oldest first. */
  ongoing(): readonly AlertEpisode[] {
    return this.#episodes(`ends IS NULL ORDER BY begins, id`);
  }

  /** Episodes that have ended at this moment or later, oldest first. */
  endedSince(at: EpochSeconds): readonly AlertEpisode[] {
    return this.#episodes('ends >= ? ORDER BY ends, id', at);
  }

  /** One episode; undefined where there is none of this id. */
  get(id: string): AlertEpisode | undefined {
    return this.#episodes('id = ?', id)[0];
  }

  /** @throws Failure `bad-arguments` for a cursor that no page has given */
  find(query: AlertQuery): AlertPage {
    const { sql, values } = alertCondition(query);
    const found = this.#episodes(`${sql} ORDER BY begins DESC, id DESC LIMIT ?`, ...values, query.limit + 1);
    const episodes = found.slice(0, query.limit);
    return { episodes, next: found.length > query.limit ? alertCursor(episodes.at(-1)!) : undefined };
  }

  /**
   * Keeps episodes, new ones and known ones: all of them or none. What people said of known ones stays as it is. An alert
   * goes on once at a time: an episode that begins ends the one that nobody has ended.
   *
   * @throws Failure `disk-full`
   */
  save(episodes: readonly AlertEpisode[]): void {
    if (episodes.length === 0) return;
    // An alert that ends and fires again before anything could be written has both its episodes in here.
    const endedFirst = [...episodes].sort((a, b) => Number(a.endedAt === undefined) - Number(b.endedAt === undefined));
    this.#database.write(() => endedFirst.forEach((episode) => this.#save(episode)));
    this.#version += 1;
  }

  /**
   * Notes what a person says of an episode; undefined takes it back.
   *
   * @returns the episode as it is now
   * @throws Failure `not-found`, `disk-full`
   */
  mark(id: string, kind: MarkKind, mark: AlertMark | undefined): AlertEpisode {
    this.#database.run(`UPDATE alert SET ${kind} = ? WHERE id = ?`, mark ? JSON.stringify(mark) : null, id);
    const episode = this.get(id);
    if (episode) return episode;
    throw new Failure('not-found', `there is no alert ${JSON.stringify(id.slice(0, 60))}`, {
      hint: 'alerts are kept for two years',
    });
  }

  /** Forgets some of the episodes that ended before a moment; returns whether there were any. */
  dropBefore(at: EpochSeconds): boolean {
    const some = `SELECT id FROM alert WHERE ends < ? ORDER BY ends LIMIT ${droppedAtOnce}`;
    if (this.#database.row(some, at) === undefined) return false;
    this.#database.run(`DELETE FROM alert WHERE id IN (${some})`, at);
    return true;
  }

  /** Sentences that say which episodes do not make sense. */
  *faults(): Generator<string> {
    for (const [id, identity] of this.#database.rows('SELECT id, identity FROM alert ORDER BY begins, id')) {
      const trouble = this.#trouble(id as string, identity as string);
      if (trouble !== undefined) yield `alert ${String(id)} ${trouble}`;
    }
  }

  #trouble(id: string, identity: string): string | undefined {
    try {
      const episode = this.get(id)!;
      if (alertKey(episode) !== identity) return 'is not the one that it says it is';
      if (episode.endedAt !== undefined && episode.endedAt < episode.startedAt) return 'ends before it begins';
      return undefined;
    } catch (error) {
      if (error instanceof Failure && error.code === 'ledger-damaged') return 'cannot be read';
      throw error;
    }
  }

  #save(episode: AlertEpisode): void {
    const { id, name, severity, labels, annotations, startedAt, endedAt, inhibited, acknowledged, noise } = episode;
    const identity = alertKey(episode);
    if (endedAt === undefined) {
      const sql = 'UPDATE alert SET ends = max(begins, ?) WHERE identity = ? AND ends IS NULL AND id <> ?';
      this.#database.run(sql, startedAt, identity, id);
    }
    this.#database.run(
      `INSERT INTO alert (identity, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET ends = excluded.ends, inhibited = excluded.inhibited`,
      identity,
      id,
      name,
      severity,
      JSON.stringify(labels),
      JSON.stringify(annotations),
      startedAt,
      endedAt ?? null,
      inhibited ? 1 : 0,
      acknowledged ? JSON.stringify(acknowledged) : null,
      noise ? JSON.stringify(noise) : null,
    );
  }

  #episodes(rest: string, ...values: readonly (string | number)[]): readonly AlertEpisode[] {
    return this.#database.rows(`SELECT ${columns} FROM alert WHERE ${rest}`, ...values).map(episodeOf);
  }
}

function episodeOf([
  id,
  name,
  severity,
  labels,
  annotations,
  begins,
  ends,
  inhibited,
  acked,
  noise,
]: Row): AlertEpisode {
  return {
    id: id as string,
    name: name as string,
    severity: severity as AlertSeverity,
    labels: parsed(id, labels) as AlertEpisode['labels'],
    annotations: parsed(id, annotations) as AlertEpisode['annotations'],
    startedAt: begins as number,
    endedAt: (ends as number | null) ?? undefined,
    inhibited: inhibited === 1,
    acknowledged: markOf(id, acked),
    noise: markOf(id, noise),
  };
}

function markOf(id: unknown, text: unknown): AlertMark | undefined {
  return text === null ? undefined : (parsed(id, text) as AlertMark);
}

function parsed(id: unknown, text: unknown): unknown {
  try {
    return JSON.parse(text as string);
  } catch (cause) {
    throw new Failure('ledger-damaged', `the ledger is damaged: alert ${String(id)} cannot be read`, { cause });
  }
}
