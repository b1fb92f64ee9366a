import type { RuleStoreSettings } from '../../config/config.js';
import type { PrometheusApi } from '../prometheus-api.js';
import { good, named } from './finding.js';
import type { LiveFinding } from './finding.js';
import type { MeshNeeds } from './live-needs.js';
import { countByLabel, seriesOf } from './series-count.js';

/** What a store of many clusters mostly calls the label that tells them apart. */
const usualLabel = 'cluster';

/** Whether the series of several clusters can be told apart, where one store holds them. */
export async function checkClusters(
  api: PrometheusApi,
  { pack }: MeshNeeds,
  { clusterLabel }: RuleStoreSettings,
): Promise<readonly LiveFinding[]> {
  const [family = ''] = pack.requests.families;
  const label = clusterLabel ?? usualLabel;
  const found = await countByLabel(api, label, seriesOf(family));
  const clusters = found.map(({ value }) => value).filter((value) => value !== '');
  if (clusterLabel === undefined) {
    if (clusters.length < 2) return [];
    const message = `${family} is there of ${clusters.length} clusters (${named(clusters)}), and rules may add them up`;
    return [
      { verdict: 'warning', code: 'several-clusters', message, hint: `write rules: { cluster_label: ${label} }` },
    ];
  }
  const without = found.find(({ value }) => value === '')?.count ?? 0;
  if (without === 0) return [good('clusters', `${label} tells the clusters of ${family} apart: ${named(clusters)}`)];
  const message = `${without} series of ${family} have no label ${label}`;
  const hint = 'they count for the cluster of this configuration; is that theirs?';
  return [{ verdict: 'warning', code: 'cluster-label-absent', message, hint }];
}
