import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Config } from '../../src/config/config.js';
import type { Finding } from '../../src/domain/finding.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { CurrentSlos } from '../../src/service/current-slos.js';
import { ServiceCatalogue } from '../../src/service/catalog.js';
import { Notices } from '../../src/service/notices.js';
import { createPublishers } from '../../src/service/publishing.js';
import { ConsulApi } from '../../src/simulator/consul-api.js';
import { KubernetesApi } from '../../src/simulator/kubernetes-api.js';
import { HandClock, listen, pod, service, until } from '../catalog/support.js';
import { leastConfig, Workspace } from '../config/workspace.js';

const workspace = new Workspace();
afterEach(() => workspace.remove());

const throwing = (error: unknown): never => {
  throw error;
};

/** A catalogue of services that nobody calls. */
function catalogueOf(config: () => Config, slos: CurrentSlos, clock: HandClock): ServiceCatalogue {
  return new ServiceCatalogue({
    clock,
    slos,
    statuses: () => [],
    traffic: () => [],
    knownUntil: () => clock.time,
    targets: () => [],
    known: () => [],
    config,
    metrics: { add: () => undefined },
    onBug: throwing,
  });
}

test('a service whose pods get their sidecars has its SLOs, rules and dashboard published without anyone doing anything', async () => {
  const clock = new HandClock();
  const kubernetes = new KubernetesApi();
  const pods = '/api/v1/pods';
  kubernetes.put('/api/v1/namespaces', { metadata: { name: 'shop' } });
  kubernetes.put('/api/v1/services', service('cart', {}));
  kubernetes.put(pods, pod('cart-a', { hash: 'before' }));
  const config = workspace.load({
    'meshslo.yaml': `${leastConfig}catalog: { kubernetes: [{ name: prod, url: '${await listen(kubernetes.server)}' }] }
publish: { every: 1d, to: [{ files: { folder: out, contents: [rules, dashboards] } }] }
`,
  }).config!;
  const slos = new CurrentSlos(config.slos);
  const catalogue = catalogueOf(() => config, slos, clock);
  const ledger = Ledger.open(join(workspace.folder, 'ledger.db'));
  const [publisher] = createPublishers({
    config: () => config,
    slos,
    ledger,
    clock,
    metrics: { add: () => undefined },
    notices: new Notices(() => undefined),
    onNotice: () => undefined,
    onBug: throwing,
  });
  const published = async (): Promise<readonly string[]> => {
    for (let second = 0; second < 40; second += 1) {
      clock.time += 1;
      publisher!.look();
      await publisher!.idle();
    }
    const folder = join(workspace.folder, 'out');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const aboutCart = files.filter(({ parentPath, name }) =>
      readFileSync(join(parentPath, name), 'utf8').includes('cart'),
    );
    return aboutCart.map(({ name }) => name.replace(/svc-.*/, 'svc')).sort();
  };
  const owners = async (): Promise<readonly string[]> => {
    const source = catalogue.sources.find(({ name }) => name === 'migration')!;
    const { findings } = await source.look(new AbortController().signal);
    return findings.map(({ kind, owner }) => `${kind} ${owner ?? 'nobody'}`);
  };

  publisher!.start();
  await catalogue.follow();
  await until(() => catalogue.catalog.services().some(({ instances }) => instances.length > 0));
  expect(await published()).toEqual([]);
  expect(await owners()).toEqual(['NoOwner nobody']);

  kubernetes.put(pods, pod('cart-b', { hash: 'after', address: '10.1.0.2', sidecar: 'container' }));
  await until(() => slos.all().length > 0);
  expect(new Set(slos.all().map((slo) => slo.service.name))).toEqual(new Set(['cart']));
  expect(await published()).toEqual(['meshslo-objectives.yaml', 'meshslo-svc']);

  kubernetes.put('/api/v1/services', service('cart', { labels: { owner: 'payments' } }));
  await until(() => catalogue.catalog.services()[0]?.owner === 'payments');
  expect(await owners()).toEqual([]);

  await publisher!.stop();
  await catalogue.stop();
  ledger.close();
  kubernetes.server.closeAllConnections();
  kubernetes.server.close();
});

test('what is found in a registry belongs to whom `owners:` names, whatever the registry says, and after a change of the rules to the next', async () => {
  const clock = new HandClock();
  const consul = new ConsulApi();
  const gateway = { node: 'n', service: 'gateway', port: 80, meta: { owner: 'team-of-the-registry' } };
  consul.register({ ...gateway, id: 'gateway-1', address: '10.0.0.1' });
  const host_statuses = [{ address: { socket_address: { address: '10.0.0.1', port_value: 80 } } }];
  const envoy = createServer((_request, response) =>
    response.end(JSON.stringify({ cluster_statuses: [{ name: 'gateway', host_statuses }] })),
  );
  const [registryUrl, envoyUrl] = [await listen(consul.server), await listen(envoy)];
  const configOf = (owner: string) =>
    workspace.load({
      'meshslo.yaml': `${leastConfig}owners: [{ service: gateway, owner: ${owner} }]
catalog: { consul: [{ name: dc1, url: '${registryUrl}', envoys: ['${new URL(envoyUrl).host}'] }] }
`,
    }).config!;
  let config = configOf('team-edge');
  const catalogue = catalogueOf(() => config, new CurrentSlos(config.slos), clock);
  const late = async (): Promise<readonly Pick<Finding, 'kind' | 'owner'>[]> => {
    const sync = catalogue.sources.find(({ name }) => name === 'registry sync dc1')!;
    const { findings } = await sync.look(new AbortController().signal);
    return findings.map(({ kind, owner }) => ({ kind, owner }));
  };
  const instances = () => catalogue.catalog.services().flatMap((service) => service.instances);

  await catalogue.follow();
  await until(() => instances().length === 1);
  expect(await late()).toEqual([]);
  consul.register({ ...gateway, id: 'gateway-2', address: '10.0.0.2' });
  await until(() => instances().length === 2);
  expect(await late()).toEqual([]);
  clock.time += 35;
  expect(await late()).toEqual([{ kind: 'SlowRegistrySync', owner: 'team-edge' }]);
  config = configOf('team-next');
  await catalogue.follow();
  expect(await late()).toEqual([{ kind: 'SlowRegistrySync', owner: 'team-next' }]);

  // With its last instance the registry forgets that there is such a service.
  consul.deregister('gateway-1');
  consul.deregister('gateway-2');
  await until(() => catalogue.catalog.services().length === 0);
  await late();
  clock.time += 35;
  expect(await late()).toEqual([{ kind: 'SlowRegistrySync', owner: 'team-next' }]);

  consul.close();
  await catalogue.stop();
  for (const server of [consul.server, envoy]) {
    server.closeAllConnections();
    server.close();
  }
});

test('while a portal is waited for, owners are those of before the start; once it is found unreadable, those of whoever can be read', async () => {
  const clock = new HandClock();
  const kubernetes = new KubernetesApi();
  kubernetes.put('/api/v1/services', service('cart', { labels: { owner: 'payments' } }));
  kubernetes.put('/api/v1/pods', pod('cart-a', { sidecar: 'container' }));
  const portal = createServer((_request, response) => response.writeHead(503).end());
  const config = workspace.load({
    'meshslo.yaml': `${leastConfig}catalog:
  kubernetes: [{ name: prod, url: '${await listen(kubernetes.server)}' }]
  backstage: [{ name: portal, url: '${await listen(portal)}' }]
`,
  }).config!;
  const slos = new CurrentSlos(config.slos);
  const catalogue = catalogueOf(() => config, slos, clock);
  await catalogue.follow();
  await until(() => catalogue.catalog.services().length > 0);
  const { id } = catalogue.catalog.services()[0]!;
  slos.remember([{ id, owner: 'team-of-before', tier: 'critical' }]);
  const told = () => [...new Set(slos.all().map(({ owner, tier }) => `${owner} ${tier}`))].join(', ');
  await until(() => told() !== '');
  expect(told()).toBe('team-of-before critical');
  clock.time += config.catalog.thresholds.unreadableSeconds;
  await until(() => told() !== 'team-of-before critical');
  expect(told()).toBe('payments critical');
  await catalogue.stop();
  for (const server of [kubernetes.server, portal]) {
    server.closeAllConnections();
    server.close();
  }
});
