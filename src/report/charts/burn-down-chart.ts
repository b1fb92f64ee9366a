import { roundPercentInWords } from '../../domain/in-words.js';
import type { BudgetCurve } from '../slo-week.js';
import type { ReportPeriod } from '../week-report.js';
import { budgetLine, colorOf, scaleOf } from './budget-lines.js';
import { dayMarks } from './day-marks.js';
import { element, ink, label, picture } from './svg.js';

const height = 196;
const frame = { x: 52, y: 18, width: 424, height: 138 };

/** How one budget went down in the week. */
export function burnDownChart(curve: BudgetCurve, period: ReportPeriod): string {
  const scale = scaleOf(curve, period, frame);
  const bottom = frame.y + frame.height;
  const levels = [1, 0.5, 0, -0.5, -1].filter((level) => level >= scale.least);
  const last = curve.points.at(-1);
  return picture(
    height,
    ...levels.map((level) => levelLine(level, scale.y(level))),
    ...dayMarks(period, scale.x).map(({ x, name, center }) =>
      [
        element('line', { x1: x, y1: frame.y, x2: x, y2: bottom, stroke: ink.grid, 'stroke-width': 1 }),
        label(name, { x: center, y: bottom + 22 }, { anchor: 'middle' }),
      ].join(''),
    ),
    budgetLine(curve, scale, 2.5),
    ...(last
      ? [
          label(
            roundPercentInWords(last.remainingRatio).replace(/^(over|under) /, ''),
            {
              x: frame.x + frame.width + 8,
              y: Math.min(bottom, Math.max(frame.y + 8, scale.y(last.remainingRatio))) + 4,
            },
            { fill: colorOf(last.remainingRatio), bold: true },
          ),
        ]
      : []),
  );
}

function levelLine(level: number, y: number): string {
  const isZero = level === 0;
  return [
    element('line', {
      x1: frame.x,
      y1: y,
      x2: frame.x + frame.width,
      y2: y,
      stroke: isZero ? ink.zero : ink.grid,
      'stroke-width': isZero ? 1.5 : 1,
    }),
    label(`${Math.round(level * 100)} %`, { x: frame.x - 8, y: y + 4 }, { anchor: 'end' }),
  ].join('');
}
