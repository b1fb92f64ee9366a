import { percentInWords, roundPercentInWords } from '../domain/in-words.js';
import type { SloDetail } from '../server/api-types/slo.js';
import { timeText } from './numbers.js';

const width = 400;
const height = 120;

interface ChartProps {
  readonly series: SloDetail['series'];
  /** Share of bad requests that spends the budget exactly within its window; drawn as a line. */
  readonly errorBudgetRatio: number;
}

/** Share of bad requests over time as bars; grey where nobody looked. */
export function BadRatioChart({ series, errorBudgetRatio }: ChartProps) {
  const ratios = series.points.map(({ total, bad }) =>
    total === null || bad === null ? null : total === 0 ? 0 : bad / total,
  );
  const isUnseen = ratios.every((ratio) => ratio === null);
  const worst = Math.max(...ratios.map((ratio) => ratio ?? 0), 0);
  const highest = Math.max(worst, errorBudgetRatio * 2);
  const step = width / Math.max(1, ratios.length);
  const allowedY = height * (1 - errorBudgetRatio / highest);
  const summary = isUnseen
    ? 'Nobody looked in these 24 hours.'
    : `Worst ${roundPercentInWords(worst)} bad; the budget allows ${percentInWords(errorBudgetRatio)}.`;
  return (
    <figure>
      <svg class="chart" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={summary}>
        {ratios.map((ratio, index) => {
          const high = ratio === null ? height : (height * ratio) / highest;
          if (high === 0) return null;
          const kind = ratio === null ? 'unseen' : ratio > errorBudgetRatio ? 'over' : 'within';
          return <rect key={index} class={kind} x={index * step} y={height - high} width={step} height={high} />;
        })}
        <line x1={0} x2={width} y1={allowedY} y2={allowedY} />
      </svg>
      <figcaption>
        <span>{timeText(series.fromSeconds)}</span> <span>{summary}</span> <span>{timeText(series.toSeconds)}</span>
      </figcaption>
    </figure>
  );
}
