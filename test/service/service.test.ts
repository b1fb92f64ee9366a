import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { Clock } from '../../src/domain/clock.js';
import type { SloList } from '../../src/server/api-types/slo.js';
import type { TargetList } from '../../src/server/api-types/target.js';
import type { WatcherView } from '../../src/server/api-types/watcher.js';
import { Service } from '../../src/service/service.js';
import { catchUp, wallTick } from '../../src/simulator/real-time.js';
import { MeshServers } from '../../src/simulator/mesh-servers.js';
import { Mesh } from '../../src/simulator/mesh.js';
import { smallMesh } from '../simulator/small-mesh.js';
import { until } from '../support/until.js';

let shiftSeconds = 0;

/** The real time, moved forward so that a minute ends some seconds from now: the test need not wait for a whole one. */
function clockBeforeMinute(secondsLeft: number): Clock {
  const now = (): number => Date.now() / 1000 + shiftSeconds;
  shiftSeconds += 120 - secondsLeft - (now() % 60);
  return { now, monotonic: () => performance.now() / 1000 };
}

describe('a service on its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-service-'));
  const mesh = new Mesh(smallMesh({ shares: { 'server-error': 0.1 } }), wallTick(), 3, () => undefined);
  const servers = new MeshServers(mesh, () => catchUp(mesh));
  let discovery: Server;
  let discovered = 0;

  let running: Service | undefined;

  const start = async (config: Config, secondsLeft = 4): Promise<Service> => {
    running = await Service.start({
      config,
      clock: clockBeforeMinute(secondsLeft),
      uiFolder: folder,
      version: 'test',
      onNotice: () => undefined,
      onBug: (error) => {
        throw error;
      },
    });
    return running;
  };
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = undefined;
  };
  const config = (change = (text: string) => text): Config => {
    const file = join(folder, 'meshslo.yaml');
    const { port } = discovery.address() as AddressInfo;
    writeFileSync(
      file,
      change(`cluster: test
listen: { port: 0 }
ledger: ledger.db
scrape:
  interval: 1s
  timeout: 1s
  jobs: [{ name: sidecars, mesh: istio, targets: [{ http_sd: { url: 'http://127.0.0.1:${port}/', refresh: 5s } }] }]
`),
    );
    const { config: loaded, diagnostics } = loadConfig(file);
    if (!loaded) throw new Error(JSON.stringify(diagnostics));
    return loaded;
  };

  beforeAll(async () => {
    await servers.reconcile();
    discovery = createServer((_request, response) => {
      discovered += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(servers.targets()));
    });
    await new Promise<void>((resolve) => discovery.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    await servers.close();
    discovery.closeAllConnections();
    discovery.close();
  });

  // Whatever a test came to, the next one finds the ledger free.
  afterEach(stop);

  async function get<T>(service: Service, path: string): Promise<T> {
    return (await (await fetch(service.url + path)).json()) as T;
  }

  test('counts what it scrapes, shows it, and goes on with the same ledger after a restart', async () => {
    const service = await start(config());
    await until(async () => (await get<{ ready: boolean }>(service, '/readyz')).ready);
    const availabilityOf = async (one: Service) => {
      const { slos } = await get<SloList>(one, '/api/v1/slos');
      return slos.find(({ id }) => id === 'test/shop/cart/availability');
    };
    // A busy machine may not have scraped twice before the first minute ends: then it is in the next one.
    await until(async () => (await availabilityOf(service))!.events.total > 0);
    const availability = await availabilityOf(service);
    await until(async () => {
      const { targets } = await get<TargetList>(service, '/api/v1/targets');
      return targets.length === 4 && targets.every(({ up, mesh: name }) => up && name === 'istio');
    });
    expect(await (await fetch(`${service.url}/metrics`)).text()).toContain('meshslo_scrape_duration_seconds');
    await stop();

    const again = await start(config());
    expect(again.countedUntilBefore).toBeDefined();
    const kept = await availabilityOf(again);
    expect(kept!.events.total).toBeGreaterThanOrEqual(availability!.events.total);
    expect((await get<WatcherView>(again, '/api/v1/status')).countedUntilSeconds).not.toBeNull();
  });

  test('takes up another configuration without a new start, and stays where it listens', async () => {
    const service = await start(config());
    await until(async () => (await get<SloList>(service, '/api/v1/slos')).slos.length > 0);
    await service.reconfigure(config((text) => `${text}owners: [{ owner: team-shop }]\n`));
    const { slos } = await get<SloList>(service, '/api/v1/slos');
    expect(new Set(slos.map(({ owner }) => owner))).toEqual(new Set(['team-shop']));
    const before = discovered;
    await service.reconfigure(config((text) => text.replace('port: 0', 'port: 8081')));
    expect(discovered).toBeGreaterThanOrEqual(before);
    expect((await get<SloList>(service, '/api/v1/slos')).slos).toHaveLength(slos.length);
  });

  test('leaves nothing running and the ledger free when its port is taken', async () => {
    const { port } = discovery.address() as AddressInfo;
    const taken = config((text) => text.replace('port: 0', `port: ${port}`));
    await expect(start(taken)).rejects.toMatchObject({ code: 'address-in-use' });
    await start(config());
  });
});
