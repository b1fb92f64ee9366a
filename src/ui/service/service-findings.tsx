import type { ServiceDetail } from '../../server/api-types/service-detail.js';
import { FindingTable } from '../findings/finding-table.js';
import { momentText } from '../words/numbers.js';

/** What is wrong around a service, and what was done to it in the shown time; nothing where there is neither. */
export function ServiceFindings({ detail: { findings, events } }: { readonly detail: ServiceDetail }) {
  if (findings.length === 0 && events.length === 0) return null;
  return (
    <section class="panels two">
      {findings.length > 0 && (
        <section>
          <h2>Findings</h2>
          <FindingTable findings={findings} title="Findings about this service" />
        </section>
      )}
      {events.length > 0 && (
        <section>
          <h2>What happened</h2>
          <ol class="mesh-events">
            {[...events].reverse().map(({ atSeconds, summary }) => (
              <li key={`${atSeconds} ${summary}`}>
                <time dateTime={new Date(atSeconds * 1000).toISOString()}>{momentText(atSeconds)}</time>
                <span>{summary}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </section>
  );
}
