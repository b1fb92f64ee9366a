import type uPlot from 'uplot';
import type { MeshEventView } from '../../server/api-types/mesh-event.js';
import type { ChartTheme } from './chart-theme.js';

/** Something that happened once, and that charts point at. */
export interface ChartEvent {
  readonly kind: MeshEventView['kind'];
  readonly atSeconds: number;
  readonly text: string;
  /** Whether somebody points at it elsewhere on the page. */
  readonly isPointed: boolean;
}

/** What each kind is called, and the shape at the foot of its line: where colours do not tell. */
export const eventKinds: Readonly<Record<ChartEvent['kind'], { readonly title: string; readonly shape: string }>> = {
  deploy: { title: 'deploy', shape: '▲' },
  'control-plane': { title: 'control plane', shape: '◆' },
  migration: { title: 'migration', shape: '●' },
};

/** So near to its line, the pointer means an event. */
const nearPixels = 7;

/** Over the lines of a chart: where something happened, an upright line that stands on the shape of its kind. */
export function drawEvents(plot: uPlot, events: readonly ChartEvent[], theme: ChartTheme): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = theme.event;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  for (const { kind, atSeconds, isPointed } of events) {
    const x = Math.round(plot.valToPos(atSeconds, 'x', true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.lineWidth = (isPointed ? 3 : 1) * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.font = `${(isPointed ? 15 : 11) * devicePixelRatio}px ${theme.fontFamily}`;
    ctx.fillText(eventKinds[kind].shape, x, bbox.top + bbox.height);
  }
  ctx.restore();
}

/** The events that the pointer is at, so many pixels from the left edge of the lines. */
export function eventsAt(plot: uPlot, events: readonly ChartEvent[], left: number): readonly ChartEvent[] {
  return events.filter(({ atSeconds }) => Math.abs(plot.valToPos(atSeconds, 'x') - left) <= nearPixels);
}
