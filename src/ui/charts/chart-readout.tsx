import { momentText } from '../words/numbers.js';
import type { ChartContent } from './chart-options.js';
import { toneDashes } from './chart-theme.js';

/** The values at the crosshair, or the latest ones; also the legend. */
export function ChartReadout({
  content,
  index,
}: {
  readonly content: ChartContent;
  readonly index: number | undefined;
}) {
  const { times, lines, limit, format } = content;
  return (
    <p class="readout">
      {index !== undefined && <time>{momentText(times[index]!)}</time>}
      {lines.map(({ label, tone, values }) => {
        const value = index === undefined ? values.findLast((each) => each !== null) : values[index];
        return (
          <span key={label} class={`tone ${tone}`}>
            <svg viewBox="0 0 18 4" width="18" height="4" aria-hidden="true">
              <path d="M0 2H18" stroke-dasharray={toneDashes[tone].join(' ')} />
            </svg>
            {label} <b>{value == null ? 'unknown' : format(value)}</b>
          </span>
        );
      })}
      {limit && (
        <span class="tone limit">
          <svg viewBox="0 0 18 4" width="18" height="4" aria-hidden="true">
            <path d="M0 2H18" stroke-dasharray="4 3" />
          </svg>
          {limit.label} <b>{format(limit.value)}</b>
        </span>
      )}
    </p>
  );
}
