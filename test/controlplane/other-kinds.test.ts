import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { ControlPlaneSettings } from '../../src/config/control-planes.js';
import { ConsulServers } from '../../src/simulator/consul-servers.js';
import { EnvoyControlFleet } from '../../src/simulator/envoy-control-fleet.js';
import { Linkerd1Fleet } from '../../src/simulator/linkerd1-fleet.js';
import { Linkerd2Fleet } from '../../src/simulator/linkerd2-fleet.js';
import type { DiscoveredTarget } from '../../src/simulator/mesh-servers.js';
import { at, ObservedControlPlane, settingsOf } from './observed-control-plane.js';

const start = 1_800_000_000;
const twoLooks = 30;
const folder = mkdtempSync(join(tmpdir(), 'meshslo-control-planes-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Fleet {
  open(): Promise<void>;
  close(): Promise<void>;
}

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A fleet that lives in the time of whoever looks at it. */
async function observe<T extends Fleet>(
  make: (nowSeconds: () => number) => T,
  settings: (fleet: T) => ControlPlaneSettings,
): Promise<{ readonly fleet: T; readonly observed: ObservedControlPlane }> {
  let nowSeconds = (): number => start;
  const fleet = make(() => nowSeconds());
  await fleet.open();
  const observed = new ObservedControlPlane(settings(fleet), { now: start });
  nowSeconds = () => observed.clock.now();
  closing.push(
    () => observed.close(),
    () => fleet.close(),
  );
  return { fleet, observed };
}

function inShop(...names: readonly string[]): readonly { readonly name: string; readonly namespace: string }[] {
  return names.map((name) => ({ name, namespace: 'shop' }));
}

/** Proxies with the labels that service discovery gives them. */
function proxiesOf(fleet: { targets(): readonly DiscoveredTarget[] }): ControlPlaneSettings['proxies'] {
  return { targets: [{ kind: 'static', groups: fleet.targets() }], scheme: 'http', access: {} };
}

describe('envoy-control', () => {
  const pods = inShop('cart-1', 'cart-2', 'web-1');
  const begin = () =>
    observe(
      (nowSeconds) => new EnvoyControlFleet(nowSeconds, { pods }),
      (fleet) =>
        settingsOf({
          kind: 'envoy-control',
          instances: at(...fleet.addresses),
          proxies: proxiesOf(fleet),
          wantedVersion: '1.31.0',
        }),
    );

  test('an Envoy that takes no snapshot any more is out of sync, by its own versions', async () => {
    const { fleet, observed } = await begin();
    await observed.lookFor(120);
    expect(observed.kinds()).toEqual([]);
    fleet.faults.stale.add('cart-1');
    await observed.lookFor(40 + 60 + twoLooks);
    expect(observed.ongoing).toEqual([
      expect.objectContaining({
        kind: 'SidecarOutOfSync',
        owner: 'team-shop',
        subject: expect.objectContaining({ proxy: 'cart-1', service: 'cart', mesh: 'envoy-control' }),
        evidence: expect.objectContaining({ types: 'clusters, listeners' }),
      }),
    ]);
    fleet.faults.stale.clear();
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test.each([
    ['ConfigRejected', 'refuses', (fleet: EnvoyControlFleet) => fleet.faults.refusing, 40 + twoLooks],
    ['WarmingStuck', 'has warming clusters', (fleet: EnvoyControlFleet) => fleet.faults.warming, 300 + twoLooks],
  ] as const)('%s: an Envoy that %s', async (kind, _what, faultOf, seconds) => {
    const { fleet, observed } = await begin();
    await observed.lookFor(30);
    faultOf(fleet).add('web-1');
    await observed.lookFor(seconds);
    expect(observed.kinds()).toContain(kind);
    expect(observed.ongoing.find((one) => one.kind === kind)).toMatchObject({
      owner: 'team-shop',
      subject: { proxy: 'web-1', service: 'web' },
    });
    faultOf(fleet).clear();
    await observed.lookFor(40 + twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('an Envoy of another version drifts, and gauges of an old one lie after a hot restart', async () => {
    const { fleet, observed } = await begin();
    fleet.faults.versions.set('web-1', '1.13.1');
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual(['VersionDrift']);
    fleet.faults.restarted.add('web-1').add('cart-1');
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual(['GaugeAfterHotRestart', 'VersionDrift']);
    fleet.faults.versions.clear();
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test("an Envoy's certificate that ends today is found, unless it is one of a day", async () => {
    const { fleet, observed } = await begin();
    fleet.faults.daysLeft.set('cart-2', 0);
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual([]);
    fleet.faults.daysLeft.set('cart-1', 1);
    await observed.lookFor(twoLooks);
    fleet.faults.daysLeft.set('cart-1', 0);
    await observed.lookFor(twoLooks);
    expect(observed.ongoing).toEqual([
      expect.objectContaining({
        kind: 'CertificateExpiring',
        evidence: expect.objectContaining({ proxy: 'shop/cart-1' }),
      }),
    ]);
  });

  test('instances that know other endpoints than each other for a minute disagree, and services are named', async () => {
    const { fleet, observed } = await begin();
    await observed.lookFor(30);
    fleet.faults.forgetful.add(1);
    await observed.lookFor(60 + twoLooks);
    expect(observed.ongoing).toEqual([
      expect.objectContaining({
        kind: 'InstancesDisagree',
        owner: 'team-platform',
        evidence: expect.objectContaining({ services: 'cart' }),
      }),
    ]);
    fleet.faults.forgetful.clear();
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('one instance down is found, and Envoys are compared with the other one', async () => {
    const { fleet, observed } = await begin();
    await fleet.stop(0);
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual(['ControlPlaneDown']);
    expect(observed.collector.state!.sync).toMatchObject({ told: { behind: [] } });
    await fleet.restart(0);
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('an hour of changes finds nothing', async () => {
    const { observed } = await begin();
    await observed.lookFor(3600);
    expect(observed.kinds()).toEqual([]);
    expect(observed.collector.state!.pushes).toMatchObject({ told: { meanSeconds: expect.closeTo(0.2) } });
  });
});

describe('Linkerd 2', () => {
  const begin = () =>
    observe(
      (nowSeconds) => new Linkerd2Fleet(nowSeconds, inShop('cart-1', 'web-1', 'web-2')),
      (fleet) => settingsOf({ kind: 'linkerd2', instances: at(...fleet.addresses), proxies: proxiesOf(fleet) }),
    );

  test('a proxy of another version than the newest drifts, and its owner restarts it', async () => {
    const { fleet, observed } = await begin();
    fleet.faults.versions.set('cart-1', '2.350.0');
    await observed.lookFor(twoLooks);
    expect(observed.ongoing).toEqual([
      expect.objectContaining({
        kind: 'VersionDrift',
        owner: 'team-shop',
        summary: '1 of 1 proxies of shop/cart run 2.350.0, and should run 2.366.0',
      }),
    ]);
    fleet.faults.versions.clear();
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('the issuer, and a proxy that could not renew its certificate', async () => {
    const { fleet, observed } = await begin();
    fleet.faults.issuerSecondsLeft = 86_400;
    fleet.faults.secondsLeft.set('web-1', 600);
    await observed.lookFor(twoLooks);
    expect(observed.ongoing.map(({ kind, owner, summary }) => [kind, owner, summary])).toEqual([
      ['CertificateExpiring', 'team-platform', 'the issuer certificate of Linkerd 2 main ends in 24 hours'],
      ['CertificateExpiring', 'team-shop', 'the workload certificate of Linkerd 2 main ends in 10 minutes'],
    ]);
    fleet.faults.issuerSecondsLeft = 300 * 86_400;
    fleet.faults.secondsLeft.clear();
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('a component down, and a destination service that knows fewer clusters', async () => {
    const { fleet, observed } = await begin();
    await fleet.stop(0);
    fleet.faults.forgetful = true;
    await observed.lookFor(60 + twoLooks);
    expect(observed.kinds()).toEqual(['ControlPlaneDown', 'InstancesDisagree']);
    await fleet.restart(0);
    fleet.faults.forgetful = false;
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('what it does not tell is said, and is no zero', async () => {
    const { observed } = await begin();
    await observed.lookFor(3600);
    expect(observed.kinds()).toEqual([]);
    const { sync, pushes, warming } = observed.collector.state!;
    expect(sync).toEqual({ untold: 'its proxies confirm nothing of what they are sent' });
    expect(pushes).toEqual({ untold: expect.stringContaining('measures no way from a change to a proxy') });
    expect(warming).toEqual({ untold: 'it has no Envoys' });
  });
});

describe('Linkerd 1 with Namerd', () => {
  const begin = () =>
    observe(
      (nowSeconds) => new Linkerd1Fleet(nowSeconds, ['node-1', 'node-2']),
      (fleet) =>
        settingsOf({
          kind: 'linkerd1',
          instances: at(...fleet.addresses),
          controllers: at(...fleet.controllers),
          proxies: proxiesOf(fleet),
        }),
    );

  test('a Namerd that is gone is asked about one name, and not waited for by every other', async () => {
    let asked = 0;
    const gone = createServer((request) => {
      if (request.url!.startsWith('/api/1/addr/')) asked += 1;
      request.socket.destroy();
    });
    gone.listen(0, '127.0.0.1');
    await once(gone, 'listening');
    closing.push(() => void gone.close());
    const { port } = gone.address() as AddressInfo;
    const { observed } = await observe(
      (nowSeconds) => new Linkerd1Fleet(nowSeconds, ['node-1', 'node-2']),
      (fleet) =>
        settingsOf({
          kind: 'linkerd1',
          instances: at(...fleet.addresses),
          controllers: at(`127.0.0.1:${port}`),
          proxies: proxiesOf(fleet),
        }),
    );
    await observed.look();
    expect(asked).toBe(1);
  });

  test('a Linkerd that balances over hosts that Namerd does not know any more is out of sync', async () => {
    const { fleet, observed } = await begin();
    await observed.lookFor(120);
    expect(observed.kinds()).toEqual([]);
    fleet.faults.stale.add('node-2');
    await observed.lookFor(40 + 60 + twoLooks);
    expect(observed.ongoing).toEqual([
      expect.objectContaining({
        kind: 'SidecarOutOfSync',
        subject: expect.objectContaining({ proxy: 'node-2', mesh: 'linkerd1' }),
        summary: expect.stringContaining('addresses of /#/io.l5d.consul/dc1/cart'),
      }),
    ]);
    fleet.faults.stale.clear();
    await observed.lookFor(40 + twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('Namerds with other dtabs disagree; one that is down is found, and the other one is asked', async () => {
    const { fleet, observed } = await begin();
    fleet.faults.otherDtab = true;
    await observed.lookFor(60 + twoLooks);
    expect(observed.ongoing).toEqual([
      expect.objectContaining({
        kind: 'InstancesDisagree',
        evidence: expect.objectContaining({ [fleet.controllers[1]!]: '/svc => /#/io.l5d.fs' }),
      }),
    ]);
    fleet.faults.otherDtab = false;
    await observed.lookFor(twoLooks);
    await fleet.stop(0);
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual(['ControlPlaneDown']);
    expect(observed.collector.state!.sync).toMatchObject({ told: { behind: [] } });
    await fleet.restart(0);
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('an hour of changes finds nothing, and the page says that there is no xDS', async () => {
    const { observed } = await begin();
    await observed.lookFor(3600);
    expect(observed.kinds()).toEqual([]);
    expect(observed.collector.state!.pushes).toEqual({ untold: expect.stringContaining('Linkerd 1 has no xDS') });
  });
});

describe('Consul', () => {
  const token = join(folder, 'token');
  const begin = () => {
    writeFileSync(token, 'right');
    return observe(
      () => new ConsulServers(),
      (fleet) =>
        settingsOf({
          kind: 'consul',
          instances: { ...at(...fleet.addresses), access: { authorization: { kind: 'bearer', tokenFile: token } } },
        }),
    );
  };

  test.each([
    ['CertificateExpiring', { rootSecondsLeft: 86_400 }, twoLooks],
    ['InstancesDisagree', { astray: new Set([2]) }, 60 + twoLooks],
    ['ControlPlaneDown', { leaderless: true }, twoLooks],
    ['ControlPlaneForbidden', { token: 'another' }, twoLooks],
  ] as const)('%s', async (kind, faults, seconds) => {
    const { fleet, observed } = await begin();
    await observed.lookFor(30);
    expect(observed.kinds()).toEqual([]);
    const well = { ...fleet.faults };
    Object.assign(fleet.faults, faults);
    await observed.lookFor(seconds);
    expect(observed.kinds()).toEqual([kind]);
    expect(observed.ongoing[0]!.owner).toBe('team-platform');
    Object.assign(fleet.faults, well);
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('one server down is found, and gone when it is back', async () => {
    const { fleet, observed } = await begin();
    await fleet.stop(1);
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual(['ControlPlaneDown']);
    await fleet.restart(1);
    await observed.lookFor(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('only the leader tells of the roots: the NaN of the others is no certificate', async () => {
    const { observed } = await begin();
    await observed.lookFor(15);
    const { certificates } = observed.collector.state!;
    expect('told' in certificates && certificates.told.map(({ name }) => name).sort()).toEqual([
      'agent',
      'root',
      'signing',
    ]);
  });
});
