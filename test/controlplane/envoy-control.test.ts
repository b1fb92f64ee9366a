import { afterEach, describe, expect, test } from '@jest/globals';
import { EnvoyControlFleet } from '../../src/simulator/envoy-control-fleet.js';
import { type FaultCase, testChurn, testFaults, twoLooks } from './fault-table.js';
import { at, settingsOf } from './observed-control-plane.js';
import { closeFleets, inShop, observe, observeRollingOver, proxiesOf } from './observed-fleet.js';

afterEach(closeFleets);

/** Somebody changes something so often. */
const changeSeconds = 40;

const pods = inShop('cart-1', 'cart-2', 'web-1', 'web-2');
const newFleet = (nowSeconds: () => number) => new EnvoyControlFleet(nowSeconds, { pods, changeSeconds });
const settings = (fleet: EnvoyControlFleet) =>
  settingsOf({
    kind: 'envoy-control',
    instances: at(...fleet.addresses),
    proxies: proxiesOf(fleet),
    wantedVersion: '1.31.0',
  });
const begin = () => observe(newFleet, settings);

const ofWeb = expect.objectContaining({ proxy: 'web-1', service: 'web', mesh: 'envoy-control' });

const faults: readonly FaultCase<EnvoyControlFleet>[] = [
  {
    fault: 'an Envoy that takes no snapshot any more',
    begin: ({ faults: { stale } }) => stale.add('web-1'),
    end: ({ faults: { stale } }) => stale.clear(),
    kind: 'SidecarOutOfSync',
    owner: 'team-shop',
    says: { subject: ofWeb, evidence: expect.objectContaining({ types: expect.stringContaining('endpoints') }) },
    seenWithinSeconds: changeSeconds,
    ageSeconds: 60,
  },
  {
    fault: 'an Envoy that refuses clusters',
    begin: ({ faults: { refusing } }) => refusing.add('web-1'),
    end: ({ faults: { refusing } }) => refusing.clear(),
    kind: 'ConfigRejected',
    owner: 'team-shop',
    says: { subject: ofWeb, evidence: expect.objectContaining({ types: 'clusters' }) },
    seenWithinSeconds: changeSeconds,
    wellWithinSeconds: changeSeconds,
  },
  {
    fault: 'an Envoy of another version',
    begin: ({ faults: { versions } }) => versions.set('web-1', '1.30.4'),
    end: ({ faults: { versions } }) => versions.clear(),
    kind: 'VersionDrift',
    owner: 'team-shop',
    says: { summary: '1 of 2 proxies of shop/web run 1.30.4, and should run 1.31.0' },
  },
  {
    fault: 'a certificate that ends today',
    begin: ({ faults: { daysLeft } }) => daysLeft.set('web-1', 0),
    end: ({ faults: { daysLeft } }) => daysLeft.clear(),
    kind: 'CertificateExpiring',
    owner: 'team-shop',
    says: {
      summary: 'the workload certificate of envoy-control main ends within a day, or has ended',
      evidence: { certificate: 'workload', ends: 'no whole day left', proxy: 'shop/web-1' },
    },
  },
  {
    fault: 'clusters that warm for long',
    begin: ({ faults: { warming } }) => warming.add('web-1'),
    end: ({ faults: { warming } }) => warming.clear(),
    kind: 'WarmingStuck',
    owner: 'team-shop',
    says: { subject: ofWeb, summary: expect.stringContaining('has 1 cluster that has been warming for 5 minutes') },
    ageSeconds: 300,
  },
  {
    fault: 'an instance that knows fewer endpoints',
    begin: ({ faults: { forgetful } }) => forgetful.add(1),
    end: ({ faults: { forgetful } }) => forgetful.clear(),
    kind: 'InstancesDisagree',
    owner: 'team-platform',
    says: {
      summary: expect.stringMatching(/for 1 minute: cart: [23] at [\d.:]+, cart: [23] at [\d.:]+$/),
      evidence: expect.objectContaining({ services: 'cart' }),
    },
    ageSeconds: 60,
  },
  {
    fault: 'one instance down',
    begin: (fleet) => fleet.stop(0),
    end: (fleet) => fleet.restart(0),
    kind: 'ControlPlaneDown',
    owner: 'team-platform',
  },
  {
    fault: 'instances that want to know who asks',
    begin: (fleet) => (fleet.faults.refuses = 401),
    end: (fleet) => (fleet.faults.refuses = undefined),
    kind: 'ControlPlaneForbidden',
    owner: 'team-platform',
    says: { action: expect.stringContaining('control_planes: instances: authorization') },
  },
  {
    fault: 'instances that let nobody in',
    begin: (fleet) => (fleet.faults.refuses = 403),
    end: (fleet) => (fleet.faults.refuses = undefined),
    kind: 'ControlPlaneForbidden',
    owner: 'team-platform',
    says: { action: expect.stringContaining('POST /snapshot') },
  },
  {
    fault: 'instances that tell no versions of snapshots',
    begin: ({ faults: { empty } }) => empty.add(0).add(1),
    end: ({ faults: { empty } }) => empty.clear(),
    kind: 'SyncUnreadable',
    owner: 'team-platform',
    says: { summary: expect.stringContaining('(POST /snapshot)') },
    ageSeconds: 60,
  },
  {
    fault: 'Envoys that do not name their nodes',
    begin: ({ faults }) => (faults.nameless = true),
    end: ({ faults }) => (faults.nameless = false),
    kind: 'SyncUnreadable',
    owner: 'team-platform',
    says: { summary: expect.stringMatching(/no Envoy names its node .*\(shop\/\w/) },
    ageSeconds: 60,
  },
  {
    fault: 'Envoys none of which answers',
    begin: ({ faults: { silent } }) => pods.forEach(({ name }) => silent.add(name)),
    end: ({ faults: { silent } }) => silent.clear(),
    kind: 'SyncUnreadable',
    owner: 'team-platform',
    says: { summary: expect.stringMatching(/no Envoy answers at its administration port \(shop\/\w/) },
    ageSeconds: 60,
  },
];

describe('envoy-control', () => {
  testFaults(begin, faults);
  testChurn(() => observeRollingOver(newFleet, settings, pods));

  test('gauges of an old Envoy lie after a hot restart, and what they say of warming is not believed', async () => {
    const { fleet, observed, live } = await begin();
    for (const { name } of pods) fleet.faults.versions.set(name, '1.13.1');
    fleet.faults.restarted.add('web-1').add('cart-1');
    fleet.faults.versions.set('cart-1', '1.31.0');
    fleet.faults.warming.add('web-1');
    await live(300 + twoLooks);
    expect(observed.ongoing.filter(({ kind }) => kind !== 'VersionDrift')).toEqual([
      expect.objectContaining({ kind: 'GaugeAfterHotRestart', owner: 'team-shop', subject: ofWeb }),
    ]);
    fleet.faults.versions.clear();
    fleet.faults.restarted.clear();
    fleet.faults.warming.clear();
    await live(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('a certificate that never had a day left is one of a day', async () => {
    const { fleet, observed, live } = await begin();
    fleet.faults.daysLeft.set('cart-2', 0);
    await live(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('each instance has versions of its own, and an Envoy is held against the one that has sent it what it has', async () => {
    const { fleet, observed, live } = await begin();
    await live(105);
    expect(observed.collector.state!.sync).toEqual({
      told: { proxies: [{ type: 'sidecar', status: 'synced', count: 4 }], behind: [] },
    });
    // Its Envoys go to the other one, and take what that has made.
    await fleet.stop(1);
    await live(changeSeconds + 60 + twoLooks);
    expect(observed.kinds()).toEqual(['ControlPlaneDown']);
    expect(observed.collector.state!.sync).toMatchObject({ told: { behind: [] } });
  });

  test('an Envoy without a snapshot, and one that is silent, are unknown: neither in sync nor late', async () => {
    const { fleet, observed, live } = await begin();
    fleet.faults.silent.add('web-1');
    await live(15);
    const count = (status: string, of: number) => ({ type: 'sidecar', status, count: of });
    expect(observed.collector.state!.sync).toEqual({
      told: { proxies: [count('synced', 3), count('unknown', 1)], behind: [] },
    });
    fleet.faults.empty.add(0).add(1);
    await live(15);
    expect(observed.collector.state!.sync).toEqual({ untold: expect.stringContaining('POST /snapshot') });
    expect(observed.kinds()).toEqual([]);
  });

  test('silence is no repair: what was found of an Envoy stays until it can be seen again', async () => {
    const { fleet, observed, live } = await begin();
    fleet.faults.warming.add('web-1');
    fleet.faults.stale.add('web-2');
    fleet.faults.versions.set('cart-1', '1.30.4');
    await live(300 + twoLooks);
    const found = ['SidecarOutOfSync', 'VersionDrift', 'WarmingStuck'];
    expect(observed.kinds()).toEqual(found);
    for (const pod of ['web-1', 'web-2', 'cart-1']) fleet.faults.silent.add(pod);
    await live(120);
    expect(observed.kinds()).toEqual(found);
    fleet.faults.silent.clear();
    await live(15);
    expect(observed.kinds()).toEqual(found);
    fleet.faults.warming.clear();
    fleet.faults.stale.clear();
    fleet.faults.versions.clear();
    await live(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('where Envoys are sent only what has changed, versions of what has not are not held against them', async () => {
    const { fleet, observed, live } = await begin();
    fleet.faults.deltas = true;
    await live(300);
    expect(observed.kinds()).toEqual([]);
    expect(observed.collector.state!.sync).toMatchObject({ told: { proxies: [{ status: 'synced', count: 4 }] } });
  });

  test('snapshots are told by how long they take on average: nothing tells a distribution', async () => {
    const { observed, live } = await begin();
    await live(120);
    expect(observed.collector.state!.pushes).toMatchObject({ told: { meanSeconds: expect.closeTo(0.2) } });
  });
});
