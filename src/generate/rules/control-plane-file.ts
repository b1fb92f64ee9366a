import type { LinkSettings } from '../../config/config.js';
import type { ControlPlaneSettings } from '../../config/control-planes.js';
import { alertSeverities } from '../../domain/alert-names.js';
import type { ControlPlaneAlert, ControlPlaneAlertRule } from '../../packs/control-plane-alert.js';
import { call, type Expression, type Matcher, maxBy } from '../../promql/expression.js';
import { quoteRegex } from '../../promql/escaping.js';
import { literal, type Template } from './alert-template.js';
import { conditionExpression } from './control-plane-condition.js';
import type { AlertingRule, RuleFile } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';

interface ControlPlaneFileParts {
  readonly controlPlanes: readonly ControlPlaneSettings[];
  readonly alerts: readonly ControlPlaneAlert[];
  readonly settings: RuleSettings;
  readonly links: LinkSettings;
}

/** Control planes of which the same team acts. */
interface Owned {
  readonly owner: string | undefined;
  readonly clusters: readonly string[];
  /** Whether others act for other clusters of the same kind. */
  readonly isPart: boolean;
}

/** The alerts about control planes, for those kinds that are configured; no file where none is. */
export function controlPlaneFile({
  controlPlanes,
  alerts,
  settings,
  links,
}: ControlPlaneFileParts): readonly RuleFile[] {
  if (controlPlanes.length === 0) return [];
  const rules = alerts.flatMap((alert) =>
    alert.rules.flatMap((rule) =>
      ownedBy(controlPlanes, rule.of).flatMap((owned) => alertingRule(alert, rule, { owned, settings, links })),
    ),
  );
  return [
    {
      name: 'meshslo-control-plane',
      about: [
        'Control planes, what their proxies have taken of them, and registries. alerts/control-plane has the definitions.',
        "What no control plane has a metric for comes from meshslo's own /metrics: scrape it.",
      ],
      groups: [{ name: 'meshslo:control-plane', intervalSeconds: 60, rules }],
    },
  ];
}

function ownedBy(controlPlanes: readonly ControlPlaneSettings[], of: ControlPlaneAlertRule['of']): readonly Owned[] {
  const those = of === 'meshslo' ? controlPlanes : controlPlanes.filter(({ kind }) => kind === of);
  const owners = [...new Set(those.map(({ owner }) => owner))].sort();
  return owners.map((owner) => ({
    owner,
    clusters: [...new Set(those.filter((one) => one.owner === owner).map(({ cluster }) => cluster))].sort(),
    isPart: owners.length > 1,
  }));
}

interface RuleContext {
  readonly owned: Owned;
  readonly settings: RuleSettings;
  readonly links: LinkSettings;
}

function alertingRule(
  alert: ControlPlaneAlert,
  rule: ControlPlaneAlertRule,
  { owned, settings, links }: RuleContext,
): readonly AlertingRule[] {
  const isOwn = rule.of === 'meshslo';
  const clusterLabel = isOwn ? 'cluster' : settings.clusterLabel;
  // Without a label of clusters, the store has one of them: that in which it stands.
  if (clusterLabel === undefined && !owned.clusters.includes(settings.cluster)) return [];
  const matchers: readonly Matcher[] =
    owned.isPart && clusterLabel !== undefined
      ? [{ label: clusterLabel, operator: '=~', value: owned.clusters.map(quoteRegex).join('|') }]
      : [];
  const by = [...(clusterLabel === undefined ? [] : [clusterLabel]), ...(isOwn ? ['mesh'] : []), ...rule.by];
  const found = conditionExpression(rule.condition, { by, matchers });
  const expression =
    clusterLabel === undefined || clusterLabel === 'cluster' ? found : renamed(found, clusterLabel, rule.by);
  const labels = {
    ...rule.labels,
    severity: alertSeverities[alert.name],
    ...(clusterLabel === undefined && { cluster: settings.cluster }),
    ...(!isOwn && { mesh: rule.of }),
    ...(owned.owner !== undefined && !rule.by.includes('owner') && { owner: owned.owner }),
  };
  return [
    {
      alert: alert.name,
      labels,
      expression,
      forSeconds: rule.forSeconds,
      annotations: {
        summary: template(rule.summary ?? alert.summary),
        description: template(alert.description),
        action: template(alert.action),
        ...(links.page !== undefined && { page_url: literal(`${links.page}/control-plane`) }),
        ...(links.runbooks !== undefined && { runbook_url: literal(links.runbooks.replaceAll('{alert}', alert.name)) }),
      },
    },
  ];
}

/** With the cluster under its own name, whatever the store calls it. */
function renamed(expression: Expression, clusterLabel: string, by: readonly string[]): Expression {
  return maxBy(['cluster', ...by], call('label_replace', expression, 'cluster', '$1', clusterLabel, '(.*)'));
}

const formats: Readonly<Record<string, string>> = {
  '': ' | humanize',
  percent: ' | humanizePercentage',
  duration: ' | humanizeDuration',
};

/** `{value|percent}` is the value, any other word in braces a label. */
function template(text: string): Template {
  return text
    .split(/(\{[a-z_]+(?:\|[a-z]+)?\})/)
    .map((piece) => {
      const [, word, format = ''] = /^\{([a-z_]+)(?:\|([a-z]+))?\}$/.exec(piece) ?? [];
      if (word === undefined) return literal(piece);
      return word === 'value' ? `{{ $value${formats[format] ?? ''} }}` : `{{ $labels.${word} }}`;
    })
    .join('');
}
