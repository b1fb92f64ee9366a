import { describe, expect, test } from '@jest/globals';
import { DefinedAlerts } from '../../src/alerting/defined/defined-alerts.js';
import type { GaugeSeries } from '../../src/alerting/defined/gauge-condition.js';
import type { ActiveAlert } from '../../src/domain/alert.js';
import { loadControlPlaneAlerts } from '../../src/packs/load-control-plane-alerts.js';

const monday = Date.UTC(2026, 5, 1, 12) / 1000;
const definitions = loadControlPlaneAlerts();
const links = {
  page: 'https://meshslo.example',
  runbooks: 'https://wiki.example/{alert}',
  dashboards: undefined,
  controlPlaneDashboards: 'https://grafana.example/d/planes?var-cluster={cluster}&var-mesh={mesh}&from={from}&to={to}',
};

/** What is told of one world, looked at again and again. */
function watching(ongoing: readonly ActiveAlert[] = [], startedAt = monday) {
  const alerts = new DefinedAlerts({ definitions, ongoing, startedAt });
  return (
    seconds: number,
    gauges: Readonly<Record<string, readonly GaugeSeries[]>>,
    found?: number,
  ): readonly ActiveAlert[] =>
    alerts.look({
      told: (metric) => gauges[metric] ?? [],
      links,
      now: monday + seconds,
      ownerOf: (name) => (name === 'istio-eu' ? 'team-mesh' : undefined),
      foundSince: () => found,
    });
}

const found = (kind: string, owner: string, value = 1, cluster = 'eu'): GaugeSeries => ({
  labels: { kind, severity: 'warning', owner, cluster, mesh: '' },
  value,
});
const names = (alerts: readonly ActiveAlert[]) => alerts.map(({ name }) => name);

describe('findings of kinds that have no alert of their own', () => {
  const silent = { meshslo_findings: [found('MeshedButSilent', 'payments', 2), found('MeshedButSilent', '', 1)] };

  test('are a ticket for their owner after an hour, with the labels and words of the generated rule', () => {
    const look = watching();
    expect(look(0, silent)).toEqual([]);
    expect(look(3599, silent)).toEqual([]);
    expect(look(3600, silent)).toEqual([
      {
        name: 'FindingUnattended',
        severity: 'ticket',
        labels: { kind: 'MeshedButSilent', owner: 'payments', cluster: 'eu' },
        annotations: {
          summary: '2 findings MeshedButSilent of payments have gone on for an hour',
          description:
            'No other alert tells of it: a proxy keeps an older configuration, or less may be counted and known than there is.',
          action: 'The page of findings says of each what was seen and what to do next.',
          page_url: 'https://meshslo.example/findings?kind=MeshedButSilent',
          runbook_url: 'https://wiki.example/FindingUnattended',
        },
      },
      {
        name: 'FindingUnattended',
        severity: 'ticket',
        labels: { kind: 'MeshedButSilent', cluster: 'eu' },
        annotations: expect.objectContaining({
          summary: '1 finding MeshedButSilent of nobody known has gone on for an hour',
        }) as unknown,
      },
    ]);
  });

  test('end at once, and wait another hour when they come back', () => {
    const look = watching();
    look(0, silent);
    expect(look(3600, silent)).toHaveLength(2);
    expect(look(3660, {})).toEqual([]);
    expect(look(3720, silent)).toEqual([]);
    expect(look(7319, silent)).toEqual([]);
    expect(look(7320, silent)).toHaveLength(2);
  });

  test('need no other hour after a restart: findings are remembered', () => {
    const look = watching();
    expect(look(0, silent, monday - 3599)).toEqual([]);
    expect(look(1, silent, monday - 3599)).toHaveLength(2);
  });

  test('of a kind that calls nobody never fire', () => {
    const quiet = { meshslo_findings: [found('NoOwner', ''), found('MigrationBehind', 'payments')] };
    const look = watching();
    look(0, quiet);
    expect(look(86_400, quiet)).toEqual([]);
  });
});

test('what is wrong with a control plane or a registry calls whoever the generated rule would call, after its wait', () => {
  const down = { control_plane: 'istio-eu', mesh: 'istio', cluster: 'eu', health: 'up' };
  const gauges = {
    meshslo_findings: [found('ZombieRegistration', 'payments'), found('ReusedAddress', 'payments', 2)],
    meshslo_control_plane_instances: [
      { labels: down, value: 0 },
      { labels: { ...down, health: 'down' }, value: 2 },
    ],
    meshslo_control_plane_last_look_timestamp_seconds: [
      { labels: { control_plane: 'other', mesh: 'istio', cluster: 'us' }, value: monday - 3905 },
    ],
  };
  const look = watching();
  expect(look(0, gauges)).toMatchObject([
    {
      name: 'ControlPlaneUnobserved',
      labels: { because: 'no-look', control_plane: 'other', cluster: 'us', mesh: 'istio' },
      annotations: { summary: 'nobody has looked at control plane other in us for 1h 5m 5s' },
    },
  ]);
  expect(names(look(179, gauges))).toEqual(['ControlPlaneUnobserved']);
  const [page] = look(180, gauges);
  expect(page).toEqual({
    name: 'ControlPlaneDown',
    severity: 'page',
    labels: { control_plane: 'istio-eu', mesh: 'istio', cluster: 'eu', owner: 'team-mesh' },
    annotations: expect.objectContaining({
      summary: 'no instance of control plane istio-eu in eu answers',
      page_url: 'https://meshslo.example/control-plane',
      dashboard_url: `https://grafana.example/d/planes?var-cluster=eu&var-mesh=istio&from=${monday + 180 - 7200}000&to=${monday + 180}000`,
    }) as unknown,
  });
  expect(look(300, gauges).find(({ name }) => name === 'RegistryZombies')).toMatchObject({
    labels: { owner: 'payments', cluster: 'eu' },
    annotations: {
      summary: '3 instances of payments in the registry of eu are gone, or are somebody else',
    },
  });
});

describe('after a restart', () => {
  const drifting: ActiveAlert = {
    name: 'ControlPlaneInstancesDisagree',
    severity: 'ticket',
    labels: { cluster: 'eu', mesh: 'istio', control_plane: 'istio-eu', owner: 'team-mesh' },
    annotations: { summary: 'as it was' },
  };
  const differs = (value: number) => ({
    meshslo_control_plane_differences: [{ labels: { control_plane: 'istio-eu', mesh: 'istio', cluster: 'eu' }, value }],
  });

  test('what fired goes on until its control plane was looked at, and then without another wait', () => {
    const look = watching([drifting]);
    expect(look(0, {})).toEqual([drifting]);
    expect(look(60, differs(3))).toMatchObject([
      { ...drifting, annotations: { summary: 'instances of control plane istio-eu in eu differ in 3 things' } },
    ]);
    expect(look(120, {})).toEqual([]);
  });

  test('what fired and is not told of any more ends after five minutes', () => {
    const look = watching([drifting]);
    expect(look(299, {})).toEqual([drifting]);
    expect(look(300, {})).toEqual([]);
  });

  test('of findings nothing has to be looked at anew: what has ended meanwhile ends', () => {
    const unattended = { ...drifting, name: 'FindingUnattended', labels: { kind: 'MeshedButSilent', cluster: 'eu' } };
    expect(watching([unattended])(0, {})).toEqual([]);
  });
});
