import { Failure } from '../domain/failure.js';
import { isEndOfFile } from './format.js';
import { defaultMaxLineBytes } from './line-cursor.js';
import { LineReplay } from './line-replay.js';
import { LineScanner, metricNameEnd } from './line-scanner.js';
import { LineScript } from './line-script.js';
import { exactDigits } from './number-text.js';
import { type SeriesIdentity, SeriesTable } from './series-table.js';
import { asBuffer } from './utf8.js';
import { WantedNames } from './wanted-names.js';
import { WantedSamples } from './wanted-samples.js';

/** The wanted samples of one body. The arrays belong to the reader: they are overwritten by its next read. */
export interface SelectiveScrape {
  /** Wanted samples in this body: so many entries of `series` and `values` are valid. */
  readonly count: number;
  /** The series of the i-th wanted sample. */
  readonly series: Int32Array;
  readonly values: Float64Array;
  /** Series with this index or a higher one were met for the first time in this read. */
  readonly firstNew: number;
  /** Broken lines among those that the reader had to look at: the wanted ones, and those without a readable name. */
  readonly badLines: number;
  /** Second and further samples of one series in this body; the first one counts. */
  readonly duplicates: number;
  /** Samples of all names; the unwanted ones are counted by their name alone. */
  readonly totalSamples: number;
  /** Whether the last line has no newline: the body may have been cut off, and that line is not read. */
  readonly truncated: boolean;
}

export interface SelectiveLimits {
  /** Wanted series in one body. Over the life of the reader it learns at most four times as many. */
  readonly maxSeries?: number;
  /** Lines of any kind in one body: what one scrape may cost, however little of it is wanted. */
  readonly maxLines?: number;
  /** A longer line is a bad line. */
  readonly maxLineBytes?: number;
}

/** The widest gap worth keeping behind a beginning: a plain integer and its newline. */
const widestGap = exactDigits + 1;

const newline = 0x0a;
const carriageReturn = 0x0d;
const hash = 0x23;

/**
 * Reads the wanted series out of the bodies that one target sends, scrape after scrape, by *replaying* its lines.
 *
 * A target prints the same lines in the same order every time; only numbers change. The reader keeps a *script* of the
 * last body: its wanted lines, each with its remembered beginning. Those of the next body are held against it; of the
 * other lines it needs no more than that their names are none of the wanted ones.
 *
 * A wanted line that is not the expected one is taken apart like any other text and looked up, and the script is picked up again
 * behind the place where it stands. So the script decides only how fast a line is understood, never as what: the result is
 * that of the complete tolerant reader (with `lastLine: 'drop'`) for the wanted names, whatever the target does between two
 * scrapes.
 *
 * @see LineReplay for what exactly is verified
 * @see readExposition
 */
export class SelectiveReader {
  private readonly wanted: WantedNames;
  private readonly maxSeries: number;
  private readonly maxLineBytes: number;
  private readonly scanner = new LineScanner('tolerant');

  private table = new SeriesTable();

  private readonly script = new LineScript();
  private readonly samples: WantedSamples;
  private readonly lineReplay: LineReplay;

  /** @param sampleNames those that are wanted, suffixes included, e.g. `istio_requests_total`. */
  constructor(sampleNames: Iterable<string>, limits: SelectiveLimits = {}) {
    this.wanted = new WantedNames(sampleNames);
    this.maxSeries = limits.maxSeries ?? 50_000;
    this.maxLineBytes = limits.maxLineBytes ?? defaultMaxLineBytes;
    this.samples = new WantedSamples({ maxSeries: this.maxSeries, maxLines: limits.maxLines ?? 1_000_000 });
    this.lineReplay = new LineReplay(this.wanted, this.script, this.samples, this.maxLineBytes);
  }

  /** How many series have been met so far, those that are gone included. */
  get seriesKnown(): number {
    return this.table.count;
  }

  /** Name and labels of a series; labels without a value are left out. */
  series(index: number): SeriesIdentity {
    return this.table.identity(index);
  }

  /**
   * Reads one whole body, in either format.
   *
   * @throws Failure `too-many-series`, `body-too-large`; the reader is then as it was before, and the body counts as not read.
   */
  read(body: Uint8Array): SelectiveScrape {
    const firstNew = this.table.count;
    this.forgetExcess();
    const { samples } = this;
    samples.begin();

    const bytes = asBuffer(body);
    const end = bytes.lastIndexOf(newline) + 1;
    try {
      this.readLines(bytes, end);
    } catch (error) {
      this.forget(firstNew);
      throw error;
    }
    if (end < bytes.length) this.readCutLine(bytes, end);
    if (this.table.count > firstNew) this.table.lines.trim();
    return {
      count: samples.count,
      series: samples.series,
      values: samples.values,
      firstNew,
      badLines: samples.badLines,
      duplicates: samples.duplicates,
      totalSamples: samples.total,
      truncated: end < bytes.length && !isEndOfFile(bytes, end, bytes.length),
    };
  }

  /** Reads the lines in [0, end); the last byte is a newline, so every loop over a line ends within the body. */
  private readLines(body: Buffer, end: number): void {
    const { script, lineReplay, table, samples } = this;
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    script.begin();
    lineReplay.begin();
    let at = 0;
    while (at < end) {
      // Replay compares numbers for bytes, which is not exact where there are NULs.
      if (!table.lines.anyNul) at = lineReplay.run(body, view, at, end, table);
      samples.refuseExcess();
      if (at === end) break;
      const lineEnd = body.indexOf(newline, at);
      const line = this.understand(body, view, at, lineEnd);
      if (line !== undefined) script.note(line);
      at = lineEnd + 1;
    }
    samples.refuseExcess();
    script.finish();
    lineReplay.finish(table);
  }

  /** Reads a line without help; its number, or undefined for one that has none (comment, blank, unwanted, broken). */
  private understand(body: Buffer, view: DataView, start: number, lineEnd: number): number | undefined {
    const end = lineEnd > start && body[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    if (end - start > this.maxLineBytes) {
      this.bad();
      return;
    }
    let first = start;
    while (first < end && (body[first] === 0x20 || body[first] === 0x09)) first++;
    if (first === end || body[first] === hash) {
      this.samples.passOver();
      return;
    }
    const nameEnd = metricNameEnd(body, first, end);
    if (nameEnd === first) {
      this.bad();
      return;
    }
    if (!this.wanted.has(body, first, nameEnd)) {
      this.samples.total++;
      return;
    }

    const { table, scanner } = this;
    if (!scanner.scan(body, start, end)) {
      this.bad();
      return;
    }
    const { valueStart, value } = scanner;
    let line = table.lines.find(body, view, start, valueStart);
    if (line < 0) line = this.learn(body, start, valueStart, Math.min(lineEnd + 1 - valueStart, widestGap));
    this.samples.take(table.seriesOfLine[line]!, value);
    return line;
  }

  private learn(body: Buffer, start: number, valueAt: number, gap: number): number {
    const line = this.table.learn(body, start, valueAt, gap);
    const { count } = this.table;
    if (count > this.maxSeries * 4) {
      throw new Failure(
        'too-many-series',
        `the target has shown more than ${this.maxSeries * 4} wanted series in its life`,
        {
          hint: 'Drop a label that changes all the time, or begin with a new reader.',
        },
      );
    }
    this.samples.reserve(count);
    return line;
  }

  private bad(): undefined {
    this.samples.badLines++;
    return undefined;
  }

  /** A last line without a newline: `12` may have been `1234`, so a sample there is bad, and all else is passed over. */
  private readCutLine(body: Buffer, start: number): void {
    const end = body[body.length - 1] === carriageReturn ? body.length - 1 : body.length;
    let first = start;
    while (first < end && (body[first] === 0x20 || body[first] === 0x09)) first++;
    if (end - start > this.maxLineBytes || (first < end && body[first] !== hash)) this.samples.badLines++;
  }

  /** Bounds what a target can make the reader remember by writing its labels in ever new ways. */
  private forgetExcess(): void {
    const { lines, count } = this.table;
    if (lines.count > 2 * count + this.maxSeries) this.forget(count);
  }

  /** Forgets all but the first spelling of the first series. */
  private forget(count: number): void {
    this.table = this.table.firstSeries(count);
    this.script.clear();
  }
}
