import { roundPercentInWords } from '../../domain/in-words.js';
import type { ServiceId } from '../../domain/service-id.js';
import type { ServiceDetail } from '../../server/api-types/service-detail.js';
import { type ShownRange, serviceAddress, usualSeconds } from '../address/address.js';
import { momentText } from '../words/numbers.js';

const lengths = [
  [3600, '1 hour'],
  [usualSeconds, '3 hours'],
  [6 * 3600, '6 hours'],
  [86_400, '1 day'],
  [7 * 86_400, '7 days'],
  [30 * 86_400, '30 days'],
] as const;

interface RangeProps {
  readonly detail: ServiceDetail;
  readonly service: ServiceId;
  readonly slo: string | undefined;
  readonly range: ShownRange;
}

/** Which time the charts show, what of it was seen, and other times. */
export function RangeBar({ detail, service, slo, range }: RangeProps) {
  const { fromSeconds, toSeconds } = detail.range;
  const address = (to: ShownRange) => serviceAddress(service, { ...(slo !== undefined && { slo }), range: to });
  const length = toSeconds - fromSeconds;
  const fixed = (from: number) => ({ kind: 'fixed', from, to: from + length }) as const;
  return (
    <div class="range-bar">
      <h2>
        {momentText(fromSeconds)} – {momentText(toSeconds)}
      </h2>
      <p class="aside">
        {Intl.DateTimeFormat().resolvedOptions().timeZone}; {coverageText(detail)}
      </p>
      <nav aria-label="Time">
        <a href={address(fixed(fromSeconds - length))} aria-label="Earlier">
          ←
        </a>
        {range.kind === 'fixed' && (
          <>
            <a href={address(fixed(fromSeconds + length))} aria-label="Later">
              →
            </a>
            <a href={address({ kind: 'live', seconds: usualSeconds })}>Back to now</a>
          </>
        )}
        {lengths.map(([seconds, text]) => (
          <a
            key={seconds}
            href={address({ kind: 'live', seconds })}
            aria-current={range.kind === 'live' && range.seconds === seconds ? 'true' : undefined}
          >
            {text}
          </a>
        ))}
      </nav>
    </div>
  );
}

/** How much of the shown time somebody saw this service. */
function coverageText({ signals: { requestsPerSecond } }: ServiceDetail): string {
  const seen = requestsPerSecond.filter((value) => value !== null).length;
  if (seen === 0) return 'nobody looked';
  if (seen === requestsPerSecond.length) return 'observed throughout';
  return `${roundPercentInWords(seen / requestsPerSecond.length)} of it observed`;
}
