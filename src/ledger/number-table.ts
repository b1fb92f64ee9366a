import type { Database } from './database.js';

/** Texts that are written once and numbered from 1: the same text has the same number for good. */
export class NumberTable {
  readonly #database: Database;
  readonly #table: 'service' | 'latency_bounds';
  readonly #numbers = new Map<string, number>();
  readonly #texts = new Map<number, string>();

  /** @param table with the columns `ordinal` and `text` */
  constructor(database: Database, table: 'service' | 'latency_bounds') {
    this.#database = database;
    this.#table = table;
  }

  /** The number of a text; a new one for a text that has none. */
  numberOf(text: string): number {
    const known = this.find(text);
    if (known !== undefined) return known;
    this.#database.run(`INSERT INTO ${this.#table} (text) VALUES (?)`, text);
    return this.find(text)!;
  }

  /** Undefined for a text that has none. */
  find(text: string): number | undefined {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#database.number(`SELECT ordinal FROM ${this.#table} WHERE text = ?`, text);
    if (number !== undefined) this.#numbers.set(text, number);
    return number;
  }

  textOf(number: number): string {
    const known = this.#texts.get(number);
    if (known !== undefined) return known;
    const text = this.#database.row(`SELECT text FROM ${this.#table} WHERE ordinal = ?`, number)![0] as string;
    this.#texts.set(number, text);
    return text;
  }

  /** All of them. */
  numbers(): readonly number[] {
    return this.#database
      .rows(`SELECT ordinal FROM ${this.#table} ORDER BY ordinal`)
      .map(([number]) => number as number);
  }

  /** The largest number; 0 where there is none. */
  largest(): number {
    return this.#database.number(`SELECT max(ordinal) FROM ${this.#table}`) ?? 0;
  }

  /** Forgets what a transaction that failed has left in memory. */
  reset(): void {
    this.#numbers.clear();
    this.#texts.clear();
  }
}
