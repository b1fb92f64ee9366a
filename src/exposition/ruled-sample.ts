import type { Labels } from './exposition.js';
import { labelsOf } from './label-text.js';
import type { LineCursor } from './line-cursor.js';
import { textOf } from './utf8.js';

/** A sample as the strict rules see it: decoded, and with its line. */
export interface RuledSample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
  /** As written; undefined where there is none. */
  readonly timestamp: number | undefined;
  /** Characters in names and values of the exemplar's labels; undefined where there is no exemplar. */
  readonly exemplarCharacters: number | undefined;
  readonly line: number;
}

/** The sample that the cursor stands on. */
export function ruledSample(body: Uint8Array, cursor: LineCursor): RuledSample {
  const { scanner, line } = cursor;
  const { labels, labelCount, timestamp } = scanner;
  let exemplarCharacters: number | undefined;
  if (scanner.hasExemplar) {
    exemplarCharacters = 0;
    for (const [name, value] of labelsOf(body, labels, labelCount, scanner.labelsEnd)) {
      exemplarCharacters += name.length + Array.from(value).length;
    }
  }
  return {
    name: textOf(body, scanner.nameStart, scanner.nameEnd),
    labels: labelsOf(body, labels, 0, labelCount),
    value: scanner.value,
    timestamp: Number.isNaN(timestamp) ? undefined : timestamp,
    exemplarCharacters,
    line,
  };
}
