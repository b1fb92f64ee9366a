import type { AlertView } from '../../server/api-types/alert.js';
import type { RangeView } from '../../server/api-types/service-detail.js';
import { AlertTable } from '../alerts/alert-table.js';
import { momentText } from '../words/numbers.js';

interface AlertsProps {
  readonly alerts: readonly AlertView[];
  readonly range: RangeView;
}

/** What fired for a service in the shown time. */
export function ServiceAlerts({ alerts, range }: AlertsProps) {
  return (
    <section>
      <h2>Alerts of this time</h2>
      {alerts.length === 0 ? (
        <p class="unknown">
          None fired from {momentText(range.fromSeconds)} to {momentText(range.toSeconds)}.
        </p>
      ) : (
        <AlertTable alerts={alerts} title="Alerts of this service" namesSubject={false} />
      )}
    </section>
  );
}
