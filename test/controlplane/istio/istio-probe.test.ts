import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { twoLooks } from '../fault-table.js';
import { ObservedIstio } from './observed-istio.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-istio-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let istio: ObservedIstio;

beforeEach(async () => {
  istio = await ObservedIstio.start();
});

afterEach(() => istio.close());

/** Another one instead. */
async function restart(options: Parameters<typeof ObservedIstio.start>[0]): Promise<void> {
  await istio.close();
  istio = await ObservedIstio.start(options);
}

describe('a sidecar that takes nothing any more', () => {
  test('is found out of sync once a push has waited a minute, whatever is pushed meanwhile', async () => {
    await istio.live(60);
    const stuck = istio.podOf('cart');
    istio.fleet.sync.faults.stale.add(stuck);
    await istio.live(45);
    expect(istio.observed.kinds()).toEqual([]);
    // The next change comes within 40 s; a minute after it the age is reached, and two looks later it is known.
    await istio.live(40 + 60 + twoLooks - 45);
    expect(istio.observed.ongoing).toEqual([
      expect.objectContaining({
        kind: 'SidecarOutOfSync',
        owner: 'team-shop',
        subject: expect.objectContaining({ namespace: 'shop', service: 'cart', proxy: stuck, cluster: 'eu-1' }),
      }),
    ]);
    istio.fleet.sync.faults.stale.clear();
    await istio.live(twoLooks);
    expect(istio.observed.kinds()).toEqual([]);
  });

  test('is found in an istiod that tells no times, too', async () => {
    await restart({ model: { istioVersion: '1.20.8' } });
    await istio.live(60);
    istio.fleet.sync.faults.stale.add(istio.podOf('web'));
    await istio.live(40 + 60 + twoLooks + 15);
    expect(istio.observed.kinds()).toEqual(['SidecarOutOfSync']);
    istio.fleet.sync.faults.stale.clear();
    await istio.live(twoLooks);
    expect(istio.observed.kinds()).toEqual([]);
  });

  test.each([
    [3600, 'an istiod an hour ahead'],
    [-3600, 'an istiod an hour behind'],
  ])('is found by the clock of istiod: %d s', async (aheadSeconds) => {
    await restart({ aheadSeconds });
    await istio.live(120);
    expect(istio.observed.kinds()).toEqual([]);
    istio.fleet.sync.faults.stale.add(istio.podOf('cart'));
    await istio.live(40 + 60 + twoLooks);
    expect(istio.observed.kinds()).toEqual(['SidecarOutOfSync']);
  });
});

test('gauges of an Envoy of Istio 1.6 lie after a hot restart, and those of a newer one do not', async () => {
  await istio.servers.setFault(istio.podOf('cart'), 'hot-restarted');
  await istio.live(twoLooks);
  expect(istio.observed.kinds()).toEqual([]);
  await restart({ model: { istioVersion: '1.6.14' } });
  await istio.servers.setFault(istio.podOf('cart'), 'hot-restarted');
  await istio.live(twoLooks);
  expect(istio.observed.ongoing).toContainEqual(
    expect.objectContaining({
      kind: 'GaugeAfterHotRestart',
      owner: 'team-shop',
      evidence: { epoch: '3', version: '1.14' },
    }),
  );
  await istio.servers.setFault(istio.podOf('cart'), undefined);
  await istio.live(twoLooks);
  expect(istio.observed.kinds()).toEqual(['UnknownVersion']);
});

test('silence of a sidecar is no repair of what it tells itself, and of nothing else', async () => {
  const pod = istio.podOf('cart');
  await istio.servers.setFault(pod, 'warming-clusters');
  istio.fleet.sync.faults.stale.add(pod);
  await istio.live(300 + twoLooks);
  expect(istio.observed.kinds()).toEqual(['SidecarOutOfSync', 'WarmingStuck']);
  await istio.servers.setFault(pod, 'error-500');
  istio.fleet.sync.faults.stale.clear();
  await istio.live(60);
  expect(istio.observed.kinds()).toEqual(['WarmingStuck']);
  await istio.servers.setFault(pod, undefined);
  await istio.live(twoLooks);
  expect(istio.observed.kinds()).toEqual([]);
});

test('one istiod down is found after two looks, and its proxies are followed to the others', async () => {
  await istio.live(60);
  await istio.fleet.stop(0);
  await istio.live(twoLooks);
  expect(istio.observed.ongoing).toEqual([
    expect.objectContaining({
      kind: 'ControlPlaneDown',
      owner: 'team-platform',
      subject: expect.objectContaining({ instance: istio.fleet.addresses[0] }),
    }),
  ]);
  istio.fleet.sync.faults.stale.add(istio.podOf('cart'));
  await istio.live(40 + 60 + twoLooks);
  expect(istio.observed.kinds()).toEqual(['ControlPlaneDown', 'SidecarOutOfSync']);
  istio.fleet.sync.faults.stale.clear();
  await istio.fleet.restart(0);
  await istio.live(twoLooks);
  expect(istio.observed.kinds()).toEqual([]);
});

test('all istiods down: what was out of sync stays so, for nobody knows', async () => {
  istio.fleet.sync.faults.stale.add(istio.podOf('cart'));
  await istio.live(40 + 60 + twoLooks);
  await Promise.all([istio.fleet.stop(0), istio.fleet.stop(1)]);
  await istio.live(twoLooks);
  expect(istio.observed.kinds()).toEqual(['ControlPlaneDown', 'ControlPlaneDown', 'SidecarOutOfSync']);
  expect(istio.observed.collector.state!.sync).toEqual({ untold: expect.stringContaining('connection refused') });
});

describe('an istiod that asks who asks', () => {
  const token = join(folder, 'token');

  async function beginWithToken(content: string): Promise<void> {
    writeFileSync(token, content);
    const access = { authorization: { kind: 'bearer', tokenFile: token } } as const;
    await restart({ model: { istioVersion: '1.29.0' }, settings: { access } });
  }

  test('401 says which token to configure, and is over once it is there', async () => {
    await beginWithToken('wrong');
    istio.fleet.askForToken('right');
    await istio.live(15);
    expect(istio.observed.ongoing).toEqual([
      expect.objectContaining({
        kind: 'ControlPlaneForbidden',
        owner: 'team-platform',
        action: expect.stringContaining('audience istio-ca'),
      }),
    ]);
    expect(istio.observed.collector.state!.instances.map(({ health }) => health)).toEqual(['forbidden', 'forbidden']);
    writeFileSync(token, 'right again'.slice(0, 5));
    await istio.live(twoLooks);
    expect(istio.observed.kinds()).toEqual([]);
    expect(istio.observed.collector.state!.sync).toEqual({ told: expect.anything() });
  });

  test('403 names the namespaces that may ask', async () => {
    await beginWithToken('right');
    istio.fleet.forbid(true);
    await istio.live(15);
    expect(istio.observed.ongoing.map(({ action }) => action)).toEqual([
      expect.stringContaining('DEBUG_ENDPOINT_AUTH_ALLOWED_NAMESPACES'),
    ]);
  });
});

test('a release that nobody has read is told, and read with care', async () => {
  await restart({ model: { istioVersion: '1.47.0' } });
  await istio.live(15);
  expect(istio.observed.kinds()).toEqual(['UnknownVersion']);
  expect(istio.observed.collector.state!.sync).toEqual({ told: expect.anything() });
});

test('what there is to see is kept for the page', async () => {
  await istio.live(120);
  const { instances, versions, certificates, pushes, warming, differences } = istio.observed.collector.state!;
  expect(instances.map(({ version, health }) => [version, health])).toEqual([
    ['1.24.3', 'up'],
    ['1.24.3', 'up'],
  ]);
  expect(instances.reduce((sum, { proxies }) => sum + proxies!, 0)).toBe(4);
  expect(versions).toEqual({
    told: { controlPlane: ['1.24.3'], wanted: '1.24.3', proxies: [{ version: '1.24.3', count: 4 }], drifting: [] },
  });
  expect(certificates).toEqual({
    told: [expect.objectContaining({ name: 'root' }), expect.objectContaining({ name: 'chain' })],
  });
  // Every observation of the simulator is 50 ms, in the first bucket of 100 ms: its middle by interpolation.
  expect(pushes).toEqual({
    told: expect.objectContaining({ p50Seconds: expect.closeTo(0.05), p99Seconds: expect.closeTo(0.099), rejects: 0 }),
  });
  expect(warming).toEqual({ told: { proxies: 4, warming: 0, stuck: 0 } });
  expect(differences).toEqual({ told: [] });
});

test('after one look nobody knows what was pushed: that is no zero', async () => {
  await istio.observed.look();
  expect(istio.observed.collector.state!.pushes).toEqual({ untold: 'no istiod has answered twice' });
});
