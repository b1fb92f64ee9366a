import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ControlPlaneSettings } from '../../../src/config/control-planes.js';
import { controlPlaneAlertSeverities } from '../../../src/domain/alert-names.js';
import { controlPlaneFile } from '../../../src/generate/rules/control-plane-file.js';
import type { AlertingRule, RuleFile } from '../../../src/generate/rules/rule-file.js';
import { ruleYaml } from '../../../src/generate/rules/rule-yaml.js';
import { isToldByMeshslo, seriesOf } from '../../../src/packs/control-plane-alert.js';
import { controlPlaneKinds, metricOfSeries } from '../../../src/packs/control-plane-pack.js';
import { loadControlPlaneAlerts } from '../../../src/packs/load-control-plane-alerts.js';
import { loadControlPlanePacks } from '../../../src/packs/load-control-plane-packs.js';
import { metricNames } from '../../../src/promql/metric-names.js';
import { printExpression } from '../../../src/promql/printer.js';
import { settingsOf } from '../../controlplane/observed-control-plane.js';
import { describeWith } from '../../support/programs.js';
import { partsOf } from './made-up-slos.js';
import { promtoolComplaints, promtoolFindings, promtoolTestFindings } from './promtool.js';

const alerts = loadControlPlaneAlerts();
const packs = loadControlPlanePacks();
const settings = {
  delaySeconds: 15,
  clusterLabel: undefined,
  targetLabels: ['job', 'instance'],
  alertFiles: 'tier' as const,
  cluster: 'eu-1',
  clusterAliases: new Map<string, string>(),
};
const links = {
  page: 'https://meshslo.example',
  runbooks: 'https://wiki.example/{alert}',
  dashboards: undefined,
  controlPlaneDashboards: 'https://grafana.example/d/planes?var-cluster={cluster}&var-mesh={mesh}&from={from}',
};

function rulesFor(
  controlPlanes: readonly ControlPlaneSettings[],
  own: { readonly clusterLabel?: string; readonly clusterAliases?: ReadonlyMap<string, string> } = {},
): readonly AlertingRule[] {
  return filesFor(controlPlanes, own).flatMap(rulesOf);
}

function rulesOf({ groups }: RuleFile): readonly AlertingRule[] {
  return groups.flatMap(({ rules }) => rules as AlertingRule[]);
}

function filesFor(
  controlPlanes: readonly ControlPlaneSettings[],
  own: { readonly clusterLabel?: string; readonly clusterAliases?: ReadonlyMap<string, string> } = {},
): readonly RuleFile[] {
  return [controlPlaneFile({ controlPlanes, registries, alerts, settings: { ...settings, ...own }, links })];
}

const registries = [{ name: 'consul-eu', cluster: 'eu-1', owner: 'team-registry' }];

const all = controlPlaneKinds.map((kind) => settingsOf({ kind, name: kind }));

/** Metrics of meshslo itself, as its code names them. */
const ownMetrics = new Set(
  readdirSync('src/server').flatMap((file) =>
    [...(file.endsWith('.ts') ? readFileSync(join('src/server', file), 'utf8') : '').matchAll(/'(meshslo_\w+)'/g)].map(
      ([, name]) => name!,
    ),
  ),
);

test('every alert about control planes is defined in a file of its name', () => {
  expect(alerts.map(({ name }) => name)).toEqual(Object.keys(controlPlaneAlertSeverities).sort());
});

describe.each(alerts)('$name', ({ rules, tests }) => {
  test('reads only metrics that are in the vocabulary', () => {
    for (const { of, condition } of rules) {
      const named = seriesOf(condition).map(({ metric }) => metric);
      const unknown = named.filter((metric) =>
        isToldByMeshslo(of) ? !ownMetrics.has(metric) : !metricOfSeries(packs.get(of)!, metric),
      );
      expect({ of, unknown }).toEqual({ of, unknown: [] });
    }
  });

  test('is tested for every kind that it is about, firing and not', () => {
    expect(tests.some(({ fires }) => fires)).toBe(true);
    expect(tests.some(({ fires }) => !fires)).toBe(true);
  });
});

test('runbooks about control planes ask for nothing that no control plane has', () => {
  const texts = Object.keys(controlPlaneAlertSeverities).map((name) =>
    readFileSync(`docs/runbooks/${name}.md`, 'utf8'),
  );
  const queries = texts.flatMap((text) => [...text.matchAll(/```promql\n([^]*?)```/g)].map(([, query]) => query!));
  const words = queries.flatMap((query) => query.replace(/"[^"]*"/g, '').match(/[a-z]\w*_\w+/g) ?? []);
  const notMetrics = /^(meshslo_|histogram_quantile|label_|control_plane|cluster_name|stream_type|request_type)/;
  const named = [...new Set(words)].filter((word) => !notMetrics.test(word));
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => ![...packs.values()].some((pack) => metricOfSeries(pack, name)))).toEqual([]);
});

test('generated rules read what their definitions name, and nothing else', () => {
  const named = rulesFor(all).flatMap(({ expression }) => metricNames(expression));
  const defined = new Set(
    alerts.flatMap(({ rules }) => rules.flatMap((rule) => seriesOf(rule.condition))).map(({ metric }) => metric),
  );
  // And whether a target was there before.
  expect(named.filter((metric) => !defined.has(metric) && metric !== 'up')).toEqual([]);
});

test('only kinds that are configured have alerts, and findings have theirs without any of them', () => {
  expect(rulesOf(controlPlaneFile({ controlPlanes: [], registries: [], alerts, settings, links }))).toMatchObject([
    {
      alert: 'FindingUnattended',
      labels: { severity: 'ticket' },
      forSeconds: 3600,
      annotations: { page_url: 'https://meshslo.example/findings?kind={{ $labels.kind }}' },
    },
  ]);
  const meshes = rulesFor([settingsOf({ kind: 'consul' })]).map(({ labels }) => labels['mesh']);
  expect(new Set(meshes)).toEqual(new Set(['consul', undefined]));
});

test('a registry has its alerts without any control plane, and a control plane without a registry has none of them', () => {
  const isOfRegistry = ({ alert }: AlertingRule): boolean => alert.startsWith('Registry');
  const alone = rulesFor([]);
  expect(alone.map(({ alert }) => alert)).toEqual([
    'FindingUnattended',
    'RegistryFlapping',
    'RegistryMassDeregistration',
    'RegistrySyncSlow',
    'RegistryZombies',
  ]);
  const without = controlPlaneFile({ controlPlanes: all, registries: [], alerts, settings, links });
  expect(rulesOf(without).some(isOfRegistry)).toBe(false);
});

test('every alert says who acts, where its page, its dashboard and its runbook are', () => {
  for (const { alert, labels, annotations } of rulesFor(all)) {
    if (alert === 'FindingUnattended') continue;
    expect(labels['severity']).toBe(controlPlaneAlertSeverities[alert as keyof typeof controlPlaneAlertSeverities]);
    expect(annotations).toMatchObject({
      page_url: 'https://meshslo.example/control-plane',
      runbook_url: `https://wiki.example/${alert}`,
    });
    expect(annotations['dashboard_url']).toMatch(
      /^https:\/\/grafana\.example\/d\/planes\?var-cluster=(eu-1|\{\{ \$labels\.cluster ).*floor\(\(vector\(time\(\)\) - 7200\) \/ 60\) \* 60/,
    );
    expect(annotations['summary']).not.toMatch(/\{[a-z]/);
  }
});

test.each([undefined, 'cluster', 'k8s_cluster'])(
  'no alert names a label that its expression has not; clusters are told by %s',
  (clusterLabel) => {
    for (const { alert, expression, annotations } of rulesFor(
      all,
      clusterLabel === undefined ? {} : { clusterLabel },
    )) {
      const has = [...printExpression(expression).matchAll(/by \(([^)]*)\)/g)].flatMap(([, by]) => by!.split(', '));
      const named = [
        ...Object.values(annotations)
          .join(' ')
          .matchAll(/\$labels\.(\w+)/g),
      ].map(([, name]) => name!);
      expect({ alert, unknown: named.filter((name) => !has.includes(name)) }).toEqual({ alert, unknown: [] });
    }
  },
);

test('teams that share a kind of control plane are told of their own clusters only', () => {
  const rules = rulesFor(
    [
      settingsOf({ kind: 'istio', name: 'a', cluster: 'eu-1', owner: 'team-eu' }),
      settingsOf({ kind: 'istio', name: 'b', cluster: 'us.1', owner: 'team-us' }),
    ],
    { clusterLabel: 'k8s_cluster' },
  );
  const slow = rules.filter(({ alert }) => alert === 'ControlPlanePushSlow');
  expect(slow.map(({ labels }) => labels['owner'])).toEqual(['team-eu', 'team-us']);
  const text = ruleYaml({ name: 'x', about: [], groups: [{ name: 'x', intervalSeconds: 60, rules: slow }] });
  expect(text).toContain('k8s_cluster=~"us\\\\.1"');
  expect(text).toContain('label_replace(');
});

test('teams that share a cluster are told of their own control planes, and what names its owner is told once', () => {
  const rules = rulesFor([
    settingsOf({ kind: 'istio', name: 'a', cluster: 'eu-1', owner: 'team-mesh' }),
    settingsOf({ kind: 'consul', name: 'b', cluster: 'eu-1', owner: 'team-registry' }),
  ]);
  const named = (name: string) => rules.filter(({ alert }) => alert === name);
  const yaml = (some: readonly AlertingRule[]) =>
    ruleYaml({ name: 'x', about: [], groups: [{ name: 'x', intervalSeconds: 60, rules: some }] });
  expect(named('RegistryMassDeregistration')).toHaveLength(1);
  expect(yaml(named('RegistryMassDeregistration'))).not.toMatch(/cluster=[~"]|team-/);
  const [mesh, registry] = named('ControlPlaneInstancesDisagree');
  expect(mesh!.labels['owner']).toBe('team-mesh');
  expect(yaml([mesh!])).toContain('control_plane=~"a"');
  expect(yaml([registry!])).toContain('control_plane=~"b"');
});

test('a cluster is found by the id that the store knows, and told by the name that people know', () => {
  const clusterAliases = new Map([['prod-7f', 'eu-1']]);
  const rules = rulesFor(
    [
      settingsOf({ kind: 'istio', name: 'a', cluster: 'eu-1', owner: 'team-eu' }),
      settingsOf({ kind: 'istio', name: 'b', cluster: 'us-1', owner: 'team-us' }),
    ],
    { clusterLabel: 'cluster', clusterAliases },
  );
  const slow = rules.filter(({ alert }) => alert === 'ControlPlanePushSlow').slice(0, 1);
  const text = ruleYaml({ name: 'x', about: [], groups: [{ name: 'x', intervalSeconds: 60, rules: slow }] });
  expect(text).toContain('cluster=~"eu-1|prod-7f"');
  expect(text).toMatch(/"cluster", "eu-1", "target_cluster", "prod-7f"/);
});

describeWith('promtool', 'definitions in promtool', (promtool) => {
  test('reads the rules of every kind without a complaint, two rules that look alike among them', () => {
    expect(promtoolComplaints(promtool, filesFor(all))).toBe('');
  });

  test('the generated tests of findings pass where nothing but services is configured', () => {
    expect(promtoolTestFindings(promtool, partsOf([]))).toBe('');
  });

  test.each(controlPlaneKinds)('the generated tests of %s and a registry pass', (kind) => {
    expect(promtoolTestFindings(promtool, { ...partsOf([]), controlPlanes: [settingsOf({ kind })], registries })).toBe(
      '',
    );
  });

  test('the generated tests pass where one store holds the clusters of two teams', () => {
    const controlPlanes = [
      settingsOf({ kind: 'istio', name: 'a', cluster: 'eu-1', owner: 'team-eu' }),
      settingsOf({ kind: 'istio', name: 'b', cluster: 'us-1', owner: 'team-us' }),
    ];
    const clusterAliases = new Map([['prod-7f', 'eu-1']]);
    const parts = partsOf([], { clusterLabel: 'k8s_cluster', clusterAliases });
    expect(promtoolTestFindings(promtool, { ...parts, controlPlanes })).toBe('');
  });

  test.each([
    { of: 'team-shop', amount: 1, summary: '1 proxy of team-shop in eu-1 runs 1.23.5, and should run 1.24.3' },
    { of: 'team-shop', amount: 2, summary: '2 proxies of team-shop in eu-1 run 1.23.5, and should run 1.24.3' },
    { of: '', amount: 1200, summary: '1.2k proxies of nobody known in eu-1 run 1.23.5, and should run 1.24.3' },
  ])('$amount of "$of" is told as people say it', ({ of, amount, summary }) => {
    const drift = rulesFor([settingsOf({ kind: 'istio' })]).filter(({ alert }) => alert === 'SidecarVersionDrift');
    const rules = drift.map((rule) => ({
      ...rule,
      forSeconds: 0,
      annotations: { summary: rule.annotations['summary']! },
    }));
    const file = { name: 'drift', about: [], groups: [{ name: 'drift', intervalSeconds: 60, rules }] };
    const where = 'control_plane="a",mesh="istio",cluster="eu-1"';
    const series = `meshslo_drifting_proxies{${where},owner="${of}",version="1.23.5",wanted="1.24.3"}`;
    const exp_labels = {
      severity: 'ticket',
      cluster: 'eu-1',
      mesh: 'istio',
      version: '1.23.5',
      wanted: '1.24.3',
      ...(of !== '' && { owner: of }),
    };
    const expected = {
      eval_time: '5m',
      alertname: 'SidecarVersionDrift',
      exp_alerts: [{ exp_labels, exp_annotations: { summary } }],
    };
    expect(promtoolFindings(promtool, [file], [{ series, values: `${amount}x40` }], [], [expected])).toBe('');
  });

  test.each([
    { ends: 3600, summary: 'the root certificate of istio in eu-1 ends in 40m 0s' },
    { ends: 600, summary: 'the root certificate of istio in eu-1 ended 10m 0s ago' },
  ])('of a certificate that ends at $ends, twenty minutes after 0: $summary', ({ ends, summary }) => {
    const ending = rulesFor([settingsOf({ kind: 'istio' })]).filter(
      ({ alert, labels }) => alert === 'CertificateEndingNow' && labels['certificate'] === 'root',
    );
    const rules = ending.map(({ annotations: { summary: said, dashboard_url }, ...rule }) => ({
      ...rule,
      annotations: { summary: said!, dashboard_url: dashboard_url! },
    }));
    const file = { name: 'ending', about: [], groups: [{ name: 'ending', intervalSeconds: 60, rules }] };
    const expected = {
      eval_time: '20m',
      alertname: 'CertificateEndingNow',
      exp_alerts: [
        {
          exp_labels: {
            severity: 'page',
            cluster: 'eu-1',
            mesh: 'istio',
            certificate: 'root',
            owner: 'team-platform',
          },
          exp_annotations: {
            summary,
            dashboard_url: 'https://grafana.example/d/planes?var-cluster=eu-1&var-mesh=istio&from=-6000000',
          },
        },
      ],
    };
    const series = 'citadel_server_root_cert_expiry_timestamp{job="istiod",instance="a"}';
    expect(promtoolFindings(promtool, [file], [{ series, values: `${ends}x90` }], [], [expected])).toBe('');
  });
});
