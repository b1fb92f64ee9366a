import type { BudgetCurve } from '../slo-week.js';
import { element, ink } from './svg.js';

/** The part of a picture that a curve is drawn in. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where moments and budgets are in a frame. */
export interface Scale {
  readonly x: (at: number) => number;
  readonly y: (remainingRatio: number) => number;
  readonly least: number;
}

/** An overspent budget is drawn down to this; what is further down stays at the edge. */
const lowest = -1;

/** From the whole budget down to nothing, or to how far it was overspent. */
export function scaleOf(
  { points }: BudgetCurve,
  { from, to }: { readonly from: number; readonly to: number },
  frame: Frame,
): Scale {
  const least = Math.max(lowest, Math.min(0, ...points.map(({ remainingRatio }) => remainingRatio)));
  const top = 1;
  return {
    least,
    x: (at) => frame.x + ((at - from) / Math.max(1, to - from)) * frame.width,
    y: (ratio) => frame.y + ((top - Math.min(top, Math.max(least, ratio))) / (top - least)) * frame.height,
  };
}

/** What is left says how it looks: spent, a quarter or less, or more. */
export function colorOf(remainingRatio: number): string {
  if (remainingRatio < 0) return ink.bad;
  return remainingRatio < 0.25 ? ink.warn : ink.good;
}

/** The curve with the ground under it. */
export function budgetLine({ points }: BudgetCurve, { x, y }: Scale, strokeWidth: number): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return '';
  const line = points
    .map(({ at, remainingRatio }) => `${coordinate(x(at))},${coordinate(y(remainingRatio))}`)
    .join(' L');
  const color = colorOf(last.remainingRatio);
  const area = `M${coordinate(x(first.at))},${coordinate(y(0))} L${line} L${coordinate(x(last.at))},${coordinate(y(0))} Z`;
  return [
    element('path', { d: area, fill: color, 'fill-opacity': 0.12 }),
    element('path', {
      d: `M${line}`,
      fill: 'none',
      stroke: color,
      'stroke-width': strokeWidth,
      'stroke-linejoin': 'round',
    }),
    element('circle', { cx: x(last.at), cy: y(last.remainingRatio), r: strokeWidth * 1.6, fill: color }),
  ].join('');
}

function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}
