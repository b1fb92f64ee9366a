const zero = 0x30;
const nine = 0x39;

/** The most decimal digits that every float64 integer of that length can hold exactly. */
export const exactDigits = 15;

/** Decimal numbers as both formats write them: neither hexadecimal nor underscores, NaN without a sign. */
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const infinite = /^([+-]?)inf(?:inity)?$/i;

/**
 * The number that the bytes in [start, end) spell, exactly as `Number` would round it; undefined where they spell none.
 *
 * @see https://pkg.go.dev/strconv#ParseFloat without its hexadecimal forms, as Prometheus reads it
 */
export function numberOfBytes(bytes: Uint8Array, start: number, end: number): number | undefined {
  const length = end - start;
  if (length > 0 && length <= exactDigits) {
    let value = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = bytes[at]! - zero;
      if (digit < 0 || digit > nine - zero) break;
      value = value * 10 + digit;
    }
    if (at === end) return value;
  }
  return numberOfText(latin1(bytes, start, end));
}

/** The number that a text spells, by the same rule. */
export function numberOfText(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  const infinity = infinite.exec(text);
  if (infinity !== null) return infinity[1] === '-' ? -Infinity : Infinity;
  return /^nan$/i.test(text) ? NaN : undefined;
}

/** Longer than any number that somebody means: bounds the work on hostile bytes. */
const longestNumber = 1024;

function latin1(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > longestNumber) return '';
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}
