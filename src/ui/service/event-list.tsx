import type { MeshEventView } from '../../server/api-types/mesh-event.js';
import type { ServiceDetail } from '../../server/api-types/service-detail.js';
import { serviceAddress } from '../address/address.js';
import { eventKinds } from '../charts/chart-events.js';
import { momentText } from '../words/numbers.js';

/** What is shown around an event: half an hour before it and after it. */
const aroundSeconds = 1800;

interface EventListProps {
  readonly detail: ServiceDetail;
  /** Told which of them is pointed at or has the focus: the charts show it. */
  readonly onPoint: (key: string | undefined) => void;
}

/** What was done to a service and its mesh in the shown time, newest first; the same that stands in the charts as upright lines. */
export function EventList({ detail, onPoint }: EventListProps) {
  const { events, range } = detail;
  return (
    <section class="event-list">
      <h3>What happened</h3>
      {events.length === 0 ? (
        <p class="unknown">
          No deploy, and no change of its mesh, is known from {momentText(range.fromSeconds)} to{' '}
          {momentText(range.toSeconds)}.
        </p>
      ) : (
        <ol onPointerLeave={() => onPoint(undefined)}>
          {events.toReversed().map((event) => (
            <li key={eventKey(event)} onPointerEnter={() => onPoint(eventKey(event))}>
              <a
                href={addressAround(detail, event)}
                onFocus={() => onPoint(eventKey(event))}
                onBlur={() => onPoint(undefined)}
                aria-label={`${momentText(event.atSeconds)}, ${eventKinds[event.kind].title}: ${event.summary}. Show the time around it`}
              >
                <time dateTime={new Date(event.atSeconds * 1000).toISOString()}>{momentText(event.atSeconds)}</time>{' '}
                <span class="event-kind">
                  {eventKinds[event.kind].shape} {eventKinds[event.kind].title}
                </span>
              </a>{' '}
              {event.summary}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** What tells an event from every other. */
export function eventKey({ atSeconds, summary }: MeshEventView): string {
  return `${atSeconds} ${summary}`;
}

function addressAround({ cluster, namespace, service, chosen }: ServiceDetail, { atSeconds }: MeshEventView): string {
  const minute = Math.floor(atSeconds / 60) * 60;
  const range = { kind: 'fixed', from: minute - aroundSeconds, to: minute + aroundSeconds } as const;
  return serviceAddress({ cluster, namespace, name: service }, { ...(chosen && { slo: chosen.slo }), range });
}
