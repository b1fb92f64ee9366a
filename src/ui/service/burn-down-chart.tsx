import { useMemo } from 'preact/hooks';
import { percentInWords, roundPercentInWords } from '../../domain/in-words.js';
import type { BurnDownView } from '../../server/api-types/service-detail.js';
import type { Stretch } from '../charts/chart-marks.js';
import { TimeChart } from '../charts/time-chart.js';
import { momentText } from '../words/numbers.js';
import { holes, timesOf } from './steps-of-time.js';

interface BurnDownProps {
  readonly burnDown: BurnDownView;
  readonly importedUntilSeconds: number | null;
  readonly onZoom: (range: Stretch) => void;
}

/** What was left of the budget through the last week. */
export function BurnDownChart({ burnDown, importedUntilSeconds, onZoom }: BurnDownProps) {
  const content = useMemo(() => {
    // The first value stands for the beginning, the last for the end.
    const times = timesOf(burnDown, burnDown.remainingRatio.length);
    return {
      times,
      lines: [{ label: 'left', tone: 'strong', values: burnDown.remainingRatio } as const],
      marks: {
        gaps: holes(burnDown.remainingRatio, burnDown),
        importedUntilSeconds: importedUntilSeconds ?? undefined,
        alerts: [],
      },
    };
  }, [burnDown, importedUntilSeconds]);
  return (
    <TimeChart
      title="Budget left, last week"
      summary={summaryOf(burnDown)}
      {...content}
      range={burnDown}
      limit={undefined}
      least={[0, 1]}
      format={(ratio) => percentInWords(Math.round(ratio * 1000) / 1000)}
      group="week"
      onZoom={onZoom}
    />
  );
}

function summaryOf({ remainingRatio, completeFromSeconds, resetsSeconds, fromSeconds }: BurnDownView): string {
  const known = remainingRatio.filter((ratio) => ratio !== null);
  if (known.length === 0) return 'Unknown: there were no requests to count.';
  const [first, last] = [known[0]!, known.at(-1)!].map(roundPercentInWords);
  const way = first === last ? `${last} throughout.` : `From ${first} to ${last}.`;
  const resets = resetsSeconds.map((at) => ` Whole again at ${momentText(at)}.`).join('');
  const isPartial = completeFromSeconds === null || completeFromSeconds > fromSeconds;
  if (!isPartial) return way + resets;
  const until = completeFromSeconds === null ? '' : ` before ${momentText(completeFromSeconds)}`;
  return `${way}${resets} The whole window is not known${until}: less is counted than there was.`;
}
