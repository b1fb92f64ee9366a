import { Failure } from '../domain/failure.js';
import { isEndOfFile } from './format.js';
import { defaultMaxLineBytes } from './line-cursor.js';
import { isNameByte, LineScanner, metricNameEnd } from './line-scanner.js';
import { type SeriesIdentity, SeriesTable, unwantedName } from './series-table.js';
import { asBuffer, textOf } from './utf8.js';

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
  /** A longer line is a bad line. */
  readonly maxLineBytes?: number;
}

/** Enough for the largest body that anybody scrapes; lines beyond it are read without replay. */
const longestScript = 1 << 20;
/** Unwanted names are remembered up to here, then forgotten: a target may invent new ones for ever. */
const mostNames = 1 << 15;
/** How far ahead in the script a line is looked for that is not the expected one. */
const lookahead = 64;
/** How often in one body the whole script is searched for a line. */
const mostWalks = 32;
/** From this length on the native comparison makes up for what calling it costs (about 100 ns). */
const nativeLength = 300;
/** Integers of so many digits are exact however they are added up. */
const exactDigits = 15;

const newline = 0x0a;
const carriageReturn = 0x0d;
const hash = 0x23;

/**
 * Reads the wanted series out of the bodies that one target sends, scrape after scrape, by *replaying* its lines.
 *
 * A target prints the same lines in the same order every time; only numbers change. The reader keeps a *script* of the
 * last body: for each line its remembered beginning (wanted) or its name (unwanted). On the next body it verifies, line by
 * line and in order:
 *
 * - a wanted line: all bytes before the value equal the remembered ones, so name and labels are those of the remembered
 *   series; the rest of the line is read afresh;
 * - an unwanted line: the name equals the remembered one byte for byte and ends there, so `wants` has refused it already;
 *   the line is skipped to its newline. Its length may change, and no line can hide in it, because every newline is looked
 *   for: a line starts behind each newline, and each is verified from its start.
 *
 * A line that is not the expected one is taken apart like any other text and looked up, and the script is picked up again
 * behind the place where it stands. So the script decides only how fast a line is understood, never as what: the result is
 * that of the complete tolerant reader (with `lastLine: 'drop'`) for the wanted names, whatever the target does between two
 * scrapes.
 *
 * @see readExposition
 */
export class SelectiveReader {
  private readonly wants: (sampleName: string) => boolean;
  private readonly maxSeries: number;
  private readonly maxLineBytes: number;
  private readonly scanner = new LineScanner('tolerant');

  private table = new SeriesTable();
  private namesKnown = 0;

  /** Lines of the last body in order, by what is remembered of them, plus 1. */
  private script = new Int32Array(1 << 8);
  private scriptLength = 0;
  private nextScript = new Int32Array(1 << 8);
  /** Where the current read stands: in the body, in the script, in the next script. */
  private at = 0;
  private position = 0;
  private written = 0;

  /** The read in which a series was last seen. */
  private seen = new Int32Array(1 << 8);
  private reads = 0;
  private walks = 0;
  private series_ = new Int32Array(1 << 8);
  private values = new Float64Array(1 << 8);
  private count = 0;
  private badLines = 0;
  private duplicates = 0;
  private totalSamples = 0;

  /** @param wants decides, once per sample name as long as it is remembered, e.g. `istio_requests_total`. */
  constructor(wants: (sampleName: string) => boolean, limits: SelectiveLimits = {}) {
    this.wants = wants;
    this.maxSeries = limits.maxSeries ?? 50_000;
    this.maxLineBytes = limits.maxLineBytes ?? defaultMaxLineBytes;
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
   * @throws Failure `too-many-series`; the reader is then as it was before, and the body counts as not read.
   */
  read(body: Uint8Array): SelectiveScrape {
    const firstNew = this.table.count;
    this.forgetExcess();
    this.reads++;
    this.count = 0;
    this.badLines = 0;
    this.duplicates = 0;
    this.totalSamples = 0;

    const bytes = asBuffer(body);
    const end = bytes.lastIndexOf(newline) + 1;
    try {
      this.replay(bytes, end);
    } catch (error) {
      this.forget(firstNew);
      throw error;
    }
    if (end < bytes.length) this.readCutLine(bytes, end);
    if (this.table.count > firstNew) this.table.lines.trim();
    return {
      count: this.count,
      series: this.series_,
      values: this.values,
      firstNew,
      badLines: this.badLines,
      duplicates: this.duplicates,
      totalSamples: this.totalSamples,
      truncated: end < bytes.length && !isEndOfFile(bytes, end, bytes.length),
    };
  }

  /** Reads the lines in [0, end); the last byte is a newline, so every loop over a line ends within the body. */
  private replay(body: Buffer, end: number): void {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.at = 0;
    this.position = 0;
    this.written = 0;
    while (this.at < end) {
      if (!this.table.lines.anyNul) this.replayExpected(body, view, end);
      if (this.at < end) this.readUnexpected(body, view);
    }
    const { script } = this;
    this.script = this.nextScript;
    this.nextScript = script;
    this.scriptLength = this.written;
  }

  /** Reads on as long as each line is the one that the script expects, or a comment. */
  private replayExpected(body: Buffer, view: DataView, end: number): void {
    const { script, scriptLength, maxLineBytes } = this;
    const { seriesOfLine, lines } = this.table;
    const { offsets, view: known, bytes: knownBytes } = lines.arrays();
    if (this.nextScript.length < this.written + scriptLength) {
      this.nextScript = grownTo(this.nextScript, this.written + scriptLength);
    }
    const { nextScript } = this;
    let { at, position, written } = this;
    let unwanted = 0;

    next: while (at < end) {
      if (body[at] === hash) {
        const lineEnd = body.indexOf(newline, at);
        if (lineEnd - at > maxLineBytes) break;
        at = lineEnd + 1;
        continue;
      }
      if (position === scriptLength) break;
      const line = script[position]! - 1;
      const start = offsets[line]!;
      const length = offsets[line + 1]! - start;
      const behind = at + length;
      if (behind >= end) break;
      // As in LineMemory.matches, written out: this comparison is most of what a replay costs.
      if (length >= nativeLength) {
        if (body.compare(knownBytes, start, start + length, at, behind) !== 0) break;
      } else if (length >= 8) {
        const last = length - 8;
        if (known.getFloat64(start + last, true) !== view.getFloat64(at + last, true)) break;
        for (let index = 0; index < last; index += 8) {
          if (known.getFloat64(start + index, true) !== view.getFloat64(at + index, true)) break next;
        }
      } else if (!lines.matches(line, view, at)) break;

      const series = seriesOfLine[line]!;
      if (series < 0) {
        if (isNameByte(body[behind]!)) break;
        unwanted++;
        at = body.indexOf(newline, behind) + 1;
      } else {
        let value = 0;
        let digitAt = behind;
        let digit = body[digitAt]! - 0x30;
        while (digit >= 0 && digit <= 9) {
          value = value * 10 + digit;
          digit = body[++digitAt]! - 0x30;
        }
        const digits = digitAt - behind;
        let lineEnd = digitAt;
        if (digit === newline - 0x30 && digits > 0 && digits <= exactDigits && digitAt - at <= maxLineBytes) {
          this.take(series, value);
        } else {
          lineEnd = body.indexOf(newline, digitAt);
          this.takeTail(body, at, behind, lineEnd, series);
        }
        at = lineEnd + 1;
      }
      nextScript[written++] = line + 1;
      position++;
    }
    this.totalSamples += unwanted;
    this.at = at;
    this.position = position;
    this.written = written;
  }

  /** Reads the one line that the script did not foresee, and finds the place where it goes on. */
  private readUnexpected(body: Buffer, view: DataView): void {
    const lineEnd = body.indexOf(newline, this.at);
    const step = this.understand(body, view, this.at, lineEnd);
    this.at = lineEnd + 1;
    if (step === 0) return;
    this.position = this.behind(step, this.position);
    if (this.written === longestScript) return;
    if (this.written === this.nextScript.length) this.nextScript = grownTo(this.nextScript, this.written + 1);
    this.nextScript[this.written++] = step;
  }

  /** Reads a line without help; its step in the script, or 0 for one that has none (comment, blank, broken). */
  private understand(body: Buffer, view: DataView, start: number, lineEnd: number): number {
    const end = lineEnd > start && body[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    if (end - start > this.maxLineBytes) return this.bad();
    let first = start;
    while (first < end && (body[first] === 0x20 || body[first] === 0x09)) first++;
    if (first === end || body[first] === hash) return 0;
    const nameEnd = metricNameEnd(body, first, end);
    if (nameEnd === first) return this.bad();

    const { table } = this;
    let name = table.lines.find(body, view, first, nameEnd);
    if (name < 0) {
      name = table.learnName(body, first, nameEnd, this.wants(textOf(body, first, nameEnd)));
      this.namesKnown++;
    }
    if (table.seriesOfLine[name] === unwantedName) {
      this.totalSamples++;
      return first === start ? name + 1 : 0;
    }

    const { scanner } = this;
    if (!scanner.scan(body, start, end)) return this.bad();
    const { valueStart, value } = scanner;
    let line = table.lines.find(body, view, start, valueStart);
    if (line < 0) line = this.learn(body, start, valueStart);
    this.take(table.seriesOfLine[line]!, value);
    return line + 1;
  }

  /** Reads what follows the known beginning of a line where it is more than a short integer. */
  private takeTail(body: Buffer, start: number, valueAt: number, lineEnd: number, series: number): void {
    const end = lineEnd > valueAt && body[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    if (end - start > this.maxLineBytes || !this.scanner.scanTail(body, valueAt, end)) this.bad();
    else this.take(series, this.scanner.value);
  }

  private learn(body: Buffer, start: number, valueAt: number): number {
    const line = this.table.learn(body, start, valueAt);
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
    if (count > this.values.length) {
      this.series_ = grownTo(this.series_, count);
      this.seen = grownTo(this.seen, count);
      const values = new Float64Array(this.series_.length);
      values.set(this.values);
      this.values = values;
    }
    return line;
  }

  private take(series: number, value: number): void {
    this.totalSamples++;
    if (this.seen[series] === this.reads) {
      this.duplicates++;
      return;
    }
    if (this.count === this.maxSeries) {
      throw new Failure('too-many-series', `the body has more than ${this.maxSeries} wanted series`, {
        hint: 'Raise the limit of series for this target, or let it expose fewer labels.',
      });
    }
    this.seen[series] = this.reads;
    this.series_[this.count] = series;
    this.values[this.count] = value;
    this.count++;
  }

  private bad(): 0 {
    this.badLines++;
    return 0;
  }

  /** Where the script goes on behind a step that was not the expected one. */
  private behind(step: number, position: number): number {
    const { script } = this;
    const end = Math.min(position + lookahead, this.scriptLength);
    for (let ahead = position; ahead < end; ahead++) if (script[ahead] === step) return ahead + 1;
    // A line that moved far: worth a walk through the whole script, but not for each line of a shuffled body.
    if (this.walks === 0) return position;
    this.walks--;
    const found = script.indexOf(step);
    return found >= 0 && found < this.scriptLength ? found + 1 : position;
  }

  /** A last line without a newline: `12` may have been `1234`, so a sample there is bad, and all else is passed over. */
  private readCutLine(body: Buffer, start: number): void {
    const end = body[body.length - 1] === carriageReturn ? body.length - 1 : body.length;
    let first = start;
    while (first < end && (body[first] === 0x20 || body[first] === 0x09)) first++;
    if (end - start > this.maxLineBytes || (first < end && body[first] !== hash)) this.badLines++;
  }

  /** Bounds what a target can make the reader remember by writing its names or labels in ever new ways. */
  private forgetExcess(): void {
    this.walks = mostWalks;
    const spellings = this.table.lines.count - this.namesKnown;
    if (this.namesKnown > mostNames || spellings > 2 * this.table.count + this.maxSeries) this.forget(this.table.count);
  }

  /** Forgets all but the first spelling of the first series. */
  private forget(count: number): void {
    this.table = this.table.firstSeries(count);
    this.namesKnown = 0;
    this.scriptLength = 0;
  }
}

/** The numbers in an array with room for at least `length`. */
function grownTo(numbers: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(Math.max(length, numbers.length * 2));
  grown.set(numbers);
  return grown;
}
