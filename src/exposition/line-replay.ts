import { beginsName, LineScanner } from './line-scanner.js';
import type { LineScript } from './line-script.js';
import { exactDigits } from './number-text.js';
import type { SeriesTable } from './series-table.js';
import type { WantedNames } from './wanted-names.js';
import type { WantedSamples } from './wanted-samples.js';

/** The most lines that are verified at one go; what they say is kept in the meantime. */
const longestRun = 256;
const runValues = new Float64Array(longestRun);

/** A misfit costs one more comparison, a new arrangement about three for each line; and small counters soon misfit again. */
const misfitsPerLine = 16;

const newline = 0x0a;
const carriageReturn = 0x0d;
const hash = 0x23;
const zero = 0x30;

/**
 * Reads the lines of a body that are the ones the script expects, by comparing bytes instead of taking them apart.
 *
 * What is verified, in the order of the body:
 *
 * - an unwanted line: that its name can be none of the wanted ones; the line is skipped to its newline. No line can hide
 *   in it, because every newline is looked for: a line starts behind each newline, and each is verified from its start.
 * - a run of wanted lines: its values are read first, each where it must stand if all before it is as remembered, and are
 *   written into the gaps of the memory. Then memory and body are compared from the start of the run to the last value,
 *   and only if all bytes are equal are the values handed on. So every byte of every line is verified: the beginnings
 *   against what was remembered, each value and its newline against what was read from that very place. Only a value of a
 *   few digits may stand within a run; any other, or one of another width than its gap, ends the run in front of it.
 *
 * Where a run is not as remembered, nothing of it has been handed on, and its lines are tried one by one.
 */
export class LineReplay {
  private readonly wanted: WantedNames;
  private readonly script: LineScript;
  private readonly samples: WantedSamples;
  private readonly maxLineBytes: number;
  private readonly scanner = new LineScanner('tolerant');
  /** How often a run has ended because a gap was too wide or too narrow. */
  private misfits = 0;
  /** The run that ends here was not as remembered: up to this step lines are tried one by one. */
  private carefulUntil = 0;

  constructor(wanted: WantedNames, script: LineScript, samples: WantedSamples, maxLineBytes: number) {
    this.wanted = wanted;
    this.script = script;
    this.samples = samples;
    this.maxLineBytes = maxLineBytes;
  }

  /** Begins a body. */
  begin(): void {
    this.carefulUntil = 0;
  }

  /** Gives gaps the width of their values, once that pays; to be called behind a body. */
  finish({ lines }: SeriesTable): void {
    if (this.misfits < misfitsPerLine * lines.count) return;
    this.misfits = 0;
    const { script } = this;
    lines.arrange(script.lines.subarray(0, script.length));
  }

  /**
   * Reads from the line start `at` as long as each wanted line is the expected one; returns the start of the first line that
   * has to be taken apart, or `end`.
   *
   * @param end behind a newline, so that every search for one ends within the body.
   */
  run(body: Buffer, view: DataView, at: number, end: number, table: SeriesTable): number {
    const { wanted, maxLineBytes, samples } = this;
    const lastStart = end - wanted.reach;
    let skipped = 0;

    while (at <= lastStart) {
      const first = body[at]!;
      if (first !== hash && wanted.mayStand(view, at, first)) {
        const behind = this.readRun(body, view, at, end, table);
        if (behind < 0) break;
        at = behind;
        continue;
      }
      if (first !== hash && !beginsName(first)) break;
      // An offset that V8 takes for anything but an integer doubles what this call costs.
      const lineEnd = body.indexOf(newline, at | 0);
      if (lineEnd - at > maxLineBytes) break;
      if (first === hash) samples.passOver();
      else skipped++;
      at = lineEnd + 1;
    }
    samples.total += skipped;
    return at;
  }

  /** Reads a run of wanted lines; the offset behind it, or -1 where not even its first line is the expected one. */
  private readRun(body: Buffer, view: DataView, at: number, end: number, table: SeriesTable): number {
    const { wanted, script, maxLineBytes } = this;
    const { lines, seriesOfLine } = table;
    const { starts, ends, bytes } = lines.arrays();
    const steps = script.lines;
    const first = script.position;
    if (first === script.length) return -1;
    const lastStart = end - wanted.reach;
    const most = Math.min(script.length, first < this.carefulUntil ? first + 1 : first + longestRun);
    const runStart = starts[steps[first]!]!;

    let position = first;
    let lineStart = at;
    for (;;) {
      const line = steps[position]!;
      const valueAt = lineStart + ends[line]! - starts[line]!;
      if (valueAt >= end) {
        // The body ends before this line can.
        if (position === first) return -1;
        return this.give(body, view, at, lineStart - at, runStart, position - first, table) ? lineStart : -1;
      }
      let value = 0;
      let digitAt = valueAt;
      let digit = body[digitAt]! - zero;
      while (digit >= 0 && digit <= 9 && digitAt - valueAt <= exactDigits) {
        value = value * 10 + digit;
        digit = body[++digitAt]! - zero;
      }
      const digits = digitAt - valueAt;
      const plain =
        digit === newline - zero && digits > 0 && digits <= exactDigits && digitAt - lineStart <= maxLineBytes;
      if (!plain) {
        if (!this.give(body, view, at, valueAt - at, runStart, position - first, table)) return -1;
        script.confirm(1);
        const lineEnd = body.indexOf(newline, valueAt | 0);
        this.readTail(body, lineStart, valueAt, lineEnd, seriesOfLine[line]!);
        return lineEnd + 1;
      }
      runValues[position - first] = value;
      lines.voteForGap(line, digits + 1);
      position++;
      const following = digitAt + 1;
      const goesOn = position < most && following <= lastStart && wanted.mayStand(view, following, body[following]!);
      if (!goesOn || starts[steps[position]!] !== ends[line]! + digits + 1) {
        if (goesOn) this.misfits++;
        return this.give(body, view, at, valueAt - at, runStart, position - first, table) ? following : -1;
      }
      const gap = ends[line]! - valueAt;
      for (let index = valueAt; index <= digitAt; index++) bytes[gap + index] = body[index]!;
      lineStart = following;
    }
  }

  /** Verifies a run and hands its first `count` values on; false, and nothing done, where it is not as remembered. */
  private give(
    body: Buffer,
    view: DataView,
    at: number,
    length: number,
    runStart: number,
    count: number,
    { lines, seriesOfLine }: SeriesTable,
  ): boolean {
    const { script, samples } = this;
    const { lines: steps, position } = script;
    if (!lines.equals(runStart, length, body, view, at)) {
      this.carefulUntil = Math.max(this.carefulUntil, position + count);
      return false;
    }
    for (let step = 0; step < count; step++) samples.take(seriesOfLine[steps[position + step]!]!, runValues[step]!);
    script.confirm(count);
    return true;
  }

  /** Reads what follows the known beginning of a line where it is more than a short integer. */
  private readTail(body: Buffer, start: number, valueAt: number, lineEnd: number, series: number): void {
    const end = lineEnd > valueAt && body[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    if (end - start > this.maxLineBytes || !this.scanner.scanTail(body, valueAt, end)) this.samples.badLines++;
    else this.samples.take(series, this.scanner.value);
  }
}
