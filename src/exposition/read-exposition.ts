import type { Exposition } from './exposition.js';
import { FamilyIndex } from './family-index.js';
import { type ExpositionFormat, formatOfBody, formatOfContentType, isEndOfFile } from './format.js';
import { LazySample } from './lazy-sample.js';
import { defaultMaxLineBytes, type LastLine, LineCursor } from './line-cursor.js';
import { openMetricsType, textMetadata, textType } from './metadata.js';
import type { OpenFamily } from './open-family.js';
import { RecentText } from './recent-text.js';
import { strictProblems } from './strict-rules.js';
import { ProblemList } from './problem-list.js';
import { asBuffer } from './utf8.js';

export interface ReadOptions {
  /** The header that came with the body. Without it, and without `format`, the body's `# EOF` decides. */
  readonly contentType?: string | undefined;
  readonly format?: ExpositionFormat | undefined;
  /** Whether every rule of the format is checked, also those that leave all lines readable. */
  readonly strict?: boolean | undefined;
  readonly maxLineBytes?: number | undefined;
  /**
   * A sample in a last line without a newline is kept by default, for files often lose the last newline; what comes over a
   * network may have been cut within a number. Strictly such a line is always bad.
   */
  readonly lastLine?: LastLine | undefined;
  /** How many problems are kept; all are counted. */
  readonly maxProblems?: number | undefined;
}

/**
 * Reads a whole body: keeps good lines, counts bad ones, never throws.
 *
 * The result holds on to `bytes`, which must not be changed afterwards. Strict reading keeps the same lines as tolerant
 * reading does and differs in `problems` and `badLines` alone: the body keeps to its format where there are none.
 */
export function readExposition(bytes: Uint8Array, options: ReadOptions = {}): Exposition {
  const body = asBuffer(bytes);
  const format = options.format ?? formatOfContentType(options.contentType) ?? formatOfBody(body);
  const maxLineBytes = options.maxLineBytes ?? defaultMaxLineBytes;
  const problems = new ProblemList(options.maxProblems ?? 20);
  const read = readTolerantly(body, format, problems, maxLineBytes, options.lastLine ?? 'keep');
  if (options.strict !== true) return { ...read, problems: problems.kept, moreProblems: problems.more };

  const strict = new ProblemList(options.maxProblems ?? 20);
  const badLines = strictProblems(body, format, maxLineBytes, strict);
  return { ...read, badLines, problems: strict.inReadingOrder(), moreProblems: strict.more };
}

function readTolerantly(
  body: Uint8Array,
  format: ExpositionFormat,
  problems: ProblemList,
  maxLineBytes: number,
  lastLine: LastLine,
): Omit<Exposition, 'problems' | 'moreProblems'> {
  const index = new FamilyIndex();
  const unitsPerSecond = format === 'openmetrics' ? 1 : 1000;
  const cursor = new LineCursor(body, 'tolerant', maxLineBytes, lastLine);
  const { scanner } = cursor;
  const names = new RecentText(body);
  const types = new RecentText(body);
  let family: OpenFamily | undefined;
  let familyOf = '';
  let sampleCount = 0;
  let badLines = 0;

  while (cursor.next()) {
    if (cursor.kind === 'sample') {
      const name = names.read(scanner.nameStart, scanner.nameEnd);
      if (family === undefined || name !== familyOf) {
        family = index.ofSample(name);
        familyOf = name;
      }
      family.samples.push(
        new LazySample(name, scanner.value, scanner.timestamp, body, cursor.start, cursor.end, unitsPerSecond),
      );
      sampleCount++;
    } else if (cursor.kind === 'bad') {
      badLines++;
      problems.add(cursor.rule!, cursor.line, cursor.ruleAt - cursor.start + 1);
    } else if (cursor.kind === 'comment' && !isEndOfFile(body, cursor.start, cursor.end)) {
      if (!takeComment(index, names, types, body, cursor)) {
        badLines++;
        problems.add('metadata-syntax', cursor.line, 1);
      }
      family = undefined;
    }
  }
  const truncated = cursor.cut && !isEndOfFile(body, cursor.start, cursor.end);
  return { format, families: index.all(), sampleCount, badLines, truncated };
}

/** Takes in what a comment says; false where it says something that cannot be understood. */
function takeComment(
  index: FamilyIndex,
  names: RecentText,
  types: RecentText,
  body: Uint8Array,
  cursor: LineCursor,
): boolean {
  const metadata = textMetadata(body, cursor.start, cursor.end, true);
  if (metadata === undefined) return true;
  if ('rule' in metadata) return false;
  const family = index.named(names.read(metadata.nameStart, metadata.nameEnd));
  if (metadata.keyword === 'HELP') family.helpLine ??= metadata;
  else if (metadata.keyword === 'UNIT') family.unit ??= metadata.text;
  else if (!family.typed) {
    const word = types.read(metadata.textStart, metadata.textEnd);
    const type = openMetricsType(word) ?? textType(word);
    if (type === undefined) return false;
    index.setType(family, type);
  }
  return true;
}
