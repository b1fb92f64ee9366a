import type { ServiceDetail } from '../../server/api-types/service-detail.js';
import { type ShownRange, serviceAddress } from '../address/address.js';
import { BudgetBar } from '../words/budget-bar.js';
import { objectiveBrief } from '../words/slo-words.js';
import { UrgencyMark } from '../words/urgency-mark.js';

interface TabsProps {
  readonly detail: ServiceDetail;
  readonly chosen: string;
  readonly range: ShownRange;
}

/** The service's SLOs, most urgent first; what follows is about the chosen one. */
export function SloTabs({ detail, chosen, range }: TabsProps) {
  const service = { cluster: detail.cluster, namespace: detail.namespace, name: detail.service };
  return (
    <nav class="slo-tabs" aria-label="SLOs">
      {detail.slos.map((slo) => (
        <a
          key={slo.id}
          href={serviceAddress(service, { slo: slo.slo, range })}
          aria-current={slo.slo === chosen ? 'true' : undefined}
        >
          <UrgencyMark urgency={slo.urgency} />
          <b>{slo.slo}</b>
          <span class="objective">{objectiveBrief(slo)}</span>
          <BudgetBar remainingRatio={slo.budget?.remainingRatio ?? null} />
        </a>
      ))}
    </nav>
  );
}
