/** The numbers in an array with room for at least `length`, and for twice as many as before. */
export function grownTo(numbers: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(Math.max(length, numbers.length * 2));
  grown.set(numbers);
  return grown;
}
