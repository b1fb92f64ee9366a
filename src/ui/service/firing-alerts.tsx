import type { AlertView } from '../../server/api-types/alert.js';
import { alertAddress } from '../address/address.js';
import { alertNews, alertTitle } from '../words/alert-words.js';
import { momentText } from '../words/numbers.js';

interface FiringProps {
  readonly alerts: readonly AlertView[];
  /** Name of the SLO whose state is told above. */
  readonly told: string | undefined;
}

/** What calls for somebody now, since when, and what to do next: each advice once. */
export function FiringAlerts({ alerts, told }: FiringProps) {
  const isLoud = alerts.some(({ severity, acknowledged }) => severity === 'page' && !acknowledged);
  const actions = new Set(alerts.map(({ action }) => action).filter((action) => action !== null));
  return (
    <section class={isLoud ? 'banner burning' : 'banner'} aria-label="What fires now">
      <ul class="pages">
        {alerts.map((alert) => (
          <FiringAlert key={alert.id} alert={alert} isTold={isBurn(alert) && alert.slo === told} />
        ))}
      </ul>
      {[...actions].map((action) => (
        <p key={action}>
          <b>What to do:</b> {action}
        </p>
      ))}
    </section>
  );
}

interface AlertProps {
  readonly alert: AlertView;
  /** Whether its news stand above already, and are newer there. */
  readonly isTold: boolean;
}

function FiringAlert({ alert, isTold }: AlertProps) {
  const { id, name, slo, severity, startedSeconds, acknowledged, runbookUrl, dashboardUrl } = alert;
  return (
    <li>
      <a href={alertAddress(id)}>
        {alertTitle(name)}
        {slo !== null && `: ${slo}`}
      </a>{' '}
      {!isTold && `${alertNews(alert) ?? ''} `}
      <span class="aside">
        {severity} since {momentText(startedSeconds)}
      </span>{' '}
      {acknowledged && <span class="aside">acknowledged by {acknowledged.by}</span>}{' '}
      {runbookUrl !== null && (
        <a class="aside" href={runbookUrl}>
          Runbook
        </a>
      )}{' '}
      {dashboardUrl !== null && (
        <a class="aside" href={dashboardUrl}>
          Dashboard
        </a>
      )}
    </li>
  );
}

function isBurn({ name }: AlertView): boolean {
  return name.startsWith('ErrorBudgetBurn');
}
