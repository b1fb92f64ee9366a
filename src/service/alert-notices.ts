import { troubleOf } from '../alerting/delivery/alertmanager-health.js';
import type { AlertingState } from '../alerting/alert-desk.js';
import type { Notices } from './notices.js';

/** Tells an operator of Alertmanagers that do not take alerts, and of a history that cannot be written. */
export function noticeAlerting({ alertmanagers, unsaved }: AlertingState, notices: Notices): void {
  for (const health of alertmanagers) {
    const name = `Alertmanager ${health.url}`;
    const trouble = troubleOf(health);
    const hint = health.failure?.hint === undefined ? '' : ` (${health.failure.hint})`;
    notices.report(name, trouble && `${name}: ${trouble}${hint}; it is tried again`, `${name} takes alerts again`);
  }
  const history =
    unsaved && `the history of alerts cannot be written (${unsaved.failure.message}); alerts go out all the same`;
  notices.report('alert history', history, 'the history of alerts is written again');
}
