import { afterEach, describe, expect, test } from '@jest/globals';
import type { Look } from '../../src/domain/finding-source.js';
import { seededRandom } from '../../src/simulator/random.js';
import { registration, RegistryWorld } from './registry-world.js';
import { until } from './support.js';

let world: RegistryWorld;
afterEach(() => world.stop());

const told = ({ findings }: Look) => findings.map(({ kind, subject, owner }) => [kind, subject['service'], owner]);

/** Looks at the age threshold of a minute (four polls of 15 s) and two polls later. */
async function twoPollsAfterAge(): Promise<Look> {
  for (let poll = 0; poll < 4; poll += 1) await world.step();
  await world.step();
  return world.step();
}

describe('a registry', () => {
  test('whose pods come and go for an hour has no finding', async () => {
    world = await RegistryWorld.start({ cart: 4, stock: 6, mail: 3, search: 7 });
    const random = seededRandom(7);
    const findings: unknown[] = [];
    for (let minute = 0; minute < 240; minute += 1) {
      const { pods } = world;
      // A pod goes and another comes, sometimes at the address of the one before; checks fail now and then.
      if (random() < 0.5) {
        const gone = pods[Math.floor(random() * pods.length)]!;
        world.stopPod(gone);
        world.startPod(gone.app, random() < 0.3 ? gone.address : undefined);
      }
      if (random() < 0.05) {
        const { name } = world.pods[Math.floor(random() * world.pods.length)]!;
        world.consul.check(name, 'critical');
        findings.push(...(await world.step()).findings);
        world.consul.check(name, 'passing');
      }
      findings.push(...(await world.step()).findings);
    }
    expect(findings).toEqual([]);
  });

  test('that keeps an instance whose pod is gone: named with its owner after a minute, gone when it is deregistered', async () => {
    world = await RegistryWorld.start({ cart: 3, stock: 3 });
    expect((await world.step()).findings).toEqual([]);
    const [zombie] = world.pods;
    world.stopPod(zombie!, false);
    expect((await world.step()).findings).toEqual([]);
    const look = await twoPollsAfterAge();
    expect(told(look)).toEqual([['ZombieRegistration', 'cart', 'team-cart']]);
    expect(look.findings[0]).toMatchObject({
      subject: { cluster: 'eu', namespace: 'shop', registry: 'consul dc1', address: `${zombie!.address}:8080` },
      summary: expect.stringMatching(/no pod has had this address for 2 minutes, and its checks still pass/),
    });
    world.consul.deregister(zombie!.name);
    const repaired = await world.step();
    expect(repaired.findings).toEqual([]);
    expect(repaired.judged).toContain('ZombieRegistration');
  });

  test('an instance outside Kubernetes is no zombie: nobody says that it should have a pod', async () => {
    world = await RegistryWorld.start({ cart: 2 });
    world.consul.register({ node: 'vm-1', id: 'oracle', service: 'oracle', address: '192.0.2.7', port: 1521 });
    expect((await twoPollsAfterAge()).findings).toEqual([]);
    expect(world.catalog.service({ cluster: 'eu', namespace: 'vms', name: 'oracle' })?.instances).toHaveLength(1);
  });

  test('an instance that says which pod it is needs no pod to have been seen', async () => {
    world = await RegistryWorld.start({ cart: 2 });
    const meta = { 'pod-name': 'cart-gone', 'k8s-namespace': 'shop' };
    world.consul.register({ node: 'n', id: 'cart-gone', service: 'cart', address: '10.9.9.9', port: 80, meta });
    expect(told(await twoPollsAfterAge())).toEqual([['ZombieRegistration', 'cart', 'team-cart']]);
  });

  test('whose address belongs to another workload now: named as such, gone after repair', async () => {
    world = await RegistryWorld.start({ cart: 3, stock: 3 });
    await world.step();
    const [old] = world.pods;
    world.stopPod(old!, false);
    world.startPod('stock', old!.address);
    const look = await twoPollsAfterAge();
    expect(told(look)).toEqual([['ReusedAddress', 'cart', 'team-cart']]);
    expect(look.findings[0]!.summary).toMatch(/requests for cart at .* reach pod shop\/stock-abc-\d+ of stock/);
    world.consul.deregister(old!.name);
    expect((await world.step()).findings).toEqual([]);
  });

  test('whose names are not those of Kubernetes is no trouble by itself', async () => {
    world = await RegistryWorld.start({ cart: 3 });
    for (const one of world.pods) {
      world.consul.deregister(one.name);
      world.consul.register({ ...registration(one), service: 'shop-cart' });
    }
    expect((await twoPollsAfterAge()).findings).toEqual([]);
  });

  test('that loses a third at once raises the alarm and accuses nobody else, until they are back', async () => {
    world = await RegistryWorld.start({ cart: 10, stock: 10 });
    await world.step();
    const lost = world.pods.slice(0, 8);
    for (const { name } of lost) world.consul.deregister(name);
    const look = await world.step();
    expect(told(look)).toEqual([['MassDeregistration', undefined, 'platform']]);
    expect(look.findings[0]!.summary).toBe('8 of 20 instances left consul dc1 at once');
    expect(look.judged).not.toContain('ZombieRegistration');
    for (const one of lost) world.consul.register(registration(one));
    const repaired = await world.step();
    expect([repaired.findings, repaired.judged.includes('MassDeregistration')]).toEqual([[], true]);
  });

  test('that loses a third one by one over an hour is none that is ill', async () => {
    world = await RegistryWorld.start({ cart: 10, stock: 10 });
    const findings: unknown[] = [];
    for (let gone = 0; gone < 8; gone += 1) {
      world.stopPod(world.pods[0]!);
      for (let poll = 0; poll < 30; poll += 1) findings.push(...(await world.step()).findings);
    }
    expect(findings).toEqual([]);
  });

  test('in which one instance comes and goes: six changes in ten minutes are too many, and are over ten minutes later', async () => {
    world = await RegistryWorld.start({ cart: 3 });
    const [flapping] = world.pods;
    let look = await world.step();
    for (let change = 0; change < 6; change += 1) {
      world.consul.check(flapping!.name, change % 2 === 0 ? 'critical' : 'passing');
      look = await world.step();
    }
    expect(told(look)).toEqual([['RegistryFlapping', 'cart', 'team-cart']]);
    expect((await world.step(601)).findings).toEqual([]);
  });
});

describe('Consul', () => {
  test('is asked with the index that it gave, and from the beginning where that went backwards', async () => {
    world = await RegistryWorld.start({ cart: 1 });
    await world.step();
    await until(() => world.consul.isAwaited);
    world.consul.goBack();
    await until(() => world.consul.asked.length >= 4);
    await world.step();
    const indices = world.consul.asked.map((index) => (index === '' ? 'none' : Number(index) >= 100 ? 'high' : 'low'));
    expect(indices[0]).toBe('none');
    expect(indices.join(' ')).toMatch(/high none low$/);
  });

  test('that has put a proxy beside an instance knows its service in the mesh of Envoys', async () => {
    world = await RegistryWorld.start({ cart: 1 });
    const { consul, place, clock } = world;
    const meshes = () => place.facts.flatMap(({ name, mesh }) => (name.startsWith('oracle') ? [[name, mesh]] : []));
    const oracle = { node: 'vm-1', address: '10.9.0.1', port: 80 };
    const read = async (isSo: () => boolean): Promise<void> => {
      clock.time += 15;
      consul.tick(clock.time);
      await until(isSo);
    };
    consul.register({ ...oracle, id: 'oracle-1', service: 'oracle' });
    await read(() => meshes().length > 0);
    expect(meshes()).toEqual([['oracle', undefined]]);
    consul.register({ ...oracle, id: 'oracle-1-proxy', service: 'oracle-sidecar-proxy', proxyOf: 'oracle' });
    await read(() => meshes()[0]?.[1] !== undefined);
    expect(meshes()).toEqual([['oracle', 'envoy']]);
  });

  test.each(['from-token', 'from-nobody'] as const)(
    'that hides everything (%s) is none from which all have gone',
    async (hides) => {
      world = await RegistryWorld.start({ cart: 6 });
      await world.step();
      await until(() => world.consul.isAwaited);
      world.consul.faults = { hides };
      world.clock.time += 15;
      world.consul.tick(world.clock.time);
      await until(() => world.place.state.trouble !== undefined);
      expect(world.place.state.trouble).toMatchObject({
        code: 'forbidden',
        hint: expect.stringMatching(/service:read/),
      });
      expect(world.place.reading?.instances).toHaveLength(6);
    },
  );

  test('that refuses leaves what was known, says what to configure, and no zombie is judged', async () => {
    world = await RegistryWorld.start({ cart: 3 });
    await world.step();
    world.consul.faults = { token: 'right' };
    world.stopPod(world.pods[0]!, false);
    world.clock.time += 15;
    world.consul.tick(world.clock.time);
    await until(() => world.place.state.trouble !== undefined);
    expect(world.place.state.trouble).toMatchObject({ code: 'forbidden', hint: expect.stringMatching(/service:read/) });
    expect(world.catalog.service({ cluster: 'eu', namespace: 'shop', name: 'cart' })).toBeDefined();
    world.consul.faults = { isTruncated: true };
    await until(() => world.place.state.trouble?.code === 'body-malformed');
    world.consul.faults = {};
    await until(() => world.place.state.trouble === undefined);
  });
});
