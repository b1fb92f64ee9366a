import type { MetricType } from './exposition.js';
import { metricNameEnd } from './line-scanner.js';
import type { ExpositionRule } from './problem.js';
import { asBuffer, isUtf8, textOf } from './utf8.js';

type MetadataKeyword = 'HELP' | 'TYPE' | 'UNIT';

/** What a comment line says about a family. It holds on to the body, and decodes when asked. */
export class Metadata {
  readonly keyword: MetadataKeyword;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly textStart: number;
  readonly textEnd: number;
  private readonly body: Uint8Array;

  constructor(
    keyword: MetadataKeyword,
    body: Uint8Array,
    nameStart: number,
    nameEnd: number,
    textStart: number,
    textEnd: number,
  ) {
    this.keyword = keyword;
    this.body = body;
    this.nameStart = nameStart;
    this.nameEnd = nameEnd;
    this.textStart = textStart;
    this.textEnd = textEnd;
  }

  get name(): string {
    return textOf(this.body, this.nameStart, this.nameEnd);
  }

  /** As written, escapes included. */
  get text(): string {
    return textOf(this.body, this.textStart, this.textEnd);
  }
}

/** A comment that should say something and does not; `offset` counts bytes from the start of the line. */
export interface BrokenMetadata {
  readonly rule: ExpositionRule;
  readonly offset: number;
}

const keywords: ReadonlySet<string> = new Set<MetadataKeyword>(['HELP', 'TYPE', 'UNIT']);

/**
 * Reads a comment of Prometheus text; undefined for one that is only a comment.
 *
 * A keyword or a name with nothing behind it is a comment too, as in the reference parser.
 *
 * @param keepUnit whether `# UNIT` means something, as it does to the tolerant reader.
 */
export function textMetadata(
  body: Uint8Array,
  start: number,
  end: number,
  keepUnit: boolean,
): Metadata | BrokenMetadata | undefined {
  const usual = usualKeyword(body, start, end);
  const head = usual === undefined ? textHead.exec(latin1(body, start, end)) : null;
  const keyword = usual ?? (head?.[1] as MetadataKeyword | undefined);
  if (keyword === undefined || (keyword === 'UNIT' && !keepUnit)) return undefined;
  let nameAt = start + (head?.[0].length ?? 7);
  while (nameAt < end && (body[nameAt] === 0x20 || body[nameAt] === 0x09)) nameAt++;
  if (nameAt === end) return undefined;
  const nameEnd = metricNameEnd(body, nameAt, end);
  const behind = body[nameEnd];
  if (nameEnd === nameAt || (nameEnd < end && behind !== 0x20 && behind !== 0x09)) {
    return { rule: 'metric-name', offset: nameEnd - start };
  }
  let textAt = nameEnd;
  while (textAt < end && (body[textAt] === 0x20 || body[textAt] === 0x09)) textAt++;
  if (textAt === end) return undefined;
  return checkedText(keyword, body, nameAt, nameEnd, textAt, start, end);
}

/** Reads a comment of OpenMetrics, which is metadata or a mistake. `# EOF` is not for this function. */
export function openMetricsMetadata(body: Uint8Array, start: number, end: number): Metadata | BrokenMetadata {
  const line = latin1(body, start, end);
  const head = /^# ([^ ]*) /.exec(line);
  if (!keywords.has(head?.[1] ?? '')) {
    return { rule: /^# (HELP|TYPE|UNIT)$/.test(line) ? 'metadata-syntax' : 'comment', offset: 0 };
  }
  const nameAt = start + head![0].length;
  const nameEnd = metricNameEnd(body, nameAt, end);
  if (nameEnd === nameAt) return { rule: 'metric-name', offset: nameAt - start };
  if (nameEnd === end || body[nameEnd] !== 0x20) return { rule: 'metadata-syntax', offset: nameEnd - start };
  return checkedText(head![1] as MetadataKeyword, body, nameAt, nameEnd, nameEnd + 1, start, end);
}

const textHead = /^[ \t]*#[ \t]*(HELP|TYPE|UNIT)[ \t]+/;

/** The keyword of a line that begins `# HELP ` or `# TYPE `, as practically all of them do; undefined for any other. */
function usualKeyword(body: Uint8Array, start: number, end: number): MetadataKeyword | undefined {
  if (end - start < 7 || body[start + 1] !== 0x20 || body[start + 6] !== 0x20) return undefined;
  const word = (body[start + 2]! << 24) | (body[start + 3]! << 16) | (body[start + 4]! << 8) | body[start + 5]!;
  if (word === 0x48454c50) return 'HELP';
  return word === 0x54595045 ? 'TYPE' : undefined;
}

function checkedText(
  keyword: MetadataKeyword,
  body: Uint8Array,
  nameAt: number,
  nameEnd: number,
  textAt: number,
  start: number,
  end: number,
): Metadata | BrokenMetadata {
  if (!isUtf8(body, textAt, end)) return { rule: 'utf8', offset: textAt - start };
  return new Metadata(keyword, body, nameAt, nameEnd, textAt, end);
}

const types: ReadonlySet<string> = new Set<MetricType>([
  'counter',
  'gauge',
  'histogram',
  'summary',
  'unknown',
  'gaugehistogram',
  'info',
  'stateset',
]);

/** The type of OpenMetrics that a word names. */
export function openMetricsType(word: string): MetricType | undefined {
  return types.has(word) ? (word as MetricType) : undefined;
}

/** The type of Prometheus text that a word names, in any case, as the reference parser takes it. */
export function textType(word: string): MetricType | undefined {
  const type = word.toLowerCase();
  if (type === 'untyped') return 'unknown';
  return ['counter', 'gauge', 'histogram', 'summary'].includes(type) ? (type as MetricType) : undefined;
}

/** Where a help text has an escape that Prometheus text does not know; -1 where all is well. */
export function unknownHelpEscape(text: string): number {
  const bad = /^(?:[^\\]|\\[\\n])*?\\(?![\\n])/.exec(text);
  return bad === null ? -1 : bad[0].length - 1;
}

function latin1(body: Uint8Array, start: number, end: number): string {
  return asBuffer(body).toString('latin1', start, end);
}
