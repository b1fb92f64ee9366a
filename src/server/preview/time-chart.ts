import type { BoardPanel, BoardUnit, Tone } from '../../domain/board.js';
import type { TimeRange } from '../../domain/window.js';
import { htmlText } from '../../report/render/html-text.js';
import type { BoardMark } from './board-marks.js';
import type { PreviewView } from './fill-variables.js';
import { fixed, markLayer } from './mark-layer.js';
import type { QueryAnswer } from './panel-answer.js';
import { seriesName } from './series-name.js';
import { unitText } from './unit-text.js';

/** One line of a chart. */
interface Line {
  readonly name: string;
  readonly colour: string;
  readonly samples: readonly { readonly at: number; readonly value: number }[];
}

/** Lines that are drawn; the others are counted. */
const mostLines = 24;
const marginLeft = 84;
const marginBottom = 20;

/** Lines over time with their legend, and what happened meanwhile. */
export function timeChart(
  panel: BoardPanel,
  answers: readonly QueryAnswer[],
  { range, stepSeconds }: PreviewView,
  marks: readonly BoardMark[],
): string {
  const all = linesOf(answers);
  const lines = all.slice(0, mostLines);
  const size = { width: panel.place.width * 56, height: Math.max(80, panel.place.height * 30 - 96) };
  const stacked = panel.stacked ? stackedLines(lines) : lines;
  const values = stacked.flatMap(({ samples }) => samples.map(({ value }) => value).filter(Number.isFinite));
  const [low, high] = limits(values, panel);
  const x = (at: number): number =>
    marginLeft + ((at - range.from) / (range.to - range.from)) * (size.width - marginLeft - 8);
  const y = (value: number): number => 6 + (1 - (value - low) / (high - low)) * (size.height - marginBottom - 6);
  const grid = ticks(low, high, panel.unit).map(
    (value) =>
      `<line class="grid" x1="${marginLeft}" x2="${size.width - 8}" y1="${fixed(y(value))}" y2="${fixed(y(value))}"/>` +
      `<text class="tick" x="${marginLeft - 6}" y="${fixed(y(value) + 4)}" text-anchor="end">${htmlText(unitText(value, panel.unit))}</text>`,
  );
  const times = timeTicks(range).map(
    (at) =>
      `<text class="tick" x="${fixed(x(at))}" y="${size.height - 4}" text-anchor="middle">${timeText(at, range)}</text>`,
  );
  const limitLines = panel.steps.flatMap(({ from, tone }) =>
    from === undefined || from < low || from > high
      ? []
      : [
          `<line class="limit ${toneClass(tone)}" x1="${marginLeft}" x2="${size.width - 8}" y1="${fixed(y(from))}" y2="${fixed(y(from))}"/>`,
        ],
  );
  const drawn = stacked.map(({ colour, samples }) => path(samples, stepSeconds, x, y, colour)).reverse();
  const area = { range, left: marginLeft, right: size.width - 8, top: 6, bottom: size.height - marginBottom };
  const drawing = [...grid, ...times, ...limitLines, ...drawn, markLayer(marks, area)].join('');
  const svg = `<svg viewBox="0 0 ${size.width} ${size.height}" role="group" aria-label="${htmlText(panel.title)}">${drawing}</svg>`;
  return `${svg}${legend(lines, panel)}${all.length > lines.length ? `<p class="more">and ${all.length - lines.length} more</p>` : ''}`;
}

function linesOf(answers: readonly QueryAnswer[]): readonly Line[] {
  let turn = 0;
  return answers.flatMap(({ query, series }) =>
    series.map(({ labels, samples }) => ({
      name: seriesName(query.legend, labels),
      colour: query.tone === undefined ? `turn-${turn++ % 10}` : toneClass(query.tone),
      samples,
    })),
  );
}

export function toneClass(tone: Tone): string {
  return `tone-${tone}`;
}

function stackedLines(lines: readonly Line[]): readonly Line[] {
  const sums = new Map<number, number>();
  return lines.map((line) => ({
    ...line,
    samples: line.samples.map(({ at, value }) => {
      const sum = (sums.get(at) ?? 0) + (Number.isFinite(value) ? value : 0);
      sums.set(at, sum);
      return { at, value: sum };
    }),
  }));
}

function limits(values: readonly number[], { least, most }: BoardPanel): readonly [number, number] {
  const low = Math.min(least ?? Infinity, ...values);
  const high = Math.max(...values, values.length === 0 ? 1 : -Infinity);
  const from = Number.isFinite(low) ? low : 0;
  const top = most === undefined ? high : Math.max(high, Math.min(most, high * 1.5));
  if (top > from) return [from, top + (top - from) * 0.05];
  // A line of zeros needs a scale, too.
  return [from, from === 0 ? 1 : from + Math.abs(from) * 0.1];
}

/** A line, broken where a step is missing: nobody knows what was there. */
function path(
  samples: Line['samples'],
  stepSeconds: number,
  x: (at: number) => number,
  y: (value: number) => number,
  colour: string,
): string {
  let text = '';
  let before = -Infinity;
  for (const { at, value } of samples) {
    if (!Number.isFinite(value)) continue;
    text += `${at - before > stepSeconds * 1.5 ? 'M' : 'L'}${fixed(x(at))} ${fixed(y(value))}`;
    // A lone point is a line of no length, which a round cap shows.
    if (at - before > stepSeconds * 1.5) text += 'h0';
    before = at;
  }
  return `<path class="line ${colour}" d="${text}"/>`;
}

function legend(lines: readonly Line[], { unit }: BoardPanel): string {
  const items = lines.map(({ name, colour, samples }) => {
    const last = samples.findLast(({ value }) => Number.isFinite(value))?.value;
    const value = last === undefined ? '' : ` <b>${htmlText(unitText(last, unit))}</b>`;
    return `<li><i class="${colour}"></i>${htmlText(name)}${value}</li>`;
  });
  return `<ul class="legend">${items.join('')}</ul>`;
}

function ticks(low: number, high: number, unit: BoardUnit): readonly number[] {
  const rough = (high - low) / 4;
  const step = unit === 'bytes' ? 2 ** Math.ceil(Math.log2(rough)) : decimalStep(rough);
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, index) => first + index * step);
}

/** The next larger of 1, 2, 2.5 and 5 times a power of ten. */
function decimalStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough)!;
}

function timeTicks({ from, to }: TimeRange): readonly number[] {
  const steps = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];
  const step = steps.find((one) => (to - from) / one <= 5) ?? 2_592_000;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, index) => first + index * step);
}

function timeText(at: number, { from, to }: TimeRange): string {
  const text = new Date(at * 1000).toISOString();
  return to - from > 2 * 86_400 ? text.slice(5, 10) : text.slice(11, 16);
}
