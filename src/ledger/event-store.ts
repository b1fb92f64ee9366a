import type { EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import { parseServiceKey, type ServiceId, serviceKey } from '../domain/service-id.js';
import type { TimeRange } from '../domain/window.js';
import type { Database, Row } from './database.js';

/** Events that one piece of compaction drops at most. */
const droppedAtOnce = 1000;

/** Two deploys a day of a thousand services for three months; the oldest ones make room for others. */
export const mostEvents = 200_000;

/**
 * What has happened to services and meshes. The same event is kept once, however often it is told.
 *
 * Methods throw {@link Failure} `disk-full` (nothing was written) and `ledger-damaged`.
 */
export class EventStore {
  readonly #database: Database;
  #version = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Another one after every write of this process. */
  get version(): number {
    return this.#version;
  }

  /** Events of a range, oldest first; of one service and of whole meshes, where a service is given. */
  during({ from, to }: TimeRange, service: ServiceId | undefined): readonly MeshEvent[] {
    const select = 'SELECT at, kind, service, summary, facts FROM event WHERE at >= ? AND at < ?';
    const order = 'ORDER BY at, service, summary';
    const rows = service
      ? this.#database.rows(`${select} AND service IN (?, '') ${order}`, from, to, serviceKey(service))
      : this.#database.rows(`${select} ${order}`, from, to);
    return rows.map(eventOf);
  }

  /**
   * Keeps events: all of them or none.
   *
   * @throws Failure `disk-full`
   */
  add(events: readonly MeshEvent[]): void {
    if (events.length === 0) return;
    const sql = 'INSERT OR IGNORE INTO event (at, kind, service, summary, facts) VALUES (?, ?, ?, ?, ?)';
    this.#database.write(() => {
      for (const { at, kind, service, summary, facts } of events) {
        this.#database.run(sql, at, kind, service ? serviceKey(service) : '', summary, JSON.stringify(facts));
      }
    });
    this.#version += 1;
  }

  /** Forgets some of what happened before a moment, or of what there is no room for; returns whether there was any. */
  dropBefore(at: EpochSeconds): boolean {
    const tooMany = (this.#database.number('SELECT count(*) FROM event') ?? 0) - mostEvents;
    const due = this.#database.number('SELECT count(*) FROM (SELECT 1 FROM event WHERE at < ? LIMIT 1)', at) ?? 0;
    if (tooMany <= 0 && due === 0) return false;
    const many = Math.min(droppedAtOnce, tooMany > 0 ? tooMany : droppedAtOnce);
    const until = tooMany > 0 ? Number.MAX_SAFE_INTEGER : at;
    const some = 'SELECT rowid FROM event WHERE at < ? ORDER BY at LIMIT ?';
    this.#database.run(`DELETE FROM event WHERE rowid IN (${some})`, until, many);
    return true;
  }
}

function eventOf([at, kind, service, summary, facts]: Row): MeshEvent {
  return {
    at: at as number,
    kind: kind as MeshEvent['kind'],
    service: parseServiceKey(service as string),
    summary: summary as string,
    facts: factsOf(facts as string),
  };
}

function factsOf(text: string): MeshEvent['facts'] {
  try {
    return JSON.parse(text) as MeshEvent['facts'];
  } catch (cause) {
    throw new Failure('ledger-damaged', 'the ledger is damaged: an event cannot be read', { cause });
  }
}
