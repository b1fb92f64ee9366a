import type { Diagnostic } from '../../domain/diagnostic.js';

const begin = '# >>> meshslo: made by meshslo generate and replaced by its next run; what is written in here is lost';
const end = '# <<< meshslo';

/** A text without the blocks that an earlier run put into it, and where its lines stand in the text with them. */
export interface UnmarkedText {
  readonly text: string;
  /** By line of the text without blocks, from 1: the line with them. */
  readonly lineInFile: (line: number) => number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Lines between marks, the marks included, all of them indented; with the file's line ends. */
export function markedBlock(lines: string, indent: number, lineEnd: string): string {
  const margin = ' '.repeat(indent);
  const all = [begin, ...lines.trimEnd().split('\n'), end];
  return all.map((line) => `${line === '' ? '' : margin + line}${lineEnd}`).join('');
}

/** Takes the blocks out; what is left is as it was before there were any. A block whose other end is gone is a mistake. */
export function withoutMarkedBlocks(file: string, content: string): UnmarkedText {
  const kept: string[] = [];
  const lineNumbers: number[] = [];
  const diagnostics: Diagnostic[] = [];
  let openedAt: number | undefined;
  const complain = (line: number, message: string): void => {
    const hint = 'take out by hand what an earlier run has left';
    const position = { file, line, column: 1, length: 1 };
    diagnostics.push({ severity: 'error', code: 'damaged-block', message, hint, position });
  };
  for (const [index, line] of content.split(/(?<=\n)/).entries()) {
    const number = index + 1;
    const text = line.trim();
    if (text.startsWith('# >>> meshslo')) {
      if (openedAt !== undefined) complain(number, 'a block of meshslo begins inside of another');
      openedAt = number;
    } else if (text.startsWith('# <<< meshslo')) {
      if (openedAt === undefined) complain(number, 'a block of meshslo ends that has not begun');
      openedAt = undefined;
    } else if (openedAt === undefined) {
      kept.push(line);
      lineNumbers.push(number);
    }
  }
  if (openedAt !== undefined) complain(openedAt, 'a block of meshslo has no end');
  return { text: kept.join(''), lineInFile: (line) => lineNumbers[line - 1] ?? line, diagnostics };
}
