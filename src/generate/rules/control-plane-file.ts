import type { LinkSettings } from '../../config/config.js';
import type { ConsulSettings } from '../../config/catalog-settings.js';
import type { ControlPlaneSettings } from '../../config/control-planes.js';
import { shownSeconds } from '../../alerting/alert-links.js';
import { alertSeverities } from '../../domain/alert-names.js';
import {
  type ControlPlaneAlert,
  type ControlPlaneAlertRule,
  isToldByMeshslo,
} from '../../packs/control-plane-alert.js';
import { type Expression, type Matcher, maxBy } from '../../promql/expression.js';
import { quoteRegex } from '../../promql/escaping.js';
import { dashboardLink, label, literal, runbookLink, type Template } from './alert-template.js';
import { conditionExpression } from './control-plane-condition.js';
import { withClusterOf } from './named-services.js';
import type { AlertingRule, RuleFile } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import { before } from './shown-range.js';

export const controlPlaneFileName = 'meshslo-control-plane';

interface ControlPlaneFileParts {
  readonly controlPlanes: readonly ControlPlaneSettings[];
  readonly registries: readonly RegistrySettings[];
  readonly alerts: readonly ControlPlaneAlert[];
  readonly settings: RuleSettings;
  readonly links: LinkSettings;
}

/** A registry whose findings are told. */
export type RegistrySettings = Pick<ConsulSettings, 'name' | 'cluster' | 'owner'>;

/** Control planes of which the same team acts. */
interface Owned {
  readonly owner: string | undefined;
  readonly names: readonly string[];
  readonly clusters: readonly string[];
  /** Whether others act for others of the same kind. */
  readonly isPart: boolean;
}

/** The alerts about control planes and registries, for those kinds that are configured, and about findings of any kind. */
export function controlPlaneFile({
  controlPlanes,
  registries,
  alerts,
  settings,
  links,
}: ControlPlaneFileParts): RuleFile {
  const anything = [{ name: '', cluster: settings.cluster, owner: undefined }];
  const rules = alerts.flatMap((alert) =>
    alert.rules.flatMap((rule) =>
      ownedBy(rule.of === 'finding' ? anything : watched(controlPlanes, registries, rule), rule).flatMap((owned) =>
        alertingRule(alert, rule, { owned, settings, links }),
      ),
    ),
  );
  return {
    name: controlPlaneFileName,
    about: [
      'Control planes, what their proxies have taken of them, registries, and findings. alerts/control-plane has the definitions.',
      "What no control plane has a metric for comes from meshslo's own /metrics: scrape it.",
    ],
    groups: [{ name: 'meshslo:control-plane', intervalSeconds: 60, rules }],
  };
}

/** What a rule is about, of all that is configured. */
function watched(
  controlPlanes: readonly ControlPlaneSettings[],
  registries: readonly RegistrySettings[],
  { of }: ControlPlaneAlertRule,
): readonly RegistrySettings[] {
  if (of === 'registry') return registries;
  return of === 'meshslo' ? controlPlanes : controlPlanes.filter(({ kind }) => kind === of);
}

/** What tells its owner itself is asked for once, for all clusters, also for those without a control plane. */
function ownedBy(those: readonly RegistrySettings[], { of, by }: ControlPlaneAlertRule): readonly Owned[] {
  if (those.length === 0) return [];
  const tellsOwner = isToldByMeshslo(of) && by.includes('owner');
  const owners = tellsOwner ? [undefined] : [...new Set(those.map(({ owner }) => owner))].sort();
  return owners.map((owner) => {
    const own = those.filter((one) => tellsOwner || one.owner === owner);
    return {
      owner,
      names: own.map(({ name }) => name).sort(),
      clusters: [...new Set(own.map(({ cluster }) => cluster))].sort(),
      isPart: owners.length > 1,
    };
  });
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
  const isOwn = isToldByMeshslo(rule.of);
  const clusterLabel = isOwn ? 'cluster' : settings.clusterLabel;
  // Without a label of clusters, the store has one of them: that in which it stands.
  if (clusterLabel === undefined && !owned.clusters.includes(settings.cluster)) return [];
  const matchers = owned.isPart ? matchersOf(owned, isOwn, settings) : [];
  const by = [...(clusterLabel === undefined ? [] : [clusterLabel]), ...(isOwn ? ['mesh'] : []), ...rule.by];
  const { targetLabels } = settings;
  const found = conditionExpression(rule.condition, { by, matchers, targetLabels });
  const expression = isOwn || clusterLabel === undefined ? found : renamed(found, clusterLabel, rule.by, settings);
  // Prometheus knows no labels of a rule where it writes what its alerts say: they are written here.
  const fixed: Readonly<Record<string, string>> = {
    ...rule.labels,
    ...(clusterLabel === undefined && { cluster: settings.cluster }),
    ...(!isToldByMeshslo(rule.of) && { mesh: rule.of }),
    ...(owned.owner !== undefined && { owner: owned.owner }),
  };
  const labels = {
    ...Object.fromEntries(Object.entries(fixed).map(([name, value]) => [name, literal(value)])),
    severity: alertSeverities[alert.name],
  };
  return [
    {
      alert: alert.name,
      labels,
      expression,
      forSeconds: rule.forSeconds,
      annotations: {
        summary: template(rule.summary ?? alert.summary, fixed),
        description: template(alert.description, fixed),
        action: template(alert.action, fixed),
        ...linksTo(rule, links, fixed),
        ...(links.runbooks !== undefined && { runbook_url: runbookLink(links.runbooks, alert.name) }),
      },
    },
  ];
}

/** What has an alert by its kind leads to all of this kind. */
function linksTo(
  { of }: ControlPlaneAlertRule,
  links: LinkSettings,
  fixed: Readonly<Record<string, string>>,
): Readonly<Record<string, Template>> {
  const { page, controlPlaneDashboards } = links;
  if (of === 'finding') {
    return page === undefined ? {} : { page_url: `${literal(`${page}/findings?kind=`)}${label('kind')}` };
  }
  return {
    ...(page !== undefined && { page_url: literal(`${page}/control-plane`) }),
    ...(controlPlaneDashboards !== undefined && {
      dashboard_url: dashboardLink(controlPlaneDashboards, ['cluster', 'mesh'], before(shownSeconds), fixed),
    }),
  };
}

/**
 * The labels that say that a series is of a cluster's control plane; none where the store has one cluster only, and undefined for
 * another than that.
 */
export function alertClusterLabels(
  cluster: string,
  { cluster: own, clusterLabel, clusterAliases }: RuleSettings,
): Readonly<Record<string, string>> | undefined {
  if (clusterLabel === undefined) return cluster === own ? {} : undefined;
  const id = [...clusterAliases].find(([, name]) => name === cluster)?.[0] ?? cluster;
  return { [clusterLabel]: id };
}

/** The series of these control planes, and of no others of their kind. */
function matchersOf(
  { names, clusters }: Owned,
  isOwn: boolean,
  { clusterLabel, clusterAliases }: RuleSettings,
): readonly Matcher[] {
  if (isOwn) return [oneOf('control_plane', names)];
  if (clusterLabel === undefined) return [];
  const aliases = [...clusterAliases].filter(([, name]) => clusters.includes(name)).map(([alias]) => alias);
  return [oneOf(clusterLabel, [...new Set([...clusters, ...aliases])].sort())];
}

function oneOf(label: string, values: readonly string[]): Matcher {
  return { label, operator: '=~', value: values.map(quoteRegex).join('|') };
}

/** With the cluster under its own name, whatever the store calls it, and as people call it. */
function renamed(
  expression: Expression,
  clusterLabel: string,
  by: readonly string[],
  { clusterAliases }: RuleSettings,
): Expression {
  if (clusterLabel === 'cluster' && clusterAliases.size === 0) return expression;
  return maxBy(['cluster', ...by], withClusterOf(expression, clusterLabel, clusterAliases));
}

const formats: Readonly<Record<string, Template>> = {
  '': '{{ $value | humanize }}',
  percent: '{{ $value | humanizePercentage }}',
  duration: '{{ $value | humanizeDuration }}',
  end: '{{ if lt $value 0.0 }}ended {{ $value | humanizeDuration | reReplaceAll "^-" "" }} ago{{ else }}ends in {{ $value | humanizeDuration }}{{ end }}',
};

/** As {@link ControlPlaneAlert} has them. */
function template(text: string, fixed: Readonly<Record<string, string>>): Template {
  return text
    .split(/(\{[^{}]+\})/)
    .map((piece) => {
      const [, word, ...forms] = /^\{([a-z_]+)(?:\|([a-z]+))?(?:\|([a-z]+))?\}$/.exec(piece) ?? [];
      const [form = '', several] = forms;
      if (word === undefined) return literal(piece);
      // As it is told: what is written as 1 is one.
      if (several !== undefined) return `{{ if eq (humanize $value) "1" }}${form}{{ else }}${several}{{ end }}`;
      if (word === 'value') return formats[form] ?? '{{ $value }}';
      if (fixed[word] !== undefined) return literal(fixed[word]);
      return word === 'owner' ? '{{ or $labels.owner "nobody known" }}' : label(word);
    })
    .join('');
}
