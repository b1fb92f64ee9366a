import type { KubernetesSettings } from '../../config/publishing.js';
import type { BoardDocument } from '../../generate/dashboards/board-document.js';
import { ownParts } from '../../generate/alertmanager/own-parts.js';
import type { RuleGroup } from '../../generate/rules/rule-file.js';
import { filledGroups, groupFields } from '../../generate/rules/rule-yaml.js';
import { steadyPortions } from '../../generate/rules/steady-portions.js';
import type { DesiredObject } from '../desired-object.js';
import type { Documents } from '../documents.js';
import { alertmanagerConfigSpec } from './alertmanager-config.js';
import { kubernetesName, manifestObject } from './manifest.js';

/**
 * What one PrometheusRule holds at most. The operator hands rules on in ConfigMaps, and with one of more than 524,288 bytes
 * it hands on none at all.
 *
 * @see https://github.com/prometheus-operator/prometheus-operator, `maxConfigMapDataSize`
 */
const mostCharacters = 350_000;

/** What of the settings says how objects look. */
export type ManifestSettings = Pick<
  KubernetesSettings,
  'namespace' | 'labels' | 'dashboards' | 'rules' | 'alertmanagerSecret'
>;

/** Documents as objects of a cluster. */
export function kubernetesObjects(
  documents: Documents,
  settings: ManifestSettings,
  set: string,
): readonly DesiredObject[] {
  const { rules, dashboards, notifications } = documents;
  const { namespace, labels, alertmanagerSecret: secret } = settings;
  const named = (name: string): string => kubernetesName(`meshslo-${set}-${name.replace(/^meshslo-/, '')}`);
  const ruleObjects = rules
    .flatMap(({ name, groups }) =>
      inParts(filledGroups(groups)).map((part) => ({ name: named(`${name}${part.suffix}`), groups: part.groups })),
    )
    .map(({ name, groups }) =>
      manifestObject('PrometheusRule', name, () => {
        return { kind: 'PrometheusRule', name, namespace, labels, body: { groups: groups.map(groupFields) } };
      }),
    );
  const configs =
    secret === undefined || notifications === undefined
      ? []
      : [
          manifestObject('AlertmanagerConfig', named('alerts'), () => {
            const body = alertmanagerConfigSpec(ownParts(notifications), secret);
            return { kind: 'AlertmanagerConfig', name: named('alerts'), namespace, labels, body };
          }),
        ];
  return [
    ...(settings.rules ? ruleObjects : []),
    ...configs,
    ...dashboards.flatMap((one) => dashboardObject(one, named(one.uid), settings)),
  ];
}

interface Part {
  readonly suffix: string;
  readonly groups: readonly RuleGroup[];
}

/** Groups of a file in as many objects as it takes; a group stays in its object while others come and go. */
function inParts(groups: readonly RuleGroup[]): readonly Part[] {
  const weightOf = (group: RuleGroup): number => JSON.stringify(groupFields(group)).length;
  return steadyPortions(groups, { keyOf: ({ name }) => name, weightOf, most: mostCharacters }).map((portion) => ({
    suffix: portion.name === '' ? '' : `-${portion.name}`,
    groups: portion.things,
  }));
}

function dashboardObject(
  board: BoardDocument,
  name: string,
  { namespace, labels, dashboards }: ManifestSettings,
): readonly DesiredObject[] {
  const { uid, title } = board;
  switch (dashboards) {
    case 'none':
      return [];
    case 'config-map': {
      // What Grafana's sidecar looks for, unless it was told another label.
      const base = { kind: 'ConfigMap', name, namespace, labels: { grafana_dashboard: '1', ...labels } } as const;
      return [manifestObject('ConfigMap', name, () => ({ ...base, body: { [`${uid}.json`]: board.json } }), title)];
    }
    case 'grafana-dashboard': {
      const base = { kind: 'GrafanaDashboard', name, namespace, labels } as const;
      const spec = (): object => ({ instanceSelector: { matchLabels: { dashboards: 'grafana' } }, json: board.json });
      return [manifestObject('GrafanaDashboard', name, () => ({ ...base, body: spec() }), title)];
    }
  }
}
