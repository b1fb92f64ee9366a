import { afterAll, expect, test } from '@jest/globals';
import { describeChanges } from '../../src/config/config-changes.js';
import { leastConfig, shortly, Workspace } from './workspace.js';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const load = (more: string) => workspace.load({ 'meshslo.yaml': leastConfig + more, token: 'x' });

const whole = `catalog:
  kubernetes:
    - { name: prod, in_cluster: true }
    - { name: other, cluster: us-1, kubeconfig: kube.yaml, context: us }
    - { name: third, url: 'https://k8s:6443', authorization: { bearer_token_file: token } }
  consul:
    - { name: dc1, url: 'http://consul:8500', token_file: token, thresholds: { zombie: 2m } }
  backstage:
    - { name: portal, url: 'http://backstage:7007', authorization: { bearer_token_file: token } }
    - { name: files, files: ['catalog/*.yaml'] }
  files: [services.yaml]
`;

test('a catalogue comes from Kubernetes, Consul, Backstage and files', () => {
  const { config, diagnostics } = load(whole);
  expect(diagnostics).toEqual([]);
  const { kubernetes, consul, backstage, files, thresholds } = config!.catalog;
  expect(kubernetes.map(({ name, cluster, connection }) => [name, cluster, connection.kind])).toEqual([
    ['prod', 'eu-1', 'in-cluster'],
    ['other', 'us-1', 'kubeconfig'],
    ['third', 'eu-1', 'url'],
  ]);
  expect(consul).toMatchObject([
    {
      name: 'dc1',
      cluster: 'eu-1',
      namespace: 'default',
      access: { authorization: { kind: 'bearer', tokenFile: `${workspace.folder}/token` } },
      thresholds: { zombieSeconds: 120, massRatio: 0.3, flaps: 6, syncSeconds: 30 },
    },
  ]);
  expect(backstage.map(({ from }) => from.kind)).toEqual(['api', 'files']);
  expect(files).toEqual([`${workspace.folder}/services.yaml`]);
  expect(thresholds).toEqual({ silentSeconds: 3600, unreadableSeconds: 60 });
});

test('without a word of it there is none, and nobody looks', () => {
  expect(load('').config!.catalog).toMatchObject({ kubernetes: [], consul: [], backstage: [], files: [] });
});

test('every mistake of every place is told at once', () => {
  const loaded = load(`catalog:
  kubernetes:
    - { name: a, in_cluster: true, url: 'http://k8s' }
    - { name: b }
    - { name: c, in_cluster: true }
    - { name: c, in_cluster: true }
  consul:
    - { name: d, url: 'http://consul', thresholds: { mass_deregistration: 3 } }
    - { name: e, url: 'http://consul', token: secret }
  backstage:
    - { name: f }
  file: [x]
`);
  expect(loaded.config).toBeUndefined();
  expect(shortly(loaded).join('\n')).toMatch(
    /catalog-from-where[\s\S]*catalog-from-where[\s\S]*duplicate-place[\s\S]*too-much[\s\S]*unknown-key[\s\S]*catalog-from-where[\s\S]*unknown-key/,
  );
  expect(JSON.stringify(loaded.diagnostics)).not.toContain('"secret"');
});

test('changes are told place by place', () => {
  const before = load(whole).config!;
  const after = load(whole.replace('zombie: 2m', 'zombie: 1m').replace(/ {4}- \{ name: prod.*\n/, '')).config!;
  expect(describeChanges(before, after)).toEqual([
    '- catalog kubernetes prod',
    '~ catalog consul dc1 thresholds.zombie: 2m -> 1m',
  ]);
});
