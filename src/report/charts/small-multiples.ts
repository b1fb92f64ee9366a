import { roundPercentInWords } from '../../domain/in-words.js';
import type { BudgetCurve } from '../slo-week.js';
import type { ReportPeriod } from '../week-report.js';
import { budgetLine, colorOf, scaleOf } from './budget-lines.js';
import { dayMarks } from './day-marks.js';
import { cut, element, ink, label, picture, pictureWidth } from './svg.js';

/** A curve with the names that stand above it. */
export interface NamedCurve {
  readonly curve: BudgetCurve;
  readonly service: string;
  readonly slo: string;
}

const columns = 3;
const margin = 16;
const gap = 20;
const cellHeight = 104;
const cellWidth = (pictureWidth - 2 * margin - (columns - 1) * gap) / columns;

/** How several budgets went down in the week, side by side, all from the same whole. */
export function smallMultiples(curves: readonly NamedCurve[], period: ReportPeriod): string {
  const rows = Math.ceil(curves.length / columns);
  return picture(
    rows * cellHeight + 2 * margin - 8,
    ...curves.map((one, index) =>
      cell(
        one,
        period,
        margin + (index % columns) * (cellWidth + gap),
        margin + Math.floor(index / columns) * cellHeight,
      ),
    ),
  );
}

function cell({ curve, service, slo }: NamedCurve, period: ReportPeriod, x: number, y: number): string {
  const frame = { x, y: y + 34, width: cellWidth - 6, height: 50 };
  const scale = scaleOf(curve, period, frame);
  const last = curve.points.at(-1)?.remainingRatio ?? 1;
  const value = roundPercentInWords(last).replace(/^(over|under) /, '');
  const bottom = frame.y + frame.height;
  return [
    label(cut(service, cellWidth - 56, 12), { x, y: y + 11 }, { fill: ink.text, bold: true }),
    label(value, { x: x + cellWidth, y: y + 11 }, { fill: colorOf(last), bold: true, anchor: 'end' }),
    label(cut(slo, cellWidth, 11), { x, y: y + 26 }, { size: 11 }),
    ...dayMarks(period, scale.x).map((mark) =>
      element('line', { x1: mark.x, y1: frame.y, x2: mark.x, y2: bottom, stroke: ink.grid, 'stroke-width': 1 }),
    ),
    element('line', {
      x1: frame.x,
      y1: scale.y(0),
      x2: frame.x + frame.width,
      y2: scale.y(0),
      stroke: ink.zero,
      'stroke-width': 1,
    }),
    budgetLine(curve, scale, 2),
  ].join('');
}
