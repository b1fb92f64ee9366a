import type { ServiceDetail } from '../../server/api-types/service-detail.js';
import { snapshot } from '../live/snapshot.js';
import { listSearch } from '../list/list-filter.js';
import { isAbout } from '../words/alert-words.js';
import { UrgencyMark } from '../words/urgency-mark.js';
import { PageHeading } from '../words/page-heading.js';
import { FiringAlerts } from './firing-alerts.js';
import { stateSentence } from './state-sentence.js';

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
      {firing.length > 0 && <FiringAlerts alerts={firing} told={worst?.slo} />}
    </div>
  );
}
