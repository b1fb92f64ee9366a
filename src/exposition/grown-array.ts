/** The numbers in an array with room for at least `length`, and for twice as many as before. */
export function grownTo(numbers: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(grownLength(numbers, length));
  grown.set(numbers);
  return grown;
}

/** The same for small numbers, in [0, 255]. */
export function grownBytesTo(numbers: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(grownLength(numbers, length));
  grown.set(numbers);
  return grown;
}

function grownLength(numbers: ArrayLike<number>, length: number): number {
  return Math.max(length, numbers.length * 2);
}
