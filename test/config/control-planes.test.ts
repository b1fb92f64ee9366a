import { afterAll, expect, test } from '@jest/globals';
import { describeChanges } from '../../src/config/config-changes.js';
import { leastConfig, shortly, Workspace } from './workspace.js';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const load = (more: string) => workspace.load({ 'meshslo.yaml': leastConfig + more });

const istio = `control_planes:
  - name: istio-eu-1
    kind: istio
    owner: team-platform
    instances:
      targets: [{ dns_sd: { names: [istiod.istio-system.svc], port: 15014 } }]
      authorization: { bearer_token_file: token }
`;

test('a control plane is looked at every 15 s, and may take a minute to bring a push to a proxy', () => {
  const { config, diagnostics } = workspace.load({ token: 'x', 'meshslo.yaml': leastConfig + istio });
  expect(diagnostics).toEqual([]);
  expect(config!.controlPlanes).toEqual([
    {
      name: 'istio-eu-1',
      kind: 'istio',
      cluster: 'eu-1',
      owner: 'team-platform',
      intervalSeconds: 15,
      timeoutSeconds: 10,
      instances: {
        targets: [{ kind: 'dns', names: ['istiod.istio-system.svc'], port: 15014, refreshSeconds: 30 }],
        scheme: 'http',
        access: { authorization: { kind: 'bearer', tokenFile: `${workspace.folder}/token` } },
      },
      proxies: { targets: [], scheme: 'http', access: {} },
      controllers: { targets: [], scheme: 'http', access: {} },
      namespaces: ['default'],
      wantedVersion: undefined,
      thresholds: {
        outOfSyncSeconds: 60,
        warmingSeconds: 300,
        disagreeSeconds: 60,
        certificateSeconds: 14 * 86_400,
        workloadCertificateSeconds: 3600,
      },
    },
  ]);
});

test('without a word of it, no control plane is looked at', () => {
  expect(load('').config!.controlPlanes).toEqual([]);
});

test('every mistake of every control plane is told, with its place', () => {
  const loaded = load(`control_planes:
  - name: a
    kind: istiod
    instances: { targets: [{ static: ['istiod:15014'] }] }
  - name: b
    kind: istio
    timeout: 20s
    instances: { targets: [{ static: ['istiod:15014'] }], authorization: { bearer_token: abc } }
    namespaces: [default]
  - name: c
    kind: linkerd1
    timeout: 1m
    instances: { targets: [{ static: ['namerd:9991'] }], authorization: { bearer_token_file: nowhere } }
  - name: c
    kind: linkerd1
    instances: { targets: [{ static: ['namerd:9991'] }] }
    proxies: { targets: [{ static: ['linkerd:9990'] }] }
`);
  expect(loaded.config).toBeUndefined();
  expect(shortly(loaded)).toEqual([
    'wrong-value 9:11 (did you mean istio?)',
    expect.stringContaining('missing 14:59'),
    expect.stringContaining('secret-in-the-open 14:90'),
    expect.stringContaining('timeout-above-interval 18:14'),
    expect.stringContaining('file-unreadable'),
    expect.stringContaining('not-for-this-kind'),
  ]);
});

test('a change is told in the words of the file', () => {
  const before = workspace.load({ token: 'x', 'meshslo.yaml': leastConfig + istio }).config!;
  const after = load(istio.replace('team-platform', 'team-mesh')).config!;
  expect(describeChanges(before, after)).toEqual(['~ control plane istio-eu-1 owner: team-platform -> team-mesh']);
});
