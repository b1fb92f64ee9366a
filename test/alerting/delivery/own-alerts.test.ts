import { describe, expect, test } from '@jest/globals';
import type { AlertmanagerHealth } from '../../../src/alerting/delivery/alertmanager-health.js';
import { ownAlerts } from '../../../src/alerting/delivery/own-alerts.js';
import { Failure } from '../../../src/domain/failure.js';
import { monday } from '../alerts.js';

const links = {
  page: 'https://meshslo.example',
  runbooks: 'https://wiki.example/{alert}',
  dashboards: undefined,
  meshsloDashboard: 'https://grafana.example/d/meshslo-meshslo?var-cluster={cluster}&from={from}&to={to}',
};
const failure = new Failure('target-unreachable', 'connection refused');
const well: AlertmanagerHealth = {
  url: 'http://am:9093',
  lastSuccessAt: monday,
  failure: undefined,
  refused: undefined,
  troubleSince: undefined,
  troubleSeconds: 0,
  waiting: 0,
};

function names(alertmanager: Partial<AlertmanagerHealth>, { sinceLookSeconds = 0, isFiring = false } = {}) {
  const health = { lastLookAt: monday, sinceLookSeconds, alertmanagers: [{ ...well, ...alertmanager }] };
  return ownAlerts(health, { cluster: 'eu', links, now: monday, isFiring: () => isFiring }).map(({ name }) => name);
}

test('the heartbeat always fires, of this cluster and with its links', () => {
  const health = { lastLookAt: monday, sinceLookSeconds: 0, alertmanagers: [] };
  expect(ownAlerts(health, { cluster: 'eu', links, now: monday + 59, isFiring: () => false })).toMatchObject([
    {
      name: 'MeshsloWatchdog',
      severity: 'heartbeat',
      labels: { cluster: 'eu', watcher: 'meshslo' },
      annotations: {
        page_url: 'https://meshslo.example',
        runbook_url: 'https://wiki.example/MeshsloWatchdog',
        dashboard_url: `https://grafana.example/d/meshslo-meshslo?var-cluster=eu&from=${monday - 7200}000&to=${monday}000`,
      },
    },
  ]);
});

test('they name who acts for meshslo, where somebody is named', () => {
  const health = { lastLookAt: monday, sinceLookSeconds: 0, alertmanagers: [] };
  const [alert] = ownAlerts(health, {
    cluster: 'eu',
    owner: 'team-platform',
    links,
    now: monday,
    isFiring: () => false,
  });
  expect(alert!.labels).toEqual({ cluster: 'eu', owner: 'team-platform', watcher: 'meshslo' });
});

test.each([
  [179, ['MeshsloWatchdog']],
  [180, ['MeshsloWatchdog', 'MeshsloEvaluatorStuck']],
])('nobody looking for %d s is told as %j', (sinceLookSeconds, expected) => {
  expect(names({}, { sinceLookSeconds })).toEqual(expected);
});

describe('an Alertmanager that does not take alerts is told', () => {
  const failing = ['MeshsloWatchdog', 'MeshsloNotificationsFailing'];
  const since = { troubleSince: monday };

  test.each([
    ['not after 299 s', { failure, ...since, troubleSeconds: 299 }, false, failing.slice(0, 1)],
    ['after 300 s', { failure, ...since, troubleSeconds: 300 }, false, failing],
    [
      'when it refuses one alert only',
      { refused: { alerts: 1, reason: 'no' }, ...since, troubleSeconds: 300 },
      false,
      failing,
    ],
    ['on, after a restart, until it takes something', { lastSuccessAt: undefined }, true, failing],
    ['on, after a restart, while it fails', { failure, ...since, troubleSeconds: 1 }, true, failing],
    ['no more once it has taken something', {}, true, failing.slice(0, 1)],
  ])('%s', (_why, alertmanager, isFiring, expected) => {
    expect(names(alertmanager, { isFiring })).toEqual(expected);
  });
});
