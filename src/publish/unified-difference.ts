import { anchorLines } from './anchor-lines.js';

/** One line of a difference: kept, gone or come. */
export interface DifferenceLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Lines that differ, with some that do not around them. */
export interface Hunk {
  /** Counted from 1; 0 where the text has no line. */
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly DifferenceLine[];
}

/** Lines that did not change, shown on either side. */
const contextLines = 3;

/** More edits between two anchors are not worth finding the shortest way: then everything between is gone and come. */
const mostEdits = 200;

/** What has to be done to the lines of one text to get another, as `diff -u` shows it. */
export function unifiedDifference(before: string, after: string): readonly Hunk[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  return hunksOf(differenceLines(old, now));
}

function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return text.replace(/\n$/, '').split('\n');
}

function differenceLines(old: readonly string[], now: readonly string[]): readonly DifferenceLine[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const kept = (lines: readonly string[]): readonly DifferenceLine[] => lines.map((text) => ({ sign: ' ', text }));
  return [
    ...kept(old.slice(0, start)),
    ...editsByAnchors(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...kept(end === 0 ? [] : old.slice(-end)),
  ];
}

function editsByAnchors(old: readonly string[], now: readonly string[]): readonly DifferenceLine[] {
  const lines: DifferenceLine[] = [];
  let from = { old: 0, now: 0 };
  for (const anchor of anchorLines(old, now)) {
    for (const line of shortestEdits(old.slice(from.old, anchor.old), now.slice(from.now, anchor.now)))
      lines.push(line);
    lines.push({ sign: ' ', text: old[anchor.old]! });
    from = { old: anchor.old + 1, now: anchor.now + 1 };
  }
  for (const line of shortestEdits(old.slice(from.old), now.slice(from.now))) lines.push(line);
  return lines;
}

/** @see Myers, An O(ND) Difference Algorithm and Its Variations, 1986 */
function shortestEdits(old: readonly string[], now: readonly string[]): readonly DifferenceLine[] {
  const known = new Set(now);
  if (!old.some((text) => known.has(text))) return allEdits(old, now);
  const most = Math.min(old.length + now.length, mostEdits);
  /** How far each diagonal got, after so many edits. */
  const reached: Map<number, number>[] = [];
  let frontier = new Map([[1, 0]]);
  for (let edits = 0; edits <= most; edits += 1) {
    reached.push(frontier);
    const next = new Map<number, number>();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = isDown(frontier, diagonal, edits) ? frontier.get(diagonal + 1)! : frontier.get(diagonal - 1)! + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return walkBack(old, now, reached);
    }
    frontier = next;
  }
  return allEdits(old, now);
}

function allEdits(old: readonly string[], now: readonly string[]): readonly DifferenceLine[] {
  return [...old.map((text) => ({ sign: '-', text }) as const), ...now.map((text) => ({ sign: '+', text }) as const)];
}

function isDown(frontier: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && frontier.get(diagonal - 1)! < frontier.get(diagonal + 1)!;
}

function walkBack(
  old: readonly string[],
  now: readonly string[],
  reached: readonly ReadonlyMap<number, number>[],
): readonly DifferenceLine[] {
  const lines: DifferenceLine[] = [];
  let [x, y] = [old.length, now.length];
  for (let edits = reached.length - 1; edits >= 0; edits -= 1) {
    const frontier = reached[edits]!;
    const diagonal = x - y;
    const down = isDown(frontier, diagonal, edits);
    const fromX = frontier.get(down ? diagonal + 1 : diagonal - 1)!;
    const fromY = fromX - (down ? diagonal + 1 : diagonal - 1);
    while (x > Math.max(fromX, 0) && y > Math.max(fromY, 0) && old[x - 1] === now[y - 1]) {
      lines.push({ sign: ' ', text: old[x - 1]! });
      x -= 1;
      y -= 1;
    }
    if (edits === 0) break;
    lines.push(down ? { sign: '+', text: now[fromY]! } : { sign: '-', text: old[fromX]! });
    [x, y] = [fromX, fromY];
  }
  return lines.reverse();
}

function hunksOf(lines: readonly DifferenceLine[]): readonly Hunk[] {
  const changed = lines.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  const ranges: { from: number; to: number }[] = [];
  for (const index of changed) {
    const from = Math.max(0, index - contextLines);
    const to = Math.min(lines.length, index + contextLines + 1);
    const last = ranges.at(-1);
    if (last && from <= last.to) last.to = to;
    else ranges.push({ from, to });
  }
  return ranges.map(({ from, to }) => {
    const before = lines.slice(0, from);
    const shown = lines.slice(from, to);
    const start = (sign: '-' | '+'): number => {
      const count = before.filter((line) => line.sign === ' ' || line.sign === sign).length;
      return shown.some((line) => line.sign === ' ' || line.sign === sign) ? count + 1 : count;
    };
    return { oldStart: start('-'), newStart: start('+'), lines: shown };
  });
}
