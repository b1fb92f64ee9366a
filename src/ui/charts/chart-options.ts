import uPlot from 'uplot';
import { timeText } from '../words/numbers.js';
import { type ChartEvent, drawEvents, eventsAt } from './chart-events.js';
import { type ChartMarks, drawLimit, drawMarks } from './chart-marks.js';
import type { Stretch } from './stretch.js';
import { type ChartTheme, type Tone, toneDashes } from './chart-theme.js';

/** One line of a chart. */
export interface ChartLine {
  readonly label: string;
  readonly tone: Tone;
  /** A value per moment; null where nothing is known. */
  readonly values: readonly (number | null)[];
  /** Each value holds for its whole step, instead of being joined with the next. */
  readonly isStepped?: boolean;
}

/** What a chart is drawn from; read anew at every drawing. */
export interface ChartContent {
  /** Starts of the steps, epoch seconds. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly range: Stretch;
  readonly marks: ChartMarks;
  readonly events: readonly ChartEvent[];
  /** What must be kept, as a line across, and what that is called. */
  readonly limit: { readonly label: string; readonly value: number } | undefined;
  /** Lowest and highest value that the chart shows at least. */
  readonly least: readonly [number, number];
  readonly format: (value: number) => string;
}

interface ChartEvents {
  /** Position in `times` that is pointed at, and what happened there; undefined when nothing is. */
  readonly onPoint: (index: number | undefined, events: readonly ChartEvent[]) => void;
  readonly onZoom: (range: Stretch) => void;
}

const chartHeight = 150;
const axisWidth = 56;

/** The options of a chart in uPlot's words; content is asked for, since it changes while the chart stays. */
export function chartOptions(
  content: () => ChartContent,
  theme: ChartTheme,
  { onPoint, onZoom, width, group }: ChartEvents & { readonly width: number; readonly group: string },
): uPlot.Options {
  return {
    width,
    height: chartHeight,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 6 },
      // The crosshair is shared; a stretch is marked in one chart, and all follow by the address.
      sync: {
        key: group,
        filters: { pub: (event) => event === 'mousemove' || event === 'mouseleave', sub: () => true },
      },
      drag: { x: true, y: false, setScale: false },
    },
    scales: {
      x: { time: true, range: () => [content().range.fromSeconds, content().range.toSeconds] },
      y: { range: (_plot, low, high) => yRange(content(), low, high) },
    },
    axes: [
      { ...axisStyle(theme), size: 26, space: 64, values: (_plot, splits) => splits.map(timeLabel) },
      {
        ...axisStyle(theme),
        size: axisWidth,
        space: 34,
        values: (_plot, splits) => splits.map((value) => content().format(value)),
      },
    ],
    series: [{}, ...content().lines.map((each) => lineOptions(each, theme))],
    hooks: {
      drawClear: [(plot) => drawMarks(plot, content().marks, theme)],
      draw: [
        (plot) => {
          const { limit, events } = content();
          if (limit) drawLimit(plot, limit.value, theme);
          drawEvents(plot, events, theme);
        },
      ],
      setCursor: [
        (plot) => {
          const { idx, left = -1 } = plot.cursor;
          onPoint(idx ?? undefined, left < 0 ? [] : eventsAt(plot, content().events, left));
        },
      ],
      setSelect: [(plot) => zoom(plot, onZoom)],
    },
  };
}

function lineOptions({ label, tone, isStepped }: ChartLine, theme: ChartTheme): uPlot.Series {
  const stroke = theme.tones[tone];
  const stepped = isStepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    label,
    stroke,
    width: tone === 'faint' ? 1 : 1.5,
    dash: [...toneDashes[tone]],
    points: { size: 4, fill: stroke, show: true, filter: lonely },
    ...(tone === 'bad' && { fill: `color-mix(in srgb, ${stroke} 18%, transparent)` }),
    ...(stepped && { paths: stepped }),
  };
}

/** A value between two holes has no line: it alone is drawn as a point. */
function lonely(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  return [...values.keys()].filter(
    (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
  );
}

function axisStyle(theme: ChartTheme): uPlot.Axis {
  return {
    stroke: theme.quiet,
    font: `11px ${theme.fontFamily}`,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { show: false },
    gap: 6,
  };
}

/** Zero is always there; a limit is seen unless the line is far below it. */
function yRange({ least, limit }: ChartContent, low: number | null, high: number | null): [number, number] {
  const top = Math.max(least[1], (high ?? 0) * 1.1, (limit?.value ?? 0) * 1.25);
  return [Math.min(least[0], low ?? 0), top === least[0] ? least[0] + 1 : top];
}

/** `12:05`; at midnight the day. */
function timeLabel(seconds: number): string {
  const moment = new Date(seconds * 1000);
  const isMidnight = moment.getHours() === 0 && moment.getMinutes() === 0;
  return isMidnight ? moment.toLocaleDateString('en', { month: 'short', day: 'numeric' }) : timeText(seconds);
}

/** Less than this is a click, and no stretch of time. */
const leastPixels = 8;

function zoom(plot: uPlot, onZoom: ChartEvents['onZoom']): void {
  const { left, width } = plot.select;
  if (width < leastPixels) return;
  const [from, to] = [left, left + width].map((position) => plot.posToVal(position, 'x'));
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  // A stretch is at least some minutes long: slots are one.
  onZoom({
    fromSeconds: Math.floor(from! / 60) * 60,
    toSeconds: Math.max(Math.ceil(to! / 60), Math.floor(from! / 60) + 5) * 60,
  });
}
