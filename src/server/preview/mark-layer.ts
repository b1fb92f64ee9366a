import type { TimeRange } from '../../domain/window.js';
import { htmlText } from '../../report/render/html-text.js';
import type { BoardMark } from './board-marks.js';

/** The part of a drawing in which time passes from left to right. */
export interface MarkedArea {
  readonly range: TimeRange;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Marks that begin closer to each other than this are pointed at together. */
const apart = 7;

/** Lines of text that stand beside a mark; what is more is counted. */
const mostLines = 6;

const lineHeight = 15;
const characterWidth = 6.1;

/**
 * Marks on a chart: a line where each begins, unless that was before the chart, a bar on the ground as long as it goes on, and what it
 * was when somebody points at it.
 */
export function markLayer(marks: readonly BoardMark[], area: MarkedArea): string {
  const { range, left, right, top, bottom } = area;
  const x = (at: number): number =>
    left + ((Math.min(Math.max(at, range.from), range.to) - range.from) / (range.to - range.from)) * (right - left);
  const lines = marks.map(({ from, to, tone }) => {
    const [start, end] = [x(from), x(to)];
    const shade = `<rect class="shade tone-${tone}" x="${fixed(start)}" y="${bottom - 3}" width="${fixed(end - start)}" height="3"/>`;
    const line = `<path class="marked tone-${tone}" d="M${fixed(start)} ${top}V${bottom}"/>`;
    return `${end - start > 1 ? shade : ''}${from < range.from ? '' : line}`;
  });
  // Many that nobody can tell apart are drawn once: a board of thousands of services has thousands on each chart.
  return `<g>${[...new Set(lines)].join('')}</g>${together(marks, x)
    .map((group) => pointer(group, x, area))
    .join('')}`;
}

function together(marks: readonly BoardMark[], x: (at: number) => number): readonly (readonly BoardMark[])[] {
  const groups: BoardMark[][] = [];
  for (const mark of marks) {
    const group = groups.at(-1);
    if (group && x(mark.from) - x(group[0]!.from) < apart) group.push(mark);
    else groups.push([mark]);
  }
  return groups;
}

function pointer(group: readonly BoardMark[], x: (at: number) => number, area: MarkedArea): string {
  const [first] = group;
  const at = x(first!.from);
  const told = group.length > mostLines ? group.slice(0, mostLines - 1) : group;
  const said = told.map(({ from, text }) => `${timeText(from, area.range)} ${text}`);
  if (told.length < group.length) said.push(`and ${group.length - told.length} more`);
  const most = Math.floor((area.right - area.left - 16) / characterWidth);
  const all = said.flatMap((one) => wrapped(one, most));
  const shown = all.length > mostLines ? [...all.slice(0, mostLines - 1), 'and more'] : all;
  const width = Math.max(...shown.map((line) => line.length)) * characterWidth + 12;
  const boxLeft = Math.min(Math.max(at + 6, area.left), area.right - width);
  const texts = shown.map(
    (line, index) =>
      `<text x="${fixed(boxLeft + 6)}" y="${area.top + 14 + index * lineHeight}">${htmlText(line)}</text>`,
  );
  return (
    `<g class="mark tone-${first!.tone}" tabindex="0" role="img" aria-label="${htmlText(said.join('; '))}">` +
    `<path class="flag" d="M${fixed(at - 4)} ${area.bottom + 7}h8l-4 -7z"/>` +
    `<rect class="reach" x="${fixed(at - 4)}" y="${area.top}" width="8" height="${area.bottom - area.top + 7}"/>` +
    `<g class="said"><rect x="${fixed(boxLeft)}" y="${area.top}" width="${fixed(width)}" height="${shown.length * lineHeight + 6}" rx="3"/>${texts.join('')}</g></g>`
  );
}

/** Lines of at most so many characters, broken between words where there are any. */
function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    const cut = word.length > most ? `${word.slice(0, Math.max(1, most - 3))}...` : word;
    if (last !== undefined && last.length + 1 + cut.length <= most) lines[lines.length - 1] = `${last} ${cut}`;
    else lines.push(cut);
  }
  return lines;
}

/** With its day, where there is more than one of that time, or none of it on the chart. */
function timeText(at: number, { from, to }: TimeRange): string {
  const text = new Date(at * 1000).toISOString();
  return to - Math.min(at, from) > 86_400 ? text.slice(5, 16).replace('T', ' ') : text.slice(11, 16);
}

/** A length in a drawing, to a tenth. */
export function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
