import type { RuleStoreSettings } from '../../config/config.js';
import type { PrometheusApi } from '../prometheus-api.js';
import type { LiveFinding } from './finding.js';
import type { MeshNeeds } from './live-needs.js';
import { countSeries, seriesOf } from './series-count.js';

/** Whether every series says which target it is from: rules tell old processes from young ones by it. */
export async function checkTargetLabels(
  api: PrometheusApi,
  { pack }: MeshNeeds,
  { targetLabels }: RuleStoreSettings,
): Promise<readonly LiveFinding[]> {
  const [family = ''] = pack.requests.families;
  const findings: LiveFinding[] = [];
  for (const label of targetLabels) {
    const without = await countSeries(api, seriesOf(family, [{ label, operator: '=', value: '' }]));
    if (without === 0) continue;
    const message = `${without} series of ${family} have no label ${label}: nobody can tell which proxy they are from`;
    const hint = 'keep it on the way in, or name the labels that tell targets apart: rules: { target_labels: [...] }';
    findings.push({ verdict: 'error', code: 'target-label-absent', message, hint });
  }
  return findings;
}
