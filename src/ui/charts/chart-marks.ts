import type uPlot from 'uplot';
import type { ChartTheme } from './chart-theme.js';
import type { Stretch } from './stretch.js';

/** What all charts of a page show beside their lines. */
export interface ChartMarks {
  /** Nobody looked. */
  readonly gaps: readonly Stretch[];
  /** Everything before was imported, not observed; undefined where nothing was. */
  readonly importedUntilSeconds: number | undefined;
  /** While an alert fired. */
  readonly alerts: readonly Stretch[];
}

/** Behind the lines: hatches where nobody looked, a tint where figures were imported, a bar while an alert fired. */
export function drawMarks(plot: uPlot, marks: ChartMarks, theme: ChartTheme): void {
  const { ctx } = plot;
  ctx.save();
  const { left, top, width, height } = plot.bbox;
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  if (marks.importedUntilSeconds !== undefined) {
    drawImported(plot, marks.importedUntilSeconds, theme);
  }
  for (const gap of marks.gaps) drawHatches(plot, gap, theme);
  for (const alert of marks.alerts) {
    const [x, wide] = pixels(plot, alert);
    ctx.fillStyle = theme.tones.bad;
    ctx.fillRect(x, top, Math.max(2 * devicePixelRatio, wide), 3 * devicePixelRatio);
  }
  ctx.restore();
}

/** A dashed line across, at what must be kept. */
export function drawLimit(plot: uPlot, value: number, theme: ChartTheme): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(value, 'y', true)) + 0.5;
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.save();
  ctx.strokeStyle = theme.limit;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  line(ctx, bbox.left, y, bbox.left + bbox.width, y);
  ctx.restore();
}

function drawImported(plot: uPlot, untilSeconds: number, theme: ChartTheme): void {
  const { ctx, bbox } = plot;
  const seam = Math.round(plot.valToPos(untilSeconds, 'x', true)) + 0.5;
  ctx.fillStyle = theme.imported;
  ctx.fillRect(bbox.left, bbox.top, seam - bbox.left, bbox.height);
  ctx.strokeStyle = theme.quiet;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 2 * devicePixelRatio]);
  line(ctx, seam, bbox.top, seam, bbox.top + bbox.height);
  ctx.setLineDash([]);
}

function drawHatches(plot: uPlot, gap: Stretch, theme: ChartTheme): void {
  const { ctx, bbox } = plot;
  const [x, wide] = pixels(plot, gap);
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, bbox.top, wide, bbox.height);
  ctx.clip();
  ctx.strokeStyle = theme.hatch;
  ctx.lineWidth = devicePixelRatio;
  const distance = 7 * devicePixelRatio;
  // From a fixed origin, so that neighbouring gaps look like one.
  const first = Math.floor((x - bbox.height) / distance) * distance;
  for (let start = first; start < x + wide; start += distance) {
    line(ctx, start, bbox.top + bbox.height, start + bbox.height, bbox.top);
  }
  ctx.restore();
}

/** Left edge and width on the canvas. */
function pixels(plot: uPlot, { fromSeconds, toSeconds }: Stretch): readonly [number, number] {
  const { left, width } = plot.bbox;
  const from = Math.max(left, plot.valToPos(fromSeconds, 'x', true));
  const to = Math.min(left + width, plot.valToPos(toSeconds, 'x', true));
  return [from, Math.max(0, to - from)];
}

function line(ctx: CanvasRenderingContext2D, fromX: number, fromY: number, toX: number, toY: number): void {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}
