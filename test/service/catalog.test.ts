import { createServer } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import type { Finding } from '../../src/domain/finding.js';
import { CurrentSlos } from '../../src/service/current-slos.js';
import { ServiceCatalogue } from '../../src/service/catalog.js';
import { ConsulApi } from '../../src/simulator/consul-api.js';
import { HandClock, listen, until } from '../catalog/support.js';
import { leastConfig, Workspace } from '../config/workspace.js';

const workspace = new Workspace();
afterEach(() => workspace.remove());

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
  const config = (owner: string) =>
    workspace.load({
      'meshslo.yaml': `${leastConfig}owners: [{ service: gateway, owner: ${owner} }]
catalog: { consul: [{ name: dc1, url: '${registryUrl}', envoys: ['${new URL(envoyUrl).host}'] }] }
`,
    }).config!;
  const before = config('team-edge');
  const catalogue = new ServiceCatalogue({
    clock,
    slos: new CurrentSlos(before.slos),
    statuses: () => [],
    traffic: () => [],
    known: () => [],
    config: before,
    metrics: { add: () => undefined },
    onBug: (error) => {
      throw error;
    },
  });
  const late = async (): Promise<readonly Pick<Finding, 'kind' | 'owner'>[]> => {
    const sync = catalogue.sources.find(({ name }) => name === 'registry sync dc1')!;
    const { findings } = await sync.look(new AbortController().signal);
    return findings.map(({ kind, owner }) => ({ kind, owner }));
  };
  const instances = () => catalogue.catalog.services().flatMap((service) => service.instances);

  await catalogue.follow(before);
  await until(() => instances().length === 1);
  expect(await late()).toEqual([]);
  consul.register({ ...gateway, id: 'gateway-2', address: '10.0.0.2' });
  await until(() => instances().length === 2);
  expect(await late()).toEqual([]);
  clock.time += 35;
  expect(await late()).toEqual([{ kind: 'SlowRegistrySync', owner: 'team-edge' }]);
  await catalogue.follow(config('team-next'));
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
