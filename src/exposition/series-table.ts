import type { Labels } from './exposition.js';
import { grownTo } from './grown-array.js';
import { labelsOf } from './label-text.js';
import { LineMemory } from './line-memory.js';
import { LineScanner } from './line-scanner.js';
import { seriesKey } from './series-key.js';
import { textOf } from './utf8.js';

/** A series by name and labels; labels without a value are left out, as they mean nothing. */
export interface SeriesIdentity {
  readonly name: string;
  readonly labels: Labels;
}

/**
 * The series that a target has shown, each known by one or more spellings (the same labels in another order).
 *
 * A series is a number, given out from 0 in the order of first sight. Names and labels are not kept as objects: they are
 * read again out of the remembered beginning of the line when somebody asks.
 */
export class SeriesTable {
  /** Beginnings of wanted lines, each of which is one series. */
  readonly lines = new LineMemory();
  count = 0;
  /** The series of a beginning. */
  seriesOfLine = new Int32Array(1 << 8);

  private firstLine = new Int32Array(1 << 8);
  /** The latest series of a hash of the identity; those before it are chained through `previous`. */
  private readonly byHash = new Map<number, number>();
  private previous = new Int32Array(1 << 8);
  private readonly scanner = new LineScanner('tolerant');

  /**
   * Remembers the beginning of a good line and returns its number; `seriesOfLine` tells the series, which may be new.
   *
   * @param gap bytes to leave free behind it, for its value and newline.
   */
  learn(body: Uint8Array, start: number, end: number, gap: number): number {
    const line = this.lines.add(body, start, end, gap);
    if (line >= this.seriesOfLine.length) this.seriesOfLine = grownTo(this.seriesOfLine, line + 1);
    this.seriesOfLine[line] = this.seriesOf(line);
    return line;
  }

  identity(series: number): SeriesIdentity {
    return this.identityOfLine(this.firstLine[series]!);
  }

  /** The table with the first `count` series, each by its first spelling only, under the same numbers. */
  firstSeries(count: number): SeriesTable {
    const table = new SeriesTable();
    for (let series = 0; series < count; series++) {
      const bytes = this.lines.bytesOf(this.firstLine[series]!);
      table.learn(bytes, 0, bytes.length, 0);
    }
    return table;
  }

  private seriesOf(line: number): number {
    const key = this.keyOfLine(line);
    const hash = hashOfText(key);
    const latest = this.byHash.get(hash);
    for (let series = latest ?? -1; series >= 0; series = this.previous[series]!) {
      if (this.keyOfLine(this.firstLine[series]!) === key) return series;
    }
    const series = this.count++;
    if (series >= this.firstLine.length) {
      this.firstLine = grownTo(this.firstLine, this.count);
      this.previous = grownTo(this.previous, this.count);
    }
    this.firstLine[series] = line;
    this.previous[series] = latest ?? -1;
    this.byHash.set(hash, series);
    return series;
  }

  private keyOfLine(line: number): string {
    const { name, labels } = this.identityOfLine(line);
    return seriesKey(name, labels);
  }

  private identityOfLine(line: number): SeriesIdentity {
    const bytes = this.lines.bytesOf(line);
    const { scanner } = this;
    // A beginning has no value, so the scan fails behind the labels: they are what is wanted.
    scanner.scan(bytes, 0, bytes.length);
    const labels = new Map(labelsOf(bytes, scanner.labels, 0, scanner.labelCount));
    for (const [label, value] of labels) if (value === '') labels.delete(label);
    return { name: textOf(bytes, scanner.nameStart, scanner.nameEnd), labels };
  }
}

function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
