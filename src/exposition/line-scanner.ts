import { numberOfBytes } from './number-text.js';
import type { ExpositionRule } from './problem.js';
import { isUtf8 } from './utf8.js';

/**
 * How much a scanner lets pass.
 *
 * `prometheus-text` and `openmetrics` are the formats to the letter; `tolerant` takes what either allows, so that it needs
 * not know which of the two it reads.
 */
export type Grammar = 'tolerant' | 'prometheus-text' | 'openmetrics';

/** Labels of one line, its exemplar's included. Bounds memory, and the comparison of label names with each other. */
const mostLabels = 256;

const tab = 0x09;
const space = 0x20;
const quote = 0x22;
const hash = 0x23;
const comma = 0x2c;
const equals = 0x3d;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** 1: may begin a label name, 2: may also begin a metric name (the colon), 4: may stand behind. */
const nameBytes = new Uint8Array(256);
for (let byte = 0; byte < 128; byte++) {
  const character = String.fromCharCode(byte);
  if (/[a-zA-Z_]/.test(character)) nameBytes[byte] = 1 | 2 | 4;
  else if (character === ':') nameBytes[byte] = 2 | 8;
  else if (/\d/.test(character)) nameBytes[byte] = 4;
}

/** Whether a metric name may begin with a byte. */
export function beginsName(byte: number): boolean {
  return (nameBytes[byte]! & 2) !== 0;
}

/** Offset behind the metric name that begins at `start`; `start` itself where none does. */
export function metricNameEnd(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || (nameBytes[bytes[start]!]! & 2) === 0) return start;
  let at = start + 1;
  while (at < end && (nameBytes[bytes[at]!]! & 12) !== 0) at++;
  return at;
}

/**
 * Takes one sample line apart into offsets, without allocating anything.
 *
 * The fields describe the line of the last `scan` and are overwritten by the next. After a failed scan `rule` and `at` say
 * which rule was broken and at which offset; the other fields mean nothing then.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#abnf
 */
export class LineScanner {
  readonly grammar: Grammar;
  rule: ExpositionRule | undefined;
  at = 0;
  nameStart = 0;
  nameEnd = 0;
  /** Four offsets per label: name from, name to, value from, value to (between the quotes, escapes as written). */
  readonly labels = new Int32Array(mostLabels * 4);
  labelCount = 0;
  /** Where the value begins. */
  valueStart = 0;
  value = 0;
  /** As written, NaN where there is none: milliseconds in Prometheus text, seconds in OpenMetrics. */
  timestamp = NaN;
  hasExemplar = false;
  /** The labels of the exemplar, where there is one, are those from `labelCount` up to here. */
  labelsEnd = 0;
  exemplarValue = 0;
  exemplarTimestamp = NaN;

  private readonly exact: boolean;

  constructor(grammar: Grammar) {
    this.grammar = grammar;
    this.exact = grammar === 'openmetrics';
  }

  /** Reads the line in [start, end), newline excluded; false where it breaks a rule. */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    this.rule = undefined;
    this.labelCount = 0;
    const nameStart = this.exact ? start : skipBlanks(bytes, start, end);
    const nameEnd = metricNameEnd(bytes, nameStart, end);
    if (nameEnd === nameStart) return this.fail('metric-name', nameStart);
    this.nameStart = nameStart;
    this.nameEnd = nameEnd;

    let at = this.exact ? nameEnd : skipBlanks(bytes, nameEnd, end);
    if (at < end && bytes[at] === openBrace) {
      at = this.scanLabels(bytes, at + 1, end, 0);
      if (at < 0) return false;
      this.labelCount = this.labelsEnd;
    } else if (at === nameEnd) {
      const ended = at === end;
      if (ended || bytes[at] !== space) return this.fail(ended ? 'value' : 'metric-name', at);
    }
    return this.scanTail(bytes, at, end);
  }

  /**
   * Reads what follows name and labels: value, timestamp, exemplar. Touches only their fields.
   *
   * It depends on nothing before `start`, so a line whose beginning is known needs no more than this.
   */
  scanTail(bytes: Uint8Array, start: number, end: number): boolean {
    this.rule = undefined;
    this.timestamp = NaN;
    this.hasExemplar = false;
    let at = this.skipSeparator(bytes, start, end);
    if (at < 0) return false;
    this.valueStart = at;

    const valueEnd = tokenEnd(bytes, at, end);
    const value = numberOfBytes(bytes, at, valueEnd);
    if (value === undefined) return this.fail('value', at);
    this.value = value;
    if (valueEnd === end) return true;

    at = this.skipSeparator(bytes, valueEnd, end);
    if (at < 0) return false;
    if (at === end) return this.exact ? this.fail('white-space', valueEnd) : true;
    if (bytes[at] !== hash) {
      const timestampEnd = tokenEnd(bytes, at, end);
      const timestamp = this.timestampOf(bytes, at, timestampEnd);
      if (timestamp === undefined) return this.fail('timestamp', at);
      this.timestamp = timestamp;
      if (timestampEnd === end) return true;
      at = this.skipSeparator(bytes, timestampEnd, end);
      if (at < 0) return false;
      if (at === end) return this.exact ? this.fail('white-space', timestampEnd) : true;
    }
    if (bytes[at] !== hash || this.grammar === 'prometheus-text') return this.fail('trailing-text', at);
    return this.scanExemplar(bytes, at, end);
  }

  private scanExemplar(bytes: Uint8Array, start: number, end: number): boolean {
    if (bytes[start + 1] !== space || bytes[start + 2] !== openBrace || start + 3 > end) {
      return this.fail('exemplar-syntax', start);
    }
    let at = this.scanLabels(bytes, start + 3, end, this.labelCount);
    if (at < 0) return false;
    if (at >= end || bytes[at] !== space) return this.fail('exemplar-syntax', at);

    at++;
    const valueEnd = tokenEnd(bytes, at, end);
    const value = numberOfBytes(bytes, at, valueEnd);
    if (value === undefined) return this.fail('exemplar-syntax', at);
    this.exemplarValue = value;
    this.exemplarTimestamp = NaN;
    if (valueEnd < end) {
      const timestamp = this.timestampOf(bytes, valueEnd + 1, end);
      if (timestamp === undefined) return this.fail('exemplar-syntax', valueEnd);
      this.exemplarTimestamp = timestamp;
    }
    this.hasExemplar = true;
    return true;
  }

  /** Reads labels behind the open brace into the slots from `first` on; the offset behind the closing brace, or -1. */
  private scanLabels(bytes: Uint8Array, start: number, end: number, first: number): number {
    const { labels } = this;
    let count = first;
    let seen = 0;
    let at = start;
    for (;;) {
      if (!this.exact) at = skipBlanks(bytes, at, end);
      if (at < end && bytes[at] === closeBrace) {
        // A comma before the brace: allowed in Prometheus text, not in OpenMetrics.
        if (this.exact && count > first) return this.failAt('label-comma', at);
        break;
      }
      const nameStart = at;
      if (at >= end || (nameBytes[bytes[at]!]! & 1) === 0) return this.failAt('label-name', at);
      at++;
      while (at < end && (nameBytes[bytes[at]!]! & 4) !== 0) at++;
      const nameEnd = at;
      if (!this.exact) at = skipBlanks(bytes, at, end);
      if (at >= end || bytes[at] !== equals) return this.failAt('label-equals', at);
      at++;
      if (!this.exact) at = skipBlanks(bytes, at, end);
      if (at >= end || bytes[at] !== quote) return this.failAt('label-quotes', at);
      const valueStart = at + 1;
      at = this.scanLabelValue(bytes, valueStart, end);
      if (at < 0) return -1;

      if (count === mostLabels) return this.failAt('too-many-labels', nameStart);
      // Most names differ in length or ends already: one bit per such shape decides whether to compare at all.
      const shape = 1 << ((bytes[nameStart]! * 7 + bytes[nameEnd - 1]! * 3 + (nameEnd - nameStart)) & 31);
      if ((seen & shape) !== 0 && this.hasLabel(bytes, nameStart, nameEnd, first, count)) {
        return this.failAt('duplicate-label', nameStart);
      }
      seen |= shape;
      const slot = count * 4;
      labels[slot] = nameStart;
      labels[slot + 1] = nameEnd;
      labels[slot + 2] = valueStart;
      labels[slot + 3] = at;
      count++;

      at++;
      if (!this.exact) at = skipBlanks(bytes, at, end);
      if (at < end && bytes[at] === closeBrace) break;
      if (at >= end || bytes[at] !== comma) return this.failAt('label-comma', at);
      at++;
    }
    this.labelsEnd = count;
    return at + 1;
  }

  /** Offset of the closing quote of a label value, or -1. */
  private scanLabelValue(bytes: Uint8Array, start: number, end: number): number {
    let wide = 0;
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === quote) {
        if (wide >= 0x80 && !isUtf8(bytes, start, at)) return this.failAt('utf8', start);
        return at;
      }
      wide |= byte;
      if (byte === backslash) {
        at++;
        if (this.grammar === 'prometheus-text' && !isEscape(bytes[at])) return this.failAt('label-escape', at - 1);
        if (at < end) wide |= bytes[at]!;
      }
    }
    return this.failAt('label-quotes', start - 1);
  }

  private hasLabel(bytes: Uint8Array, start: number, end: number, first: number, count: number): boolean {
    for (let slot = first * 4; slot < count * 4; slot += 4) {
      const other = this.labels[slot]!;
      if (this.labels[slot + 1]! - other !== end - start) continue;
      let at = start;
      while (at < end && bytes[at] === bytes[other + at - start]) at++;
      if (at === end) return true;
    }
    return false;
  }

  private timestampOf(bytes: Uint8Array, start: number, end: number): number | undefined {
    const timestamp = numberOfBytes(bytes, start, end);
    if (timestamp === undefined || !Number.isFinite(timestamp)) return undefined;
    if (this.grammar === 'prometheus-text') {
      for (let at = start; at < end; at++) {
        const byte = bytes[at]!;
        if ((byte < 0x30 || byte > 0x39) && !(at === start && (byte === 0x2d || byte === 0x2b))) return undefined;
      }
    }
    return timestamp;
  }

  /** Offset of the next part; -1 where OpenMetrics wants its one space and does not find it. */
  private skipSeparator(bytes: Uint8Array, start: number, end: number): number {
    if (!this.exact) return skipBlanks(bytes, start, end);
    if (start >= end) return this.failAt('value', start);
    if (bytes[start] !== space) return this.failAt('white-space', start);
    return start + 1;
  }

  private fail(rule: ExpositionRule, at: number): false {
    this.rule = rule;
    this.at = at;
    return false;
  }

  private failAt(rule: ExpositionRule, at: number): -1 {
    this.fail(rule, at);
    return -1;
  }
}

function skipBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === space || bytes[at] === tab)) at++;
  return at;
}

/** Offset of the blank (or the end) that closes the part which begins at `start`. */
function tokenEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== space && bytes[at] !== tab) at++;
  return at;
}

function isEscape(byte: number | undefined): boolean {
  return byte === backslash || byte === quote || byte === 0x6e;
}
