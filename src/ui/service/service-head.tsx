import type { AlertView } from '../../server/api-types/alert.js';
import type { ServiceDetail } from '../../server/api-types/service-detail.js';
import { alertAddress } from '../address/address.js';
import { snapshot } from '../live/snapshot.js';
import { listSearch } from '../list/list-filter.js';
import { alertNews, alertTitle, isAbout } from '../words/alert-words.js';
import { momentText } from '../words/numbers.js';
import { UrgencyMark } from '../words/urgency-mark.js';
import { stateSentence } from './state-sentence.js';
import { PageHeading } from '../words/page-heading.js';

/** Who it is, how it stands in one sentence, whose it is, and what calls for somebody. */
export function ServiceHead({ detail }: { readonly detail: ServiceDetail }) {
  const { service, namespace, cluster, owner, tier, mesh, slos, urgency } = detail;
  const worst = slos[0];
  // Those of now, whatever time the charts show.
  const firing = (snapshot.value?.alerts ?? []).filter((alert) => !alert.inhibited && isAbout(alert, detail));
  return (
    <div class="head">
      <p class="crumbs">
        <a href={`/${listSearch.value}`}>Services</a> <span aria-hidden="true">/</span> {cluster}{' '}
        <span aria-hidden="true">/</span> {namespace}
      </p>
      <PageHeading>{service}</PageHeading>
      {urgency && worst && (
        <p class={`state-sentence ${urgency}`}>
          <UrgencyMark urgency={urgency} /> {stateSentence(worst)}
        </p>
      )}
      <p class="belongs">
        <span>
          Owner: <b>{owner ?? 'nobody'}</b>
        </span>
        {tier !== null && <span>Tier: {tier}</span>}
        {mesh !== null && <span>Mesh: {mesh}</span>}
      </p>
      {firing.map((alert) => (
        <FiringAlert key={alert.id} alert={alert} told={worst?.slo} />
      ))}
    </div>
  );
}

interface FiringProps {
  readonly alert: AlertView;
  /** Name of the SLO whose state is told above. */
  readonly told: string | undefined;
}

function FiringAlert({ alert, told }: FiringProps) {
  const { name, severity, summary, action, startedSeconds, acknowledged, runbookUrl, dashboardUrl } = alert;
  // How fast and how much is left stands above, and is newer.
  const isToldAbove = name.startsWith('ErrorBudgetBurn') && alert.slo === told;
  const isLoud = severity === 'page' && !acknowledged;
  return (
    <div class={isLoud ? 'banner burning' : 'banner'}>
      <p class="headline">
        <a href={alertAddress(alert.id)}>{alertTitle(name)}</a>{' '}
        <span class="aside">
          {severity}, since {momentText(startedSeconds)}
          {acknowledged && `, acknowledged by ${acknowledged.by}`}
        </span>
      </p>
      {summary !== null && !isToldAbove && <p>{alertNews(alert)}</p>}
      {action !== null && (
        <p>
          <b>What to do:</b> {action}
        </p>
      )}
      {(runbookUrl !== null || dashboardUrl !== null) && (
        <p class="links">
          {runbookUrl !== null && <a href={runbookUrl}>Runbook</a>}{' '}
          {dashboardUrl !== null && <a href={dashboardUrl}>Dashboard</a>}
        </p>
      )}
    </div>
  );
}
