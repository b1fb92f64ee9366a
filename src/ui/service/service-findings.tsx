import type { ServiceDetail } from '../../server/api-types/service-detail.js';
import { FindingTable } from '../findings/finding-table.js';

/** What is wrong around a service; nothing where nothing is. */
export function ServiceFindings({ findings }: Pick<ServiceDetail, 'findings'>) {
  if (findings.length === 0) return null;
  return (
    <section>
      <h2>Findings</h2>
      <FindingTable findings={findings} title="Findings about this service" />
    </section>
  );
}
