import type { BoardPanel } from '../../domain/board.js';
import { htmlText } from '../../report/render/html-text.js';
import type { BoardMark } from './board-marks.js';
import type { PreviewView } from './fill-variables.js';
import { markLayer } from './mark-layer.js';
import type { QueryAnswer } from './panel-answer.js';
import { unitText } from './unit-text.js';

const marginLeft = 62;
const leastLabelHeight = 13;

/** How often each bucket was hit, over time: the darker the more; and what happened meanwhile. */
export function heatmap(
  panel: BoardPanel,
  [answer]: readonly QueryAnswer[],
  { range, stepSeconds }: PreviewView,
  marks: readonly BoardMark[],
): string {
  const buckets = (answer?.series ?? [])
    .map(({ labels, samples }) => ({ le: Number((labels['le'] ?? '').replace('+Inf', 'Infinity')), samples }))
    .sort((a, b) => a.le - b.le);
  // Counts of a bucket hold those of all below it.
  const own = buckets.map(({ le, samples }, index) => {
    const below = new Map(buckets[index - 1]?.samples.map(({ at, value }) => [at, value]) ?? []);
    return { le, cells: samples.map(({ at, value }) => ({ at, value: Math.max(0, value - (below.get(at) ?? 0)) })) };
  });
  const shown = own.filter(({ cells }) => cells.some(({ value }) => value > 0));
  const most = Math.max(...shown.flatMap(({ cells }) => cells.map(({ value }) => value)), 1e-12);
  const size = { width: panel.place.width * 56, height: Math.max(80, panel.place.height * 30 - 64) };
  const rowHeight = size.height / Math.max(1, shown.length);
  const cellWidth = ((size.width - marginLeft) * stepSeconds) / (range.to - range.from);
  const drawn = shown.map(({ le, cells }, index) => {
    const y = size.height - (index + 1) * rowHeight;
    const rects = cells
      .filter(({ value }) => value > 0)
      .map(({ at, value }) => {
        const end = marginLeft + ((at - range.from) / (range.to - range.from)) * (size.width - marginLeft);
        const x = Math.max(marginLeft, end - cellWidth);
        const strength = 0.12 + 0.88 * Math.sqrt(value / most);
        return `<rect class="heat" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${Math.max(0, end - x + 0.5).toFixed(1)}" height="${(rowHeight - 1).toFixed(1)}" opacity="${strength.toFixed(2)}"/>`;
      });
    // Names that would lie on each other are left out.
    if (index % Math.ceil(leastLabelHeight / rowHeight) !== 0) return rects.join('');
    const label = le === Infinity ? 'above' : unitText(le, panel.unit);
    return `<text class="tick" x="${marginLeft - 6}" y="${(y + rowHeight / 2 + 4).toFixed(1)}" text-anchor="end">${htmlText(label)}</text>${rects.join('')}`;
  });
  const area = { range, left: marginLeft, right: size.width, top: 0, bottom: size.height - 7 };
  return `<svg viewBox="0 0 ${size.width} ${size.height}" role="group" aria-label="${htmlText(panel.title)}">${drawn.join('')}${markLayer(marks, area)}</svg>`;
}
