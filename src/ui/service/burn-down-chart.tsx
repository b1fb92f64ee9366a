import { useMemo } from 'preact/hooks';
import { percentInWords, roundPercentInWords, spanInWords } from '../../domain/in-words.js';
import type { BurnDownView } from '../../server/api-types/service-detail.js';
import type { SloView } from '../../server/api-types/slo.js';
import type { ChartContent } from '../charts/chart-options.js';
import type { Stretch } from '../charts/stretch.js';
import { TimeChart } from '../charts/time-chart.js';
import { momentText } from '../words/numbers.js';
import { holes, timesOf } from './steps-of-time.js';

interface BurnDownProps {
  readonly slo: SloView;
  readonly burnDown: BurnDownView;
  readonly importedUntilSeconds: number | null;
  readonly onZoom: (range: Stretch) => void;
}

/** A week of hours has room for none. */
const noEvents: ChartContent['events'] = [];

/** What was left of the budget through the last week. */
export function BurnDownChart({ slo, burnDown, importedUntilSeconds, onZoom }: BurnDownProps) {
  const content = useMemo(() => {
    // Whole hours, and now.
    const times = [...timesOf(burnDown, burnDown.remainingRatio.length), slo.atSeconds];
    const values = [...burnDown.remainingRatio, slo.budget?.remainingRatio ?? null];
    return {
      times,
      lines: [{ label: 'left', tone: 'strong', values } as const],
      marks: {
        // Without requests there is nothing left to know, however well somebody looked.
        gaps: slo.state === 'no-traffic' ? [] : holes(burnDown.remainingRatio, burnDown),
        importedUntilSeconds: importedUntilSeconds ?? undefined,
        alerts: [],
      },
    };
  }, [burnDown, slo, importedUntilSeconds]);
  return (
    <TimeChart
      title="Budget left, last week"
      summary={summaryOf(burnDown, slo)}
      {...content}
      range={{ fromSeconds: burnDown.fromSeconds, toSeconds: slo.atSeconds }}
      limit={undefined}
      events={noEvents}
      least={[0, 1]}
      format={(ratio) => percentInWords(Math.round(ratio * 1000) / 1000)}
      group="week"
      onZoom={onZoom}
    />
  );
}

/** `30 days`, `the month so far` */
function windowLength(window: SloView['window']): string {
  return window.kind === 'rolling' ? spanInWords(window.seconds) : `the ${window.period} so far`;
}

function summaryOf(
  { remainingRatio, completeFromSeconds, resetsSeconds, fromSeconds }: BurnDownView,
  { budget, atSeconds, window, state }: SloView,
): string {
  const known = [...remainingRatio, budget?.remainingRatio ?? null].filter((ratio) => ratio !== null);
  if (known.length === 0)
    return state === 'no-traffic' ? 'Unknown: there were no requests to count.' : 'Unknown: nobody looked.';
  const [first, last] = [known[0]!, known.at(-1)!].map(roundPercentInWords);
  const way = first === last ? `${last} throughout.` : `From ${first} to ${last}.`;
  const resets = resetsSeconds.map((at) => ` Whole again at ${momentText(at)}.`).join('');
  if (completeFromSeconds === null || completeFromSeconds <= fromSeconds) return way + resets;
  if (completeFromSeconds > atSeconds)
    return `${way}${resets} Less than the whole window is known: it is told by what was seen so far.`;
  const before = momentText(completeFromSeconds);
  return `${way}${resets} Before ${before} less than ${windowLength(window)} was known.`;
}
