import { Failure } from '../domain/failure.js';
import { isEndOfFile } from './format.js';
import { defaultMaxLineBytes } from './line-cursor.js';
import { LineMemory } from './line-memory.js';
import { isNameByte, LineScanner, metricNameEnd } from './line-scanner.js';
import { type SeriesIdentity, SeriesTable } from './series-table.js';
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
  private names = new LineMemory();
  private wanted: boolean[] = [];

  /** Lines of the last body in order: line + 1 for a wanted one, -(name + 1) for an unwanted one. */
  private script = new Int32Array(1 << 8);
  private scriptLength = 0;
  private nextScript = new Int32Array(1 << 8);

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
      this.table = this.table.firstSeries(firstNew);
      this.scriptLength = 0;
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
    const { names, maxLineBytes } = this;
    let { table, script } = this;
    const { scriptLength } = this;
    let position = 0;
    let written = 0;
    let at = 0;

    while (at < end) {
      let lineEnd = -1;
      let step = position < scriptLength ? script[position]! : 0;
      if (body[at] === hash) {
        lineEnd = body.indexOf(newline, at);
        if (lineEnd - at > maxLineBytes) this.commentTooLong(body, at, lineEnd);
        at = lineEnd + 1;
        continue;
      }
      if (step > 0) {
        const line = step - 1;
        const valueAt = at + table.lines.length(line);
        if (valueAt < end && table.lines.matches(line, view, at)) {
          let value = 0;
          let digitAt = valueAt;
          let digit = body[digitAt]! - 0x30;
          while (digit >= 0 && digit <= 9) {
            value = value * 10 + digit;
            digit = body[++digitAt]! - 0x30;
          }
          const digits = digitAt - valueAt;
          if (digit === newline - 0x30 && digits > 0 && digits <= exactDigits && digitAt - at <= maxLineBytes) {
            this.take(table.seriesOfLine[line]!, value);
            lineEnd = digitAt;
          } else {
            lineEnd = body.indexOf(newline, digitAt);
            this.takeTail(body, at, valueAt, lineEnd, table.seriesOfLine[line]!);
          }
          position++;
        }
      } else if (step < 0) {
        const name = -step - 1;
        const nameEnd = at + names.length(name);
        if (nameEnd < end && names.matches(name, view, at) && !isNameByte(body[nameEnd]!)) {
          this.totalSamples++;
          lineEnd = body.indexOf(newline, nameEnd);
          position++;
        }
      }
      if (lineEnd < 0) {
        lineEnd = body.indexOf(newline, at);
        step = this.understand(body, view, at, lineEnd);
        ({ table, script } = this);
        if (step !== 0) position = this.behind(step, position);
      }
      if (step !== 0 && written < longestScript) {
        if (written === this.nextScript.length) this.nextScript = doubledInt32(this.nextScript);
        this.nextScript[written++] = step;
      }
      at = lineEnd + 1;
    }
    this.script = this.nextScript;
    this.nextScript = script;
    this.scriptLength = written;
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

    let name = this.names.find(body, view, first, nameEnd);
    if (name < 0) {
      name = this.names.add(body, first, nameEnd);
      this.wanted[name] = this.wants(textOf(body, first, nameEnd));
    }
    if (this.wanted[name] !== true) {
      this.totalSamples++;
      return first === start ? -(name + 1) : 0;
    }

    const { scanner } = this;
    if (!scanner.scan(body, start, end)) return this.bad();
    const { valueStart, value } = scanner;
    let line = this.table.lines.find(body, view, start, valueStart);
    if (line < 0) line = this.learn(body, start, valueStart);
    this.take(this.table.seriesOfLine[line]!, value);
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
      this.series_ = doubledInt32(this.series_);
      this.seen = doubledInt32(this.seen);
      const values = new Float64Array(this.values.length * 2);
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

  private commentTooLong(body: Buffer, start: number, lineEnd: number): void {
    const end = body[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    if (end - start > this.maxLineBytes) this.bad();
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
    if (step < 0) return position;
    // A wanted line that moved far: worth a walk through the whole script, but not for each line of a shuffled body.
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
    if (this.names.count > mostNames) {
      this.names = new LineMemory();
      this.wanted = [];
      this.scriptLength = 0;
    }
    if (this.table.lines.count > 2 * this.table.count + this.maxSeries) {
      this.table = this.table.firstSeries(this.table.count);
      this.scriptLength = 0;
    }
  }
}

function doubledInt32(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(numbers.length * 2);
  grown.set(numbers);
  return grown;
}
