import type { Config } from '../config/config.js';
import { setOfCluster } from '../config/publish-set.js';
import type { LayoutSettings } from '../publish/files/layouts.js';

/** Where Grafana's own image expects dashboards of others. */
export const usualDashboardPath = '/var/lib/grafana/dashboards/meshslo';

/** What files for a repository look like: as the destinations of the configuration say, where there are some of the kind. */
export function layoutSettings(
  { cluster, publish }: Config,
  { namespace, dashboardPath }: { readonly namespace?: string | undefined; readonly dashboardPath: string },
): LayoutSettings {
  const set = publish?.set ?? setOfCluster(cluster);
  const grafana = publish?.destinations.find((one) => one.kind === 'grafana');
  const kubernetes = publish?.destinations.find((one) => one.kind === 'kubernetes');
  return {
    set,
    dashboardPath,
    dashboardFolder: grafana?.folder ?? { uid: `meshslo-${set}`, title: 'Service mesh' },
    manifests: {
      namespace: namespace ?? kubernetes?.namespace ?? 'monitoring',
      labels: kubernetes?.labels ?? {},
      dashboards: kubernetes?.dashboards ?? 'config-map',
      rules: kubernetes?.rules ?? true,
      alertmanagerSecret: kubernetes?.alertmanagerSecret,
    },
  };
}
