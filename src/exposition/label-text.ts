import type { Labels } from './exposition.js';
import { textOf } from './utf8.js';

/** The labels whose offsets stand in `offsets` from label `first` to label `last` (not included), four numbers each. */
export function labelsOf(bytes: Uint8Array, offsets: Int32Array, first: number, last: number): Labels {
  const labels = new Map<string, string>();
  for (let slot = first * 4; slot < last * 4; slot += 4) {
    labels.set(
      textOf(bytes, offsets[slot]!, offsets[slot + 1]!),
      withoutEscapes(textOf(bytes, offsets[slot + 2]!, offsets[slot + 3]!)),
    );
  }
  return labels;
}

/** A label value or a help text with its escapes resolved. A backslash before any other character stands for itself. */
export function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
