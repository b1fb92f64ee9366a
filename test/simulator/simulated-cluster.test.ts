import { createServer } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { backstagePlace } from '../../src/catalog/backstage/backstage-place.js';
import { Catalog } from '../../src/catalog/catalog.js';
import { envoySyncSource } from '../../src/catalog/registry/envoy-sync.js';
import { registrySource } from '../../src/catalog/registry/registry-source.js';
import type { Finding } from '../../src/domain/finding.js';
import { demoMesh } from '../../src/simulator/demo-mesh.js';
import { EventLog } from '../../src/simulator/event-log.js';
import { Mesh } from '../../src/simulator/mesh.js';
import { modelFor } from '../../src/simulator/planes/demo-planes.js';
import { SimulatedCluster } from '../../src/simulator/simulated-cluster.js';
import { consulPlace, HandClock, kubernetesPlace, listen, noon, until } from '../catalog/support.js';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** The cluster of the demo under envoy-control, and what looks at its registry; time goes by steps of ten seconds. */
async function world() {
  const clock = new HandClock();
  const mesh = new Mesh({ ...modelFor('envoy', demoMesh(noon)), edges: [] }, noon, 1, new EventLog().write);
  const cluster = new SimulatedCluster('envoy', mesh);
  const { kubernetes, consul, backstage } = await cluster.open();
  const catalog = new Catalog();
  const place = consulPlace(consul!.url, clock, { intervalSeconds: 10, namespace: 'default', envoys: consul!.envoys });
  const pods = kubernetesPlace(kubernetes, clock, { sidecars: new Map([['envoy', 'envoy']]) });
  const from = { kind: 'api' as const, url: backstage, access: {} };
  const portal = backstagePlace({ name: 'portal', from, intervalSeconds: 60 }, clock);
  await catalog.follow([portal, pods, place]);
  await until(() => portal.facts.length > 0);
  ends.push(async () => {
    const stopped = catalog.stop();
    await cluster.close();
    await stopped;
  });
  const ownerOf = (name: string) => catalog.services().find(({ id }) => id.name === name)?.owner;
  const sources = [
    registrySource({ place, catalog, clock, known: () => [] }),
    envoySyncSource({ place, clock, onDelay: () => undefined, ownerOf }),
  ];
  const { signal } = new AbortController();
  const step = async (): Promise<readonly Finding[]> => {
    await until(() => cluster.consul.isAwaited, 'somebody waits for the registry');
    clock.time += 10;
    mesh.advance(clock.time);
    cluster.live();
    await until(() => place.reading?.at === clock.time && pods.state.currentAt !== undefined, 'both are read');
    const looks = await Promise.all(sources.map((source) => source.look(signal)));
    return looks.flatMap(({ findings }) => findings);
  };
  return { step, clock };
}

test('every fault of the registry is found by its name and with its owner when its time comes, and is gone after it', async () => {
  const { step, clock } = await world();
  const found = new Map<string, { from: number; to: number }>();
  while (clock.time < noon + 29 * 60) {
    for (const { kind, owner, subject } of await step()) {
      const name = `${kind} ${subject['service'] ?? ''} ${owner ?? ''}`;
      const at = clock.time - noon;
      found.set(name, { from: found.get(name)?.from ?? at, to: at });
    }
  }
  const ended = [...found]
    .map(([name, { from, to }]) => [name, from, to])
    .sort(([, a], [, b]) => Number(a) - Number(b));
  expect(ended).toEqual([
    // From 90 s until 390 s, told after a minute.
    ['ZombieRegistration cart team-shop', 150, 380],
    ['ReusedAddress search team-shop', 480, 650],
    // Of Envoys that have not learnt for more than 30 s.
    ['SlowRegistrySync catalogue team-shop', 760, 890],
    // From the sixth change of the first minute on, until the sixth last one is ten minutes ago.
    ['RegistryFlapping invoices team-platform', 1020, 1600],
    ['MassDeregistration  platform', 1320, 1550],
  ]);
});

test('a registry that no Envoy follows has no fault of Envoys that follow it late', async () => {
  const faultsOf = async (name: string): Promise<string> => {
    const mesh = new Mesh({ ...modelFor(name, demoMesh(noon)), edges: [] }, noon, 1, new EventLog().write);
    const { faults } = new SimulatedCluster(name, mesh);
    const server = createServer((request, response) => void faults.answer(request, response));
    const url = await listen(server);
    const list = await (await fetch(`${url}/faults`)).text();
    server.closeAllConnections();
    server.close();
    return list;
  };
  expect(await faultsOf('envoy')).toContain('slow-sync');
  const without = await faultsOf('linkerd1');
  expect(without).not.toContain('slow-sync');
  expect(without).toContain('zombie');
});

test('two faults of one API server are two: what is switched off ends, and the other one goes on', async () => {
  const mesh = new Mesh({ ...modelFor('istio', demoMesh(noon)), edges: [] }, noon, 1, new EventLog().write);
  const cluster = new SimulatedCluster('istio', mesh);
  const { kubernetes } = await cluster.open();
  ends.push(() => cluster.close());
  const door = createServer((request, response) => void cluster.faults.answer(request, response));
  const url = await listen(door);
  ends.push(() => new Promise((resolve) => door.close(() => resolve()).closeAllConnections()));
  const switched = (name: string, method: 'PUT' | 'DELETE') => fetch(`${url}/faults/${name}`, { method });
  const pods = async (): Promise<number> => (await fetch(`${kubernetes}/api/v1/pods`)).status;
  const rules = async (): Promise<number> =>
    (await fetch(`${kubernetes}/apis/security.istio.io/v1/peerauthentications`)).status;
  await switched('kubernetes-forbids-rules', 'PUT');
  await switched('kubernetes-forbids-pods', 'PUT');
  expect([await pods(), await rules()]).toEqual([403, 403]);
  await switched('kubernetes-down', 'PUT');
  await switched('kubernetes-forbids-pods', 'DELETE');
  expect([await pods(), await rules()]).toEqual([503, 503]);
  await switched('kubernetes-down', 'DELETE');
  expect([await pods(), await rules()]).toEqual([200, 403]);
  await switched('kubernetes-forbids-rules', 'DELETE');
  expect([await pods(), await rules()]).toEqual([200, 200]);
});
