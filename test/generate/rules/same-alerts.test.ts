import { expect, test } from '@jest/globals';
import { DefinedAlerts } from '../../../src/alerting/defined/defined-alerts.js';
import type { GaugeSeries } from '../../../src/alerting/defined/gauge-condition.js';
import { controlPlaneFile } from '../../../src/generate/rules/control-plane-file.js';
import type { RuleFile } from '../../../src/generate/rules/rule-file.js';
import { isToldByMeshslo } from '../../../src/packs/control-plane-alert.js';
import { loadControlPlaneAlerts } from '../../../src/packs/load-control-plane-alerts.js';
import { settingsOf } from '../../controlplane/observed-control-plane.js';
import { describeWith } from '../../support/programs.js';
import { partsOf } from './made-up-slos.js';
import { type InputSeries, promtoolFindings } from './promtool.js';

const definitions = loadControlPlaneAlerts();
const links = {
  page: 'https://meshslo.example',
  runbooks: 'https://wiki.example/{alert}',
  dashboards: undefined,
  controlPlaneDashboards: 'https://grafana.example/d/planes?var-cluster={cluster}&var-mesh={mesh}&from={from}&to={to}',
};
/** Long enough for all but the day that versions may drift. */
const untilSeconds = 7200;

/** Everything that is wrong at once: of each gauge a series that an alert is due for, and some that are none. */
const plane = { control_plane: 'istio-eu', mesh: 'istio', cluster: 'eu-1' };
const other = { control_plane: 'consul-us', mesh: 'consul', cluster: 'us-1' };
const gauges: Readonly<Record<string, readonly GaugeSeries[]>> = {
  meshslo_findings: (
    [
      ['ConfigRejected', 'payments', 'istio', 1],
      ['MeshedButSilent', 'payments', '', 2],
      ['MeshedButSilent', '', '', 1],
      ['CatalogUnreadable', '', '', 3],
      ['NoOwner', '', '', 1234],
      ['ZombieRegistration', 'payments', '', 1],
      ['ReusedAddress', 'search', '', 1500],
      ['MassDeregistration', 'platform', '', 1],
      ['SlowRegistrySync', 'payments', '', 1],
      ['RegistryFlapping', 'payments', '', 5],
    ] as const
  ).map(([kind, owner, mesh, value]) => ({
    labels: { kind, severity: 'warning', owner, mesh, cluster: kind === 'CatalogUnreadable' ? '' : 'eu-1' },
    value,
  })),
  meshslo_control_plane_instances: [
    { labels: { ...plane, health: 'up' }, value: 0 },
    { labels: { ...plane, health: 'forbidden' }, value: 0 },
    { labels: { ...plane, health: 'down' }, value: 3 },
    { labels: { ...other, health: 'up' }, value: 1 },
    { labels: { ...other, health: 'forbidden' }, value: 2 },
  ],
  meshslo_control_plane_last_look_timestamp_seconds: [
    { labels: plane, value: untilSeconds - 4000 },
    { labels: other, value: untilSeconds },
  ],
  meshslo_control_plane_differences: [
    { labels: plane, value: 1 },
    { labels: other, value: 2 },
  ],
  meshslo_out_of_sync_proxies: [
    { labels: { ...plane, owner: 'payments', type: 'CDS', status: 'stale' }, value: 2 },
    { labels: { ...plane, owner: 'payments', type: 'EDS', status: 'stale' }, value: 1 },
    { labels: { ...plane, owner: '', type: 'EDS', status: 'stale' }, value: 1 },
  ],
  meshslo_drifting_proxies: [
    { labels: { ...plane, owner: 'payments', version: '1.23.0', wanted: '1.24.3' }, value: 7 },
  ],
  meshslo_certificate_seconds_left: [
    { labels: { ...plane, certificate: 'workload', owner: 'payments' }, value: 1000.5 },
    { labels: { ...plane, certificate: 'workload', owner: 'search' }, value: 90_000 },
    { labels: { ...plane, certificate: 'workload', owner: 'late' }, value: -90 },
  ],
  meshslo_warming_proxies: [
    { labels: { ...plane, state: 'warming' }, value: 9 },
    { labels: { ...plane, state: 'stuck' }, value: 1 },
  ],
};

/** What both tell. */
const kinds = definitions.filter(({ rules }) => rules.some(({ of }) => isToldByMeshslo(of))).map(({ name }) => name);

const owned = { 'istio-eu': 'team-mesh', 'consul-us': 'team-registry' };

function fileOfAll(): RuleFile {
  return controlPlaneFile({
    controlPlanes: [
      settingsOf({ kind: 'istio', name: 'istio-eu', cluster: 'eu-1', owner: 'team-mesh' }),
      settingsOf({ kind: 'consul', name: 'consul-us', cluster: 'us-1', owner: 'team-registry' }),
    ],
    registries: [{ name: 'dc1', cluster: 'eu-1', owner: 'platform' }],
    alerts: definitions,
    settings: partsOf([]).settings,
    links,
  });
}

/** All gauges, with what promtool reads of their values. */
function inputOf(valuesOf: (value: number) => string): readonly InputSeries[] {
  return Object.entries(gauges).flatMap(([metric, series]) =>
    series.map(({ labels, value }) => ({
      series: `${metric}{${Object.entries(labels)
        .map(([name, text]) => `${name}=${JSON.stringify(text)}`)
        .join(',')}}`,
      values: valuesOf(value),
    })),
  );
}

describeWith('promtool', 'what meshslo says of control planes, registries and findings', (promtool) => {
  test('is what Prometheus says by the generated rules, label for label and word for word', () => {
    const alerts = new DefinedAlerts({ definitions, ongoing: [], startedAt: 0 });
    const context = {
      told: (metric: string) => gauges[metric] ?? [],
      links,
      ownerOf: (name: string) => owned[name as keyof typeof owned],
      foundSince: () => undefined,
    };
    alerts.look({ ...context, now: 0 });
    const firing = alerts.look({ ...context, now: untilSeconds });
    const names = [...new Set(firing.map(({ name }) => name))].sort();
    expect(names).toEqual([
      'CertificateEndingNow',
      'ClustersWarmingStuck',
      'ControlPlaneDown',
      'ControlPlaneInstancesDisagree',
      'ControlPlaneUnobserved',
      'FindingUnattended',
      'RegistryFlapping',
      'RegistryMassDeregistration',
      'RegistrySyncSlow',
      'RegistryZombies',
      'SidecarsOutOfSync',
    ]);
    const input = inputOf((value) => `${value}x${untilSeconds / 15}`);
    const expected = names.map((alertname) => ({
      eval_time: '2h',
      alertname,
      exp_alerts: firing
        .filter(({ name }) => name === alertname)
        .map(({ labels, severity, annotations }) => ({
          exp_labels: { ...labels, severity },
          exp_annotations: annotations,
        })),
    }));
    expect(promtoolFindings(promtool, [fileOfAll()], input, [], expected)).toBe('');
  });

  test.each([
    { every: 60, from: 600, until: 6000, to: 7200, but: ['SidecarVersionDrift'] },
    { every: 1800, from: 3600, until: 28 * 3600, to: 30 * 3600, but: [] },
  ])('begins and ends in the same minutes, looked at every $every s', ({ every, from, until, to, but }) => {
    const alerts = new DefinedAlerts({ definitions, ongoing: [], startedAt: 0 });
    const looks = Array.from({ length: to / every + 1 }, (_, step) => step * every).map((now) => {
      const told = (metric: string) => (now >= from && now < until ? (gauges[metric] ?? []) : []);
      const ownerOf = (name: string) => owned[name as keyof typeof owned];
      const firing = alerts.look({ told, links, ownerOf, foundSince: () => undefined, now });
      return { now, names: firing.map(({ name }) => name) };
    });
    const shown = new Set(looks.flatMap(({ names }) => names));
    expect(kinds.filter((name) => !shown.has(name))).toEqual(but);
    expect([looks[0]!.names, looks.at(-1)!.names]).toEqual([[], []]);
    const input = inputOf((value) => `_x${from / 15 - 1} ${value}x${(until - from) / 15 - 1} stale`);
    const expected = looks.map(({ now, names }) => ({
      expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
      eval_time: `${now}s`,
      exp_samples: [...new Set(names)].map((name) => ({
        labels: `{alertname="${name}"}`,
        value: names.filter((one) => one === name).length,
      })),
    }));
    expect(promtoolFindings(promtool, [fileOfAll()], input, expected, [], `${every}s`)).toBe('');
  });
});
