import type { Exemplar, Labels, Sample } from './exposition.js';
import { labelsOf } from './label-text.js';
import { LineScanner } from './line-scanner.js';

const scanner = new LineScanner('tolerant');

/**
 * A sample that takes its labels out of the body when somebody asks for them.
 *
 * Most samples of a body are never asked. It holds on to the body, which must not be changed afterwards.
 */
export class LazySample implements Sample {
  readonly name: string;
  readonly value: number;
  readonly timestampSeconds: number | undefined;
  private readonly body: Uint8Array;
  private readonly start: number;
  private readonly end: number;
  private readonly unitsPerSecond: number;

  constructor(
    name: string,
    value: number,
    timestamp: number,
    body: Uint8Array,
    start: number,
    end: number,
    unitsPerSecond: number,
  ) {
    this.name = name;
    this.value = value;
    this.timestampSeconds = Number.isNaN(timestamp) ? undefined : inSeconds(timestamp, unitsPerSecond);
    this.body = body;
    this.start = start;
    this.end = end;
    this.unitsPerSecond = unitsPerSecond;
  }

  get labels(): Labels {
    scanner.scan(this.body, this.start, this.end);
    return labelsOf(this.body, scanner.labels, 0, scanner.labelCount);
  }

  get exemplar(): Exemplar | undefined {
    scanner.scan(this.body, this.start, this.end);
    if (!scanner.hasExemplar) return undefined;
    const { labels, labelCount, labelsEnd, exemplarValue: value, exemplarTimestamp } = scanner;
    const exemplar = { labels: labelsOf(this.body, labels, labelCount, labelsEnd), value };
    if (Number.isNaN(exemplarTimestamp)) return exemplar;
    return { ...exemplar, timestampSeconds: inSeconds(exemplarTimestamp, this.unitsPerSecond) };
  }
}

/** Divides rather than multiplies by 0.001: only so 1234 ms are the number that 1.234 s is. */
function inSeconds(timestamp: number, unitsPerSecond: number): number {
  return timestamp / unitsPerSecond;
}
