import { afterAll, describe, expect, test } from '@jest/globals';
import { describeChanges } from '../../src/config/config-changes.js';
import { leastConfig, shortly, Workspace } from './workspace.js';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const load = (more: string) => workspace.load({ 'meshslo.yaml': leastConfig + more });

test('who acts for meshslo acts for control planes that name nobody, too', () => {
  const planes = [
    '{ name: a, kind: istio, instances: { targets: [{ static: [a:1] }] } }',
    '{ name: b, kind: istio, owner: team-b, instances: { targets: [{ static: [b:1] }] } }',
  ];
  const { config, diagnostics } = load(`alerting: { owner: team-platform }
control_planes: [${planes.join(', ')}]
`);
  expect(diagnostics).toEqual([]);
  expect(config!.controlPlanes.map(({ owner }) => owner)).toEqual(['team-platform', 'team-b']);
});

test('without a word of it, nobody is told of alerts and their links lead nowhere', () => {
  const { config } = load('');
  expect(config!.alerting).toEqual({ alertmanagers: [] });
  expect(config!.links).toEqual({});
});

test('Alertmanagers have addresses, certificates and logins; secrets stay in files', () => {
  const { config, diagnostics } = workspace.load({
    'am.password': 'x',
    'ca.pem': 'x',
    'meshslo.yaml': `${leastConfig}alerting:
  alertmanagers:
    - url: http://am-0:9093/
    - url: https://am-1/prefix
      timeout: 2s
      tls: { ca_file: ca.pem }
      basic_auth: { username: meshslo, password_file: am.password }
links:
  page: https://meshslo.example/
  runbooks: https://wiki.example/{alert}
  dashboards: https://grafana.example/d/slo?ns={namespace}&s={service}
  meshslo_dashboard: https://grafana.example/d/meshslo-meshslo?from={from}&to={to}
`,
  });
  expect(diagnostics).toEqual([]);
  const at = (file: string): string => `${workspace.folder}/${file}`;
  expect(config!.alerting.alertmanagers).toEqual([
    { url: 'http://am-0:9093', timeoutSeconds: 10, access: {} },
    {
      url: 'https://am-1/prefix',
      timeoutSeconds: 2,
      access: {
        tls: { caFile: at('ca.pem') },
        authorization: { kind: 'basic', username: 'meshslo', passwordFile: at('am.password') },
      },
    },
  ]);
  expect(config!.links).toEqual({
    page: 'https://meshslo.example',
    runbooks: 'https://wiki.example/{alert}',
    dashboards: 'https://grafana.example/d/slo?ns={namespace}&s={service}',
    meshsloDashboard: 'https://grafana.example/d/meshslo-meshslo?from={from}&to={to}',
  });
});

describe('every mistake is told, with its place', () => {
  test('of Alertmanagers', () => {
    const loaded = load(`alerting:
  alertmanager: []
  alertmanagers:
    - url: am-0:9093
    - url: http://am:9093/api/v2
    - url: http://am:9093/?x=1
    - url: http://am:9093
      timeout: 10m
      basic_auth: { username: a, password: hunter2hunter2, password_file: gone }
    - url: http://one:9093
      authorization: { bearer_token_file: gone.token }
      basic_auth: { username: a, password_file: gone.password }
    - url: http://one:9093/
`);
    expect(shortly(loaded)).toEqual([
      'unknown-key 8:3 (did you mean alertmanagers?)',
      'bad-url 10:12 (http://host:port/path)',
      'bad-url 11:12 (end it before /api: http://am:9093)',
      'bad-url 12:12 (http://host:9093/prefix)',
      'duration-out-of-range 14:16 (from 1s to 1m)',
      'secret-in-the-open 15:44 (put it into a file and name that as password_file)',
      'file-unreadable 17:43 (until it is there, this Alertmanager is told nothing)',
      'two-authorizations 18:7 (keep one)',
      'file-unreadable 18:49 (until it is there, this Alertmanager is told nothing)',
      'duplicate-alertmanager 19:12',
    ]);
    expect(JSON.stringify(loaded.diagnostics)).not.toContain('hunter2');
  });

  test('of links', () => {
    expect(
      shortly(
        load(`links:
  page: meshslo.example
  runbooks: https://wiki.example/runbooks
  dashboards: https://user:secret@grafana.example/{servise}
  dashboard: https://grafana.example
`),
      ),
    ).toEqual([
      'bad-url 8:9 (http://host:port/path)',
      'no-placeholder 9:13 (put {alert} where it stands)',
      'secret-in-the-open 10:15 (write basic_auth with password_file)',
      'unknown-placeholder 10:15 (did you mean {service}?)',
      'unknown-key 11:3 (did you mean dashboards?)',
    ]);
  });
});

test('what a reload changes is said; Alertmanagers by their addresses', () => {
  const before = load(`alerting: { alertmanagers: [{ url: 'http://a:1' }, { url: 'http://b:1' }] }
links: { page: 'http://meshslo.example' }
`).config!;
  const after = load(`alerting: { alertmanagers: [{ url: 'http://b:1', timeout: 5s }, { url: 'http://c:1' }] }
links: { runbooks: 'https://wiki/{alert}' }
`).config!;
  expect(describeChanges(before, after)).toEqual([
    '- links.page',
    '+ links.runbooks: "https://wiki/{alert}"',
    '- alertmanager http://a:1',
    '~ alertmanager http://b:1 timeout: 10s -> 5s',
    '+ alertmanager http://c:1: { timeout: 10s }',
  ]);
});
