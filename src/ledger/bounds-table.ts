import type { Database } from './database.js';
import { NumberTable } from './number-table.js';
import type { BoundsNumbers } from './signal-cells.js';
import { sameBounds } from './signals.js';

/** Lists of bucket bounds, of which there are few: each is written once. */
export class BoundsTable implements BoundsNumbers {
  readonly #texts: NumberTable;
  readonly #lists = new Map<number, readonly number[]>();
  /** The list that was numbered last: nearly always the next one is the same. */
  #last: { readonly list: readonly number[]; readonly number: number } | undefined;

  constructor(database: Database) {
    this.#texts = new NumberTable(database, 'latency_bounds');
  }

  numberOf(boundsSeconds: readonly number[]): number {
    if (this.#last && sameBounds(this.#last.list, boundsSeconds)) return this.#last.number;
    // JSON knows no Infinity.
    const number = this.#texts.numberOf(
      JSON.stringify(boundsSeconds.map((bound) => (bound === Infinity ? null : bound))),
    );
    this.#last = { list: boundsSeconds, number };
    return number;
  }

  boundsOf(number: number): readonly number[] {
    let list = this.#lists.get(number);
    if (!list) {
      list = (JSON.parse(this.#texts.textOf(number)) as (number | null)[]).map((bound) => bound ?? Infinity);
      this.#lists.set(number, list);
    }
    return list;
  }

  /** Forgets what a transaction that failed has left in memory. */
  reset(): void {
    this.#texts.reset();
    this.#lists.clear();
    this.#last = undefined;
  }
}
