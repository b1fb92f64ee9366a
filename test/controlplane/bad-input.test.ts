import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { AnsweringServer, type Asked, type Said } from '../../src/simulator/answering-server.js';
import { at, ObservedControlPlane, settingsOf } from './observed-control-plane.js';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Somebody who answers as told. */
async function answering(answer: (asked: Asked) => Said | undefined): Promise<string> {
  const server = new AnsweringServer(answer);
  await server.open();
  closing.push(() => server.close());
  return server.address;
}

function observed(settings: Parameters<typeof settingsOf>[0]): ObservedControlPlane {
  const one = new ObservedControlPlane(settingsOf(settings), { now: 1_800_000_000 });
  closing.push(() => one.close());
  return one;
}

const istiodMetrics = 'istio_build{component="pilot",tag="1.24.3"} 1\npilot_services 7\n';
const cluster = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';

function row(proxy: string): object {
  const resources = { [cluster]: { sent: 'b', acked: 'a', sentTime: '2026-01-01T00:00:00Z' } };
  return { cluster_id: 'Kubernetes', proxy, proxy_type: 'sidecar', istio_version: '1.24.3', resources };
}

function istiod(syncz: () => unknown): Promise<string> {
  return answering(({ path }) =>
    path === '/metrics' ? { body: istiodMetrics } : path === '/debug/syncz' ? { body: syncz() } : undefined,
  );
}

test('an istiod with twenty thousand proxies is read whole, and no more findings are made than people read', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => row(`service-${index}-v1-7c9f8d6b5-x2x7p.shop`));
  const one = observed({ kind: 'istio', instances: at(await istiod(() => rows)) });
  await one.look();
  const { sync } = one.collector.state!;
  expect('told' in sync && sync.told.proxies).toEqual([{ type: 'sidecar', status: 'out-of-sync', count: 20_000 }]);
  expect('told' in sync && sync.told.behind).toEqual([
    { owner: 'team-shop', type: 'sidecar', status: 'out-of-sync', count: 20_000 },
  ]);
  expect(one.ongoing).toHaveLength(500);
});

test('an answer beyond all bounds is none: the sync is not known, and all else is', async () => {
  const endless = Buffer.alloc(65 * 1024 * 1024, ' ').toString();
  const one = observed({ kind: 'istio', instances: at(await istiod(() => endless)) });
  await one.look();
  expect(one.kinds()).toEqual([]);
  const { sync, versions, instances } = one.collector.state!;
  expect(sync).toEqual({ untold: expect.stringContaining('/debug/syncz cannot be read') });
  expect(versions).toMatchObject({ told: { controlPlane: ['1.24.3'] } });
  expect(instances).toMatchObject([{ health: 'up' }]);
});

test('names with every character that is legal, and some that are not, are told as they are and pasted as one word', async () => {
  const names = [
    'ip-10-0-0-1.eu.internal.shop',
    'żółw-1.shop',
    `a"b\\c\n'd.shop`,
    '<img src=x>.shop',
    '__proto__.shop',
  ];
  const one = observed({ kind: 'istio', instances: at(await istiod(() => names.map(row))) });
  await one.look();
  expect(one.ongoing.map(({ subject }) => subject['proxy'])).toEqual([
    'ip-10-0-0-1.eu.internal',
    'żółw-1',
    `a"b\\c\n'd`,
    '<img src=x>',
    '__proto__',
  ]);
  expect(one.ongoing[2]!.action).toContain(`'pod/a"b\\c\n'\\''d'`);
});

test('a control plane of which no instance is listed is not said to be down somewhere', async () => {
  const one = observed({ kind: 'istio' });
  await one.look();
  expect(one.ongoing).toMatchObject([
    { kind: 'ControlPlaneDown', summary: 'Istio main: no instance is known (no address is listed)', since: undefined },
  ]);
});

describe('half of a document', () => {
  const half = '{"serviceNameToInstances": {"cart": {"instances": [{"address": "10.';

  test.each([
    ['envoy-control', 'no instance answers'],
    ['linkerd1', 'no controller answers'],
    ['consul', 'no server answers'],
  ] as const)('of %s ends nothing and begins nothing, and is told: %s', async (kind, why) => {
    const address = await answering(({ path }) => ({ body: path.endsWith('metrics') ? 'up 1\n' : half }));
    const one = observed({ kind, instances: at(address), controllers: at(address), proxies: at(address) });
    const look = await one.look();
    expect(look.findings).toEqual([]);
    expect(look.judged).not.toContain('InstancesDisagree');
    expect(look.judged).not.toContain('SidecarOutOfSync');
    expect(one.collector.state!.differences).toEqual({ untold: why });
  });

  test('a body of metrics that ends in the middle of a line is read up to there', async () => {
    const address = await answering(({ path }) =>
      path === '/metrics' ? { body: `${istiodMetrics}pilot_virt_serv` } : { body: [] },
    );
    const one = observed({ kind: 'istio', instances: at(address) });
    await one.look();
    expect(one.collector.state!.versions).toMatchObject({ told: { controlPlane: ['1.24.3'] } });
  });
});

test('a dtab with objects where words belong is no dtab, and all else of the look stays', async () => {
  const dtab = [{ prefix: { toString: 1, valueOf: 1 }, dst: '/#/io.l5d.consul' }];
  const address = await answering(({ path }) => ({ body: path.includes('metrics') ? 'up 1\n' : dtab }));
  const one = observed({ kind: 'linkerd1', instances: at(address), controllers: at(address) });
  await one.look();
  expect(one.collector.state).toMatchObject({
    differences: { untold: 'no controller answers' },
    instances: [{ health: 'up' }],
  });
});

test('an Envoy whose node goes down for ever tells no node, and all else of the look stays', async () => {
  const nodes = '['.repeat(20_000) + ']'.repeat(20_000);
  const address = await answering(({ path }) => ({
    body: path.startsWith('/stats') ? 'up 1\n' : `{"version":"a/1.31.0/Clean","node":{"metadata":${nodes}}}`,
  }));
  const one = observed({ kind: 'envoy-control', instances: at(address), proxies: at(address) });
  await one.look();
  expect(one.collector.state!.versions).toMatchObject({ told: { proxies: [{ version: '1.31.0', count: 1 }] } });
});

test('a Linkerd 2 that nobody has read is told, and read with care', async () => {
  const proxy = await answering(() => ({ body: 'proxy_build_info{version="3.1.0"} 1\nissuer_cert_ttl_seconds 9e9\n' }));
  const one = observed({ kind: 'linkerd2', instances: at(proxy), proxies: at(proxy) });
  await one.look();
  expect(one.ongoing).toMatchObject([{ kind: 'UnknownVersion', owner: 'team-platform' }]);
  expect(one.collector.state!.versions).toMatchObject({ told: { proxies: [{ version: '3.1.0', count: 1 }] } });
});

test('an Istio that is between releases, or of somebody else, is told by its words', async () => {
  const address = await answering(({ path }) =>
    path === '/metrics' ? { body: 'istio_build{component="pilot",tag="master-alpha.3f2"} 1\n' } : { body: [] },
  );
  const one = observed({ kind: 'istio', instances: at(address) });
  await one.look();
  expect(one.ongoing).toMatchObject([{ kind: 'UnknownVersion', subject: { version: 'master-alpha.3f2' } }]);
});

test.each(['envoy-control', 'istio'] as const)(
  'an instance of %s that takes questions and says nothing is asked one at a look, and the other one is told',
  async (kind) => {
    const asked: string[] = [];
    const hanging = createServer((request) => asked.push(request.url!));
    hanging.listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    closing.push(() => {
      hanging.close();
      hanging.closeAllConnections();
    });
    const well = await answering(({ path }) =>
      path.endsWith('metrics') || path.endsWith('prometheus')
        ? { body: istiodMetrics }
        : { body: path === '/debug/syncz' ? [] : { serviceNameToInstances: {}, snapshot: {} } },
    );
    const silent = `127.0.0.1:${(hanging.address() as AddressInfo).port}`;
    const one = observed({ kind, instances: at(silent, well), timeoutSeconds: 3 });
    await one.look();
    expect(asked).toHaveLength(1);
    expect(one.collector.state!.instances.map(({ health }) => health).sort()).toEqual(['unknown', 'up']);
  },
);

test('who answers something else in the place of an instance is told as that', async () => {
  const address = await answering(() => ({ status: 302, body: '' }));
  const one = observed({ kind: 'istio', instances: at(address) });
  await one.look();
  await one.look();
  expect(one.ongoing).toMatchObject([
    {
      kind: 'ControlPlaneDown',
      summary: `Istio main: the instance at ${address} does not answer as it should (answered with status 302)`,
      action: expect.stringContaining('address and port'),
    },
  ]);
});
