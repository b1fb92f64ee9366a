import { createHash } from 'node:crypto';

/** How things are told apart and weighed. */
interface Weighing<T> {
  /** The same thing has the same key, whoever else is there. */
  readonly keyOf: (thing: T) => string;
  readonly weightOf: (thing: T) => number;
  /** What a portion weighs at most, unless one thing alone weighs more. */
  readonly most: number;
}

/** Things that stay together. */
export interface Portion<T> {
  /** Binary digits, ending in `1`; empty for the first portion. */
  readonly name: string;
  readonly things: readonly T[];
}

/**
 * Things in portions that hardly notice who comes and goes: a portion that has grown too heavy gives about half of its
 * things to a new one and keeps its name, and all others stay as they are.
 *
 * Portions are the leaves of a binary trie over the digests of keys. One that goes on with digits `0` only keeps the name.
 */
export function steadyPortions<T>(things: readonly T[], weighing: Weighing<T>): readonly Portion<T>[] {
  const { keyOf, weightOf } = weighing;
  const weighed = things.map((thing) => ({ thing, digits: digitsOf(keyOf(thing)), weight: weightOf(thing) }));
  return split(weighed, '', weighing.most).map(({ name, things: own }) => ({
    name,
    things: own.map(({ thing }) => thing),
  }));
}

interface Weighed<T> {
  readonly thing: T;
  readonly digits: string;
  readonly weight: number;
}

function split<T>(things: readonly Weighed<T>[], path: string, most: number): readonly Portion<Weighed<T>>[] {
  if (things.length === 0) return [];
  const weight = things.reduce((sum, one) => sum + one.weight, 0);
  const isLeaf = weight <= most || things.length === 1 || path.length >= things[0]!.digits.length;
  if (isLeaf) return [{ name: path.replace(/0+$/, ''), things }];
  return ['0', '1'].flatMap((digit) =>
    split(
      things.filter(({ digits }) => digits[path.length] === digit),
      path + digit,
      most,
    ),
  );
}

/** Sixty-four binary digits, as good as random. */
function digitsOf(key: string): string {
  const number = createHash('sha256').update(key).digest().readBigUInt64BE();
  return number.toString(2).padStart(64, '0');
}
