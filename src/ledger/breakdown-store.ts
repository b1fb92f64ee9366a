import type { EpochSeconds } from '../domain/clock.js';
import { factNames, type RequestFacts } from '../domain/series-meaning.js';
import type { BadBreakdown } from '../domain/slot-batch.js';
import type { TimeRange } from '../domain/window.js';
import type { Database } from './database.js';
import { Packer, Unpacker } from './packed-bytes.js';

/** Rows that are kept per SLO and slot; what is smaller becomes "other". */
export const largestRows = 20;

const slotSeconds = 300;

/** The range widened to whole slots of the breakdown. */
export function wholeSlots({ from, to }: TimeRange): TimeRange {
  return { from: Math.floor(from / slotSeconds) * slotSeconds, to: Math.ceil(to / slotSeconds) * slotSeconds };
}

/** Number of the rows that nobody could tell facts of, or that were too small to keep. */
const otherFacts = 0;

/**
 * Bad events of one SLO in a range: `rows` (largest first) and `other` add up to `bad`, and `bad` is what the sums of the
 * range say. (More only where a gap ended before the range and became known within it.)
 */
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

  /** Adds rows to a slot. */
  add(start: EpochSeconds, rowsOf: ReadonlyMap<number, readonly BadBreakdown[]>): void {
    for (const [slo, rows] of rowsOf) {
      const counts: Counts = new Map();
      // Small rows are never kept: do not number their facts, of which the network may invent any amount.
      const sorted = [...rows].sort((x, y) => y.bad - x.bad);
      for (const row of sorted.slice(0, largestRows)) increase(counts, this.#numberOf(row.facts), row.bad);
      for (const row of sorted.slice(largestRows)) increase(counts, otherFacts, row.bad);
      this.#addTo(slotId(slo, start), counts);
    }
  }

  /**
   * One SLO over a range of whole slots.
   *
   * @param bad its bad events in the range; what no row tells of is "other"
   */
  read(slo: number, range: TimeRange, bad: number): Breakdown {
    const counts: Counts = new Map();
    const sql = 'SELECT rows FROM breakdown WHERE id >= ? AND id < ?';
    for (const [bytes] of this.#database.rows(sql, slotId(slo, range.from), slotId(slo, range.to))) {
      for (const [facts, count] of unpackCounts(bytes as Buffer)) increase(counts, facts, count);
    }
    const tooSmall = counts.get(otherFacts) ?? 0;
    counts.delete(otherFacts);
    const rows = largestFirst(counts).map(([facts, count]) => ({ facts: this.#factsOf(facts), bad: count }));
    const told = rows.reduce((sum, row) => sum + row.bad, 0);
    const other = Math.max(tooSmall, bad - told);
    return { range, bad: told + other, rows, other };
  }

  /** Bad events that rows tell of, per SLO. */
  totals(): ReadonlyMap<number, number> {
    const totals: Counts = new Map();
    for (let last = -1; ;) {
      const page = this.#database.rows('SELECT id, rows FROM breakdown WHERE id > ? ORDER BY id LIMIT 1000', last);
      if (page.length === 0) return totals;
      for (const [id, bytes] of page) {
        const slo = Math.floor((id as number) / 2 ** 24);
        for (const bad of unpackCounts(bytes as Buffer).values()) increase(totals, slo, bad);
      }
      last = page.at(-1)![0] as number;
    }
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

  /**
   * Forgets what is told of the slots of 5 minutes that a range touches, because a part of it is no longer counted: their
   * bad events become "other".
   */
  forget(range: TimeRange): void {
    const slos = this.#database.number('SELECT max(ordinal) + 1 FROM slo') ?? 0;
    this.drop(slos, wholeSlots(range));
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
    const counts: Counts = row ? unpackCounts(row[0] as Buffer) : new Map<number, number>();
    for (const [facts, bad] of added) increase(counts, facts, bad);
    this.#database.run('INSERT OR REPLACE INTO breakdown VALUES (?, ?)', id, packCounts(counts));
  }

  #numberOf(facts: RequestFacts): number {
    const text = textOf(facts);
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
    const known = JSON.parse(text) as Partial<RequestFacts>;
    return Object.fromEntries(factNames.map((name) => [name, known[name] ?? ''])) as unknown as RequestFacts;
  }
}

/** Facts by name, without the unknown ones: the same text for the same facts, also when a later meshslo knows more names. */
function textOf(facts: RequestFacts): string {
  return JSON.stringify(Object.fromEntries(factNames.flatMap((name) => (facts[name] ? [[name, facts[name]]] : []))));
}

function slotId(slo: number, start: EpochSeconds): number {
  return slo * 2 ** 24 + start / slotSeconds;
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
  const counts = new Map<number, number>([[otherFacts, unpacker.varint()]]);
  for (let left = unpacker.varint(); left > 0; left--) counts.set(unpacker.varint(), unpacker.varint());
  return counts;
}
