import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './charts.css';
import type { Stretch } from './stretch.js';
import { type ChartEvent, eventKinds } from './chart-events.js';
import { momentText } from '../words/numbers.js';
import { ChartNumbers } from './chart-numbers.js';
import { type ChartContent, chartOptions } from './chart-options.js';
import { ChartReadout } from './chart-readout.js';
import { chartTheme } from './chart-theme.js';

interface TimeChartProps extends ChartContent {
  readonly title: string;
  /** What the picture says, as a sentence. */
  readonly summary: string;
  /** Charts of one group share their crosshair. */
  readonly group: string;
  /** A stretch that was marked with the pointer. */
  readonly onZoom: (range: Stretch) => void;
}

/** Lines over time: as a picture with a crosshair, and the same numbers as a table. */
export function TimeChart(props: TimeChartProps) {
  const { title, summary, times, lines } = props;
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const [happened, setHappened] = useState(nothing);
  const holder = useRef<HTMLDivElement>(null);
  useChart(holder, props, (index, events) => {
    setPointed(index);
    setHappened(events.length === 0 ? nothing : events);
  });
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <ChartReadout content={props} index={pointed !== undefined && pointed < times.length ? pointed : undefined} />
      </figcaption>
      <div class="plot">
        <div ref={holder} class="picture" role="img" aria-label={`${title}: ${summary}`} />
        {happened.length > 0 && <EventNote events={happened} />}
      </div>
      <p class="summary">{summary}</p>
      {lines.length > 0 && <ChartNumbers title={title} content={props} />}
    </figure>
  );
}

const nothing: readonly ChartEvent[] = [];

/** What happened where the pointer is; the page lists the same beside the charts. */
function EventNote({ events }: { readonly events: readonly ChartEvent[] }) {
  return (
    <div class="event-note" aria-hidden="true">
      {events.slice(-3).map(({ kind, atSeconds, text }) => (
        <p key={`${atSeconds} ${text}`}>
          {eventKinds[kind].shape} <time>{momentText(atSeconds)}</time> {text}
        </p>
      ))}
    </div>
  );
}

/** Keeps one uPlot in a box: as wide as the box, in the page's colours, redrawn when its content changes. */
function useChart(
  holder: { readonly current: HTMLDivElement | null },
  props: TimeChartProps,
  onPoint: (index: number | undefined, events: readonly ChartEvent[]) => void,
): void {
  const latest = useRef(props);
  latest.current = props;
  const tell = useRef(onPoint);
  tell.current = onPoint;
  const plot = useRef<uPlot | undefined>(undefined);
  const theme = chartTheme.value;
  const shape = props.lines.map(({ label, tone }) => `${label} ${tone}`).join();

  useEffect(() => {
    const box = holder.current!;
    const options = chartOptions(() => latest.current, theme, {
      width: Math.max(200, box.clientWidth),
      group: props.group,
      onPoint: (index, events) => tell.current(index, events),
      onZoom: (range) => latest.current.onZoom(range),
    });
    const made = new uPlot(options, dataOf(latest.current), box);
    plot.current = made;
    const watcher = new ResizeObserver(() => {
      const width = Math.max(200, box.clientWidth);
      if (width !== made.width) made.setSize({ width, height: made.height });
    });
    watcher.observe(box);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [theme, shape, props.group]);

  useLayoutEffect(() => {
    plot.current?.setData(dataOf(props));
  }, [props.times, props.lines, props.marks, props.limit]);

  useLayoutEffect(() => {
    plot.current?.redraw(false);
  }, [props.events]);
}

function dataOf({ times, lines }: ChartContent): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}
