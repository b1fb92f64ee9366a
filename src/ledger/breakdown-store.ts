import type { EpochSeconds } from '../domain/clock.js';
import type { RequestFacts } from '../domain/series-meaning.js';
import type { BadBreakdown } from '../domain/slot-batch.js';
import type { TimeRange } from '../domain/window.js';
import type { Database } from './database.js';
import { Packer, Unpacker } from './packed-bytes.js';

/** Rows that are kept per SLO and slot; what is smaller becomes "other". */
export const largestRows = 20;

const slotSeconds = 300;

/** Number of the rows that nobody could tell facts of, or that were too small to keep. */
const otherFacts = 0;

/** Bad events of one SLO in a range: `rows` (largest first) and `other` add up to `bad`. */
export interface Breakdown {
  /** The range asked for, widened to whole slots of 5 minutes. */
  readonly range: TimeRange;
  readonly bad: number;
  readonly rows: readonly { readonly facts: RequestFacts; readonly bad: number }[];
  readonly other: number;
}

/** Bad events by the number of their facts. */
type Counts = Map<number, number>;

const packer = new Packer();

/**
 * Bad events by what is known of them, per SLO and 5 minutes; facts are written once and numbered.
 *
 * Unplaced events stand in the slot that they became known in.
 */
export class BreakdownStore {
  readonly #database: Database;
  readonly #numbers = new Map<string, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds to a slot; where the rows of an SLO hold less than its bad events, the rest is "other". */
  add(
    start: EpochSeconds,
    badOf: ReadonlyMap<number, number>,
    rowsOf: ReadonlyMap<number, readonly BadBreakdown[]>,
  ): void {
    for (const [slo, bad] of badOf) {
      const counts: Counts = new Map();
      let rest = bad;
      for (const row of rowsOf.get(slo) ?? []) {
        rest -= row.bad;
        increase(counts, this.#numberOf(row.facts), row.bad);
      }
      if (rest > 0) increase(counts, otherFacts, rest);
      this.#addTo(slotId(slo, start), counts);
    }
  }

  /** One SLO over a range. */
  read(slo: number, { from, to }: TimeRange): Breakdown {
    const range = {
      from: Math.floor(from / slotSeconds) * slotSeconds,
      to: Math.ceil(to / slotSeconds) * slotSeconds,
    };
    const counts: Counts = new Map();
    const sql = 'SELECT rows FROM breakdown WHERE id >= ? AND id < ?';
    for (const [bytes] of this.#database.rows(sql, slotId(slo, range.from), slotId(slo, range.to))) {
      for (const [facts, bad] of unpackCounts(bytes as Buffer)) increase(counts, facts, bad);
    }
    const other = counts.get(otherFacts) ?? 0;
    counts.delete(otherFacts);
    const rows = largestFirst(counts).map(([facts, bad]) => ({ facts: this.#factsOf(facts), bad }));
    return { range, bad: rows.reduce((sum, row) => sum + row.bad, other), rows, other };
  }

  /** Moves rows of a stretch into slots of 15 minutes. */
  coarsen(slos: number, { from, to }: TimeRange): void {
    for (let slo = 0; slo < slos; slo++) {
      const sql = 'SELECT id, rows FROM breakdown WHERE id >= ? AND id < ? AND id % 3 <> ?';
      // Ids count slots of 5 minutes; 2^24 is 1 more than a multiple of 3, so the SLO shifts the remainder.
      for (const [id, bytes] of this.#database.rows(sql, slotId(slo, from), slotId(slo, to), slo % 3)) {
        this.#addTo((id as number) - (((id as number) - slo) % 3), unpackCounts(bytes as Buffer));
        this.#database.run('DELETE FROM breakdown WHERE id = ?', id as number);
      }
    }
  }

  drop(slos: number, { from, to }: TimeRange): void {
    for (let slo = 0; slo < slos; slo++) {
      this.#database.run('DELETE FROM breakdown WHERE id >= ? AND id < ?', slotId(slo, from), slotId(slo, to));
    }
  }

  /** Forgets what a transaction that failed has left in memory. */
  reset(): void {
    this.#numbers.clear();
  }

  #addTo(id: number, added: Counts): void {
    const row = this.#database.row('SELECT rows FROM breakdown WHERE id = ?', id);
    const counts: Counts = row ? unpackCounts(row[0] as Buffer) : new Map();
    for (const [facts, bad] of added) increase(counts, facts, bad);
    this.#database.run('INSERT OR REPLACE INTO breakdown VALUES (?, ?)', id, packCounts(counts));
  }

  #numberOf({ caller, callerCluster, version, method, flags, code }: RequestFacts): number {
    const text = JSON.stringify([caller, callerCluster, version, method, flags, code]);
    let number = this.#numbers.get(text);
    if (number !== undefined) return number;
    this.#database.run('INSERT OR IGNORE INTO facts (facts) VALUES (?)', text);
    number = this.#database.number('SELECT ordinal FROM facts WHERE facts = ?', text)!;
    if (this.#numbers.size > 100_000) this.#numbers.clear();
    this.#numbers.set(text, number);
    return number;
  }

  #factsOf(number: number): RequestFacts {
    const text = this.#database.row('SELECT facts FROM facts WHERE ordinal = ?', number)![0] as string;
    const [caller, callerCluster, version, method, flags, code] = JSON.parse(text) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    return { caller, callerCluster, version, method, flags, code };
  }
}

function slotId(slo: number, start: EpochSeconds): number {
  return slo * 2 ** 24 + Math.ceil(start / slotSeconds);
}

function increase(counts: Counts, facts: number, bad: number): void {
  counts.set(facts, (counts.get(facts) ?? 0) + bad);
}

function largestFirst(counts: Counts): (readonly [facts: number, bad: number])[] {
  return [...counts].sort(([a, badA], [b, badB]) => badB - badA || a - b);
}

function packCounts(counts: Counts): Uint8Array {
  let other = counts.get(otherFacts) ?? 0;
  counts.delete(otherFacts);
  const sorted = largestFirst(counts);
  for (const [, bad] of sorted.slice(largestRows)) other += bad;
  packer.varint(other);
  packer.varint(Math.min(sorted.length, largestRows));
  for (const [facts, bad] of sorted.slice(0, largestRows)) {
    packer.varint(facts);
    packer.varint(bad);
  }
  return packer.seal();
}

function unpackCounts(bytes: Uint8Array): Counts {
  const unpacker = new Unpacker(bytes, 'a breakdown');
  const counts: Counts = new Map([[otherFacts, unpacker.varint()]]);
  for (let left = unpacker.varint(); left > 0; left--) counts.set(unpacker.varint(), unpacker.varint());
  return counts;
}
