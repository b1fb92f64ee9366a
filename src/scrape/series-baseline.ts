import { counterGrowth } from '../domain/counter.js';
import type { GrowthJudgement } from './growth-judgement.js';
import type { SavedTarget } from './saved-target.js';
import { fingerprintBytes } from './series-fingerprint.js';

/** The counters of one scrape: pairs of series number and value. */
export interface CounterValues {
  readonly count: number;
  readonly series: Int32Array;
  readonly values: Float64Array;
  /** Whether lines were unreadable: a counter that is missing may then still be there. */
  readonly incomplete: boolean;
}

const uncounted = -1;

/**
 * The last value of every counter of one target: what the next scrape's growth is counted from.
 *
 * Series have the numbers that the target's reader gave them. A series that a good scrape no longer had has ended: should
 * it come back, it counts from zero.
 */
export class SeriesBaseline {
  /** By series number: its place in the arrays below, or {@link uncounted}. */
  #places = new Int32Array(0);
  #values = new Float64Array(64);
  /** The round in which the series was last there. */
  #seenIn = new Uint32Array(64);
  #fingerprints = new Uint8Array(64 * fingerprintBytes);
  #size = 0;
  /** Number of the last good scrape; before the first one, that of the scrape which was restored. */
  #round = 1;
  #generation: number;
  /** Restored values by fingerprint, until the first good scrape. */
  #restored: ReadonlyMap<string, number> | undefined;

  constructor(saved: Pick<SavedTarget, 'fingerprints' | 'values' | 'generation'> | undefined) {
    this.#generation = saved ? (saved.generation + 1) >>> 0 : 1;
    if (saved) this.#restored = valuesByFingerprint(saved);
  }

  /** Grows whenever a series is learned. */
  get generation(): number {
    return this.#generation;
  }

  /** Series that the last good scrape had. */
  get live(): number {
    let live = 0;
    for (let place = 0; place < this.#size; place++) if (this.#seenIn[place] === this.#round) live += 1;
    return live;
  }

  /** Whether the last good scrape had this series; where a line could not be read, the one before it. */
  has(series: number): boolean {
    const place = this.#places[series] ?? uncounted;
    return place !== uncounted && this.#seenIn[place] === this.#round;
  }

  get fingerprints(): Uint8Array {
    return this.#fingerprints.slice(0, this.#size * fingerprintBytes);
  }

  /** By place, in the order of the fingerprints; below zero where the series has ended. */
  get values(): Float64Array {
    const values = this.#values.slice(0, this.#size);
    for (let place = 0; place < this.#size; place++) if (this.#seenIn[place] !== this.#round) values[place] = -1;
    return values;
  }

  /** Takes up a series; what was restored of it becomes its last value. */
  learn(series: number, fingerprint: Uint8Array): void {
    const place = this.#size++;
    this.#reserve(series, place);
    this.#places[series] = place;
    this.#fingerprints.set(fingerprint, place * fingerprintBytes);
    this.#generation = (this.#generation + 1) >>> 0;
    const restored = this.#restored?.get(fingerprintKey(fingerprint));
    if (restored === undefined) return;
    this.#values[place] = restored;
    this.#seenIn[place] = this.#round;
  }

  /**
   * Counts the growth of every counter since the last good scrape, and remembers the new values.
   *
   * @param grown called with growth above zero
   * @returns counters whose value is no whole number of requests (NaN, infinite, negative, fractional); they are left
   *   alone, and what they grow meanwhile is counted by the next readable value
   */
  count(
    scrape: CounterValues,
    counts: GrowthJudgement['counts'],
    grown: (series: number, growth: number) => void,
  ): number {
    const last = this.#round;
    const round = last + 1;
    let unreadable = 0;
    for (let index = 0; index < scrape.count; index++) {
      const series = scrape.series[index]!;
      const place = this.#places[series] ?? uncounted;
      if (place === uncounted) continue;
      const value = scrape.values[index]!;
      const before = this.#before(place, last, counts);
      this.#seenIn[place] = round;
      if (!Number.isSafeInteger(value) || value < 0) {
        this.#values[place] = before ?? 0;
        unreadable += 1;
        continue;
      }
      this.#values[place] = value;
      if (Number.isNaN(before)) continue;
      const growth = counterGrowth(before, value, 'same');
      if (growth > 0) grown(series, growth);
    }
    if (scrape.incomplete) this.#keepMissing(last, round);
    this.#round = round;
    this.#restored = undefined;
    return unreadable;
  }

  /** What growth is counted from: undefined for zero, NaN when that is not known. */
  #before(place: number, lastRound: number, counts: GrowthJudgement['counts']): number | undefined {
    if (counts === 'remember') return NaN;
    if (counts === 'from-zero' || this.#seenIn[place] !== lastRound) return undefined;
    return this.#values[place];
  }

  #keepMissing(lastRound: number, round: number): void {
    for (let place = 0; place < this.#size; place++) if (this.#seenIn[place] === lastRound) this.#seenIn[place] = round;
  }

  #reserve(series: number, place: number): void {
    if (series >= this.#places.length) {
      const places = new Int32Array(Math.max(64, 2 * series)).fill(uncounted);
      places.set(this.#places);
      this.#places = places;
    }
    if (place < this.#values.length) return;
    const room = 2 * this.#values.length;
    this.#values = copyInto(new Float64Array(room), this.#values);
    this.#seenIn = copyInto(new Uint32Array(room), this.#seenIn);
    this.#fingerprints = copyInto(new Uint8Array(room * fingerprintBytes), this.#fingerprints);
  }
}

function copyInto<T extends Float64Array | Uint32Array | Uint8Array>(to: T, from: T): T {
  to.set(from);
  return to;
}

function valuesByFingerprint({
  fingerprints,
  values,
}: Pick<SavedTarget, 'fingerprints' | 'values'>): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  for (const [place, value] of values.entries()) {
    const at = place * fingerprintBytes;
    if (!(value < 0)) known.set(fingerprintKey(fingerprints.subarray(at, at + fingerprintBytes)), value);
  }
  return known;
}

function fingerprintKey(fingerprint: Uint8Array): string {
  return String.fromCharCode(...fingerprint);
}
