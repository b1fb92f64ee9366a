import { type Grammar, LineScanner } from './line-scanner.js';
import type { ExpositionRule } from './problem.js';
import { asBuffer } from './utf8.js';

/** What a line is. A `bad` one breaks a rule and carries no sample. */
export type LineKind = 'sample' | 'comment' | 'blank' | 'bad';

/** What becomes of a sample in a last line that has no newline: `12` may have been `1234`. */
export type LastLine = 'keep' | 'drop';

/** The longest line that is read, in bytes. Mixer's label sets reach 2 KB; nobody means a line of a megabyte. */
export const defaultMaxLineBytes = 1 << 20;

const newline = 0x0a;
const carriageReturn = 0x0d;
const hash = 0x23;

/**
 * Walks through a body line by line, by offsets only: nothing is allocated per line.
 *
 * After `next()` the fields describe the current line; for a sample the details are in `scanner`.
 */
export class LineCursor {
  readonly scanner: LineScanner;
  kind: LineKind = 'blank';
  /** Counts from 1. */
  line = 0;
  start = 0;
  /** Behind the last byte of the line, newline (and, tolerantly, carriage return) excluded. */
  end = 0;
  /** The broken rule of a bad line and the offset where it shows. */
  rule: ExpositionRule | undefined;
  ruleAt = 0;
  /** Whether the current line has no newline. */
  cut = false;

  private readonly body: Uint8Array;
  private readonly maxLineBytes: number;
  private readonly lastLine: LastLine;
  private following = 0;

  constructor(body: Uint8Array, grammar: Grammar, maxLineBytes = defaultMaxLineBytes, lastLine: LastLine = 'drop') {
    this.lastLine = lastLine;
    this.body = asBuffer(body);
    this.scanner = new LineScanner(grammar);
    this.maxLineBytes = maxLineBytes;
  }

  /** Moves to the next line; false behind the last one. */
  next(): boolean {
    const { body, following: start } = this;
    if (start >= body.length) return false;
    const found = body.indexOf(newline, start);
    this.cut = found < 0;
    let end = this.cut ? body.length : found;
    this.following = end + 1;
    if (this.scanner.grammar === 'tolerant' && end > start && body[end - 1] === carriageReturn) end--;
    this.line++;
    this.start = start;
    this.end = end;
    this.rule = undefined;
    this.kind = this.classify();
    return true;
  }

  private classify(): LineKind {
    const { body, start, end } = this;
    if (end - start > this.maxLineBytes) return this.bad('line-length', start + this.maxLineBytes);
    let first = start;
    if (this.scanner.grammar !== 'openmetrics') {
      while (first < end && (body[first] === 0x20 || body[first] === 0x09)) first++;
    }
    if (first === end) return 'blank';
    if (body[first] === hash) return 'comment';
    if (this.cut && this.lastLine === 'drop') return this.bad('final-newline', end);
    if (this.scanner.scan(body, start, end)) return 'sample';
    // A carriage return alone explains more than the value that it spoils.
    if (body[end - 1] === carriageReturn) return this.bad('carriage-return', end - 1);
    return this.bad(this.scanner.rule ?? 'value', this.scanner.at);
  }

  private bad(rule: ExpositionRule, at: number): 'bad' {
    this.rule = rule;
    this.ruleAt = at;
    return 'bad';
  }
}
