import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ControlPlaneSettings } from '../../../src/config/control-planes.js';
import { EventLog } from '../../../src/simulator/event-log.js';
import { IstioFleet } from '../../../src/simulator/istio-fleet.js';
import { Mesh } from '../../../src/simulator/mesh.js';
import type { MeshModel } from '../../../src/simulator/mesh-model.js';
import { MeshServers } from '../../../src/simulator/mesh-servers.js';
import { smallMesh } from '../../simulator/small-mesh.js';
import { at, ObservedControlPlane, settingsOf } from '../observed-control-plane.js';

const start = 1_800_000_000;
const folder = mkdtempSync(join(tmpdir(), 'meshslo-istio-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let mesh: Mesh;
let fleet: IstioFleet;
let servers: MeshServers;
let observed: ObservedControlPlane;
/** By how much the clock of istiod's machine is ahead of ours. */
let istiodAheadSeconds = 0;

async function begin(own: Partial<MeshModel> = {}, settings: Partial<ControlPlaneSettings> = {}): Promise<void> {
  const edge = { requestsPerSecond: 0.01 };
  mesh = new Mesh(smallMesh(edge, own), start, 1, new EventLog().write);
  fleet = new IstioFleet(mesh, { instances: 2, changeSeconds: 40, dateSeconds: () => mesh.nowSeconds });
  await fleet.open();
  servers = new MeshServers(mesh);
  await servers.reconcile();
  const proxies = servers.targets().map(({ targets, labels }) => ({ targets, labels }));
  observed = new ObservedControlPlane(
    settingsOf({
      kind: 'istio',
      instances: at(...fleet.addresses),
      proxies: { targets: [{ kind: 'static', groups: proxies }], scheme: 'http', access: {} },
      ...settings,
    }),
    { now: start - istiodAheadSeconds },
  );
}

beforeEach(async () => {
  istiodAheadSeconds = 0;
  await begin();
});

afterEach(async () => {
  observed.close();
  await Promise.all([fleet.close(), servers.close()]);
});

const live = (seconds: number): Promise<void> =>
  observed.lookFor(seconds, (now) => mesh.advance(now + istiodAheadSeconds));

function podOf(service: string): string {
  return mesh.pods.find((pod) => pod.service.name === service)!.name;
}

/** Two looks: within so long a fault is noticed once it is old enough. */
const twoLooks = 30;

describe('a sidecar that takes nothing any more', () => {
  test('is found out of sync once a push has waited a minute, whatever is pushed meanwhile', async () => {
    await live(60);
    const stuck = podOf('cart');
    fleet.sync.faults.stale.add(stuck);
    await live(45);
    expect(observed.kinds()).toEqual([]);
    // The next change comes within 40 s; a minute after it the age is reached, and two looks later it is known.
    await live(40 + 60 + twoLooks - 45);
    expect(observed.ongoing).toEqual([
      expect.objectContaining({
        kind: 'SidecarOutOfSync',
        owner: 'team-shop',
        subject: expect.objectContaining({ namespace: 'shop', service: 'cart', proxy: stuck, cluster: 'eu-1' }),
      }),
    ]);
    fleet.sync.faults.stale.clear();
    await live(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('is found in an istiod that tells no times, too', async () => {
    observed.close();
    await Promise.all([fleet.close(), servers.close()]);
    await begin({ istioVersion: '1.20.8' });
    await live(60);
    fleet.sync.faults.stale.add(podOf('web'));
    await live(40 + 60 + twoLooks + 15);
    expect(observed.kinds()).toEqual(['SidecarOutOfSync']);
    fleet.sync.faults.stale.clear();
    await live(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test.each([
    [3600, 'an istiod an hour ahead'],
    [-3600, 'an istiod an hour behind'],
  ])('is found by the clock of istiod: %d s', async (aheadSeconds) => {
    observed.close();
    await Promise.all([fleet.close(), servers.close()]);
    istiodAheadSeconds = aheadSeconds;
    await begin();
    await live(120);
    expect(observed.kinds()).toEqual([]);
    fleet.sync.faults.stale.add(podOf('cart'));
    await live(40 + 60 + twoLooks);
    expect(observed.kinds()).toEqual(['SidecarOutOfSync']);
  });
});

test('a sidecar that refuses a push is found at the next look, with its own words', async () => {
  await live(30);
  fleet.sync.faults.refusing.set(podOf('cart'), 'Error adding listener 0.0.0.0_80: filter chain match rules overlap');
  await live(twoLooks);
  expect(observed.ongoing).toEqual([
    expect.objectContaining({
      kind: 'ConfigRejected',
      owner: 'team-shop',
      summary: expect.stringContaining('refuses the listeners that it is sent: Error adding listener 0.0.0.0_80'),
    }),
  ]);
  fleet.sync.faults.refusing.clear();
  await live(twoLooks);
  expect(observed.kinds()).toEqual([]);
});

test('sidecars of another version are one finding for each workload, which says what to restart', async () => {
  await live(15);
  fleet.setVersion(podOf('cart'), '1.23.5');
  await live(twoLooks);
  expect(observed.ongoing).toEqual([
    expect.objectContaining({
      kind: 'VersionDrift',
      owner: 'team-shop',
      summary: '1 of 2 proxies of shop/cart run 1.23.5, and should run 1.24.3',
      action: expect.stringContaining('kubectl -n shop rollout restart deployment/cart-v1'),
    }),
  ]);
  fleet.setVersion(podOf('cart'), undefined);
  await live(twoLooks);
  expect(observed.kinds()).toEqual([]);
});

test('a root certificate that ends within two weeks is found, and is gone when it was rotated', async () => {
  await live(15);
  for (const { faults } of fleet.istiods) faults.rootSecondsLeft = 3 * 86_400;
  await live(twoLooks);
  expect(observed.ongoing).toEqual([
    expect.objectContaining({
      kind: 'CertificateExpiring',
      owner: 'team-platform',
      summary: 'the root certificate of Istio main ends in 3 days',
    }),
  ]);
  for (const { faults } of fleet.istiods) faults.rootSecondsLeft = undefined;
  await live(twoLooks);
  expect(observed.kinds()).toEqual([]);
});

test("a workload's certificate that ends within the hour is its owner's", async () => {
  const pod = podOf('cart');
  await live(60);
  await servers.setFault(pod, 'certificate-ending');
  // Proxies themselves are asked once a minute.
  await live(60 + twoLooks);
  expect(observed.ongoing).toEqual([
    expect.objectContaining({
      kind: 'CertificateExpiring',
      owner: 'team-shop',
      evidence: expect.objectContaining({ proxy: `shop/${pod}` }),
    }),
  ]);
  await servers.setFault(pod, undefined);
  await live(60 + twoLooks);
  expect(observed.kinds()).toEqual([]);
});

test('clusters that have been warming for more than five minutes are found', async () => {
  const pod = podOf('cart');
  await servers.setFault(pod, 'warming-clusters');
  await live(300);
  expect(observed.kinds()).toEqual([]);
  await live(60 + twoLooks);
  expect(observed.ongoing).toEqual([
    expect.objectContaining({
      kind: 'WarmingStuck',
      owner: 'team-shop',
      subject: expect.objectContaining({ proxy: pod }),
    }),
  ]);
  await servers.setFault(pod, undefined);
  await live(60 + twoLooks);
  expect(observed.kinds()).toEqual([]);
});

test('an istiod that has lost sight of services differs from the others', async () => {
  await live(15);
  fleet.istiods[1]!.faults.missingServices = 1;
  await live(60);
  expect(observed.kinds()).toEqual([]);
  await live(twoLooks);
  expect(observed.ongoing).toEqual([
    expect.objectContaining({
      kind: 'InstancesDisagree',
      owner: 'team-platform',
      subject: expect.objectContaining({ what: 'the number of services' }),
      evidence: { [fleet.addresses[0]!]: '2', [fleet.addresses[1]!]: '1' },
    }),
  ]);
  fleet.istiods[1]!.faults.missingServices = 0;
  await live(twoLooks);
  expect(observed.kinds()).toEqual([]);
});

test('one istiod down is found after two looks, and its proxies are followed to the others', async () => {
  await live(60);
  await fleet.stop(0);
  await live(twoLooks);
  expect(observed.ongoing).toEqual([
    expect.objectContaining({
      kind: 'ControlPlaneDown',
      owner: 'team-platform',
      subject: expect.objectContaining({ instance: fleet.addresses[0] }),
    }),
  ]);
  fleet.sync.faults.stale.add(podOf('cart'));
  await live(40 + 60 + twoLooks);
  expect(observed.kinds()).toEqual(['ControlPlaneDown', 'SidecarOutOfSync']);
  fleet.sync.faults.stale.clear();
  await fleet.restart(0);
  await live(twoLooks);
  expect(observed.kinds()).toEqual([]);
});

test('all istiods down: what was out of sync stays so, for nobody knows', async () => {
  fleet.sync.faults.stale.add(podOf('cart'));
  await live(40 + 60 + twoLooks);
  await Promise.all([fleet.stop(0), fleet.stop(1)]);
  await live(twoLooks);
  expect(observed.kinds()).toEqual(['ControlPlaneDown', 'ControlPlaneDown', 'SidecarOutOfSync']);
  expect(observed.collector.state!.sync).toEqual({ untold: expect.stringContaining('connection refused') });
});

describe('an istiod that asks who asks', () => {
  const token = join(folder, 'token');

  async function beginWithToken(content: string): Promise<void> {
    writeFileSync(token, content);
    observed.close();
    await Promise.all([fleet.close(), servers.close()]);
    await begin({ istioVersion: '1.29.0' });
    observed.close();
    const access = { authorization: { kind: 'bearer', tokenFile: token } } as const;
    observed = new ObservedControlPlane(
      settingsOf({ kind: 'istio', instances: { ...at(...fleet.addresses), access } }),
      { now: start },
    );
  }

  test('401 says which token to configure, and is over once it is there', async () => {
    await beginWithToken('wrong');
    fleet.askForToken('right');
    await live(15);
    expect(observed.ongoing).toEqual([
      expect.objectContaining({
        kind: 'ControlPlaneForbidden',
        owner: 'team-platform',
        action: expect.stringContaining('audience istio-ca'),
      }),
    ]);
    expect(observed.collector.state!.instances.map(({ health }) => health)).toEqual(['forbidden', 'forbidden']);
    writeFileSync(token, 'right again'.slice(0, 5));
    await live(twoLooks);
    expect(observed.kinds()).toEqual([]);
    expect(observed.collector.state!.sync).toEqual({ told: expect.anything() });
  });

  test('403 names the namespaces that may ask', async () => {
    await beginWithToken('right');
    fleet.forbid(true);
    await live(15);
    expect(observed.ongoing.map(({ action }) => action)).toEqual([
      expect.stringContaining('DEBUG_ENDPOINT_AUTH_ALLOWED_NAMESPACES'),
    ]);
  });
});

test('a release that nobody has read is told, and read with care', async () => {
  observed.close();
  await Promise.all([fleet.close(), servers.close()]);
  await begin({ istioVersion: '1.47.0' });
  await live(15);
  expect(observed.kinds()).toEqual(['UnknownVersion']);
  expect(observed.collector.state!.sync).toEqual({ told: expect.anything() });
});

test('an hour of churn at a healthy mesh finds nothing', async () => {
  let looks = 0;
  await observed.lookFor(3600, async (now) => {
    looks += 1;
    mesh.advance(now);
    if (looks % 3 === 0) mesh.replace(mesh.pods[looks % mesh.pods.length]!.name);
    if (looks % 5 === 0) mesh.restart(mesh.pods[looks % mesh.pods.length]!.name);
    if (looks % 3 === 0) await servers.reconcile();
  });
  expect(looks).toBe(240);
  expect(observed.kinds()).toEqual([]);
  const { sync } = observed.collector.state!;
  expect('told' in sync && sync.told.behind).toEqual([]);
});

test('what there is to see is kept for the page', async () => {
  await live(120);
  const { instances, versions, certificates, pushes, warming, differences } = observed.collector.state!;
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
  await observed.look();
  expect(observed.collector.state!.pushes).toEqual({ untold: 'no istiod has answered twice' });
});
