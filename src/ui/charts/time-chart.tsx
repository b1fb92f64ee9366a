import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './charts.css';
import type { Stretch } from './stretch.js';
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
  const holder = useRef<HTMLDivElement>(null);
  useChart(holder, props, setPointed);
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <ChartReadout content={props} index={pointed !== undefined && pointed < times.length ? pointed : undefined} />
      </figcaption>
      <div ref={holder} class="picture" role="img" aria-label={`${title}: ${summary}`} />
      <p class="summary">{summary}</p>
      {lines.length > 0 && <ChartNumbers title={title} content={props} />}
    </figure>
  );
}

/** Keeps one uPlot in a box: as wide as the box, in the page's colours, redrawn when its content changes. */
function useChart(
  holder: { readonly current: HTMLDivElement | null },
  props: TimeChartProps,
  onPoint: (index: number | undefined) => void,
): void {
  const latest = useRef(props);
  latest.current = props;
  const plot = useRef<uPlot | undefined>(undefined);
  const theme = chartTheme.value;
  const shape = props.lines.map(({ label, tone }) => `${label} ${tone}`).join();

  useEffect(() => {
    const box = holder.current!;
    const options = chartOptions(() => latest.current, theme, {
      width: Math.max(200, box.clientWidth),
      group: props.group,
      onPoint,
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
}

function dataOf({ times, lines }: ChartContent): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}
