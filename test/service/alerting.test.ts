import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { WatcherView } from '../../src/server/api-types/watcher.js';
import { Service } from '../../src/service/service.js';
import { describeWith } from '../support/programs.js';
import { RealAlertmanager } from '../support/real-alertmanager.js';
import { until } from '../support/until.js';

describeWith('prometheus-alertmanager', 'a service with an Alertmanager', (program) => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-alerting-'));
  const notices: string[] = [];
  let alertmanager: RealAlertmanager;
  let service: Service;

  const config = (alertmanagers: readonly string[]): Config => {
    const file = join(folder, 'meshslo.yaml');
    const urls = alertmanagers.map((url) => `{ url: '${url}' }`).join(', ');
    writeFileSync(
      file,
      `cluster: test
listen: { port: 0 }
ledger: ledger.db
scrape: { jobs: [{ name: none, mesh: istio, targets: [{ static: ['127.0.0.1:9'] }] }] }
alerting: { alertmanagers: [${urls}] }
links: { page: 'https://meshslo.example/' }
`,
    );
    const { config: loaded, diagnostics } = loadConfig(file);
    if (!loaded) throw new Error(JSON.stringify(diagnostics));
    return loaded;
  };
  const alerting = async (): Promise<WatcherView['alerting']> =>
    ((await (await fetch(`${service.url}/api/v1/status`)).json()) as WatcherView).alerting;

  beforeAll(async () => {
    alertmanager = await RealAlertmanager.start(program);
    service = await Service.start({
      config: config([alertmanager.url]),
      clock: { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 },
      uiFolder: folder,
      version: 'test',
      onNotice: (notice) => notices.push(notice),
      onBug: (error) => {
        throw error;
      },
    });
  });

  afterAll(async () => {
    await service.stop();
    await alertmanager.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('tells it from the start on that it is alive', async () => {
    await until(async () => (await alertmanager.alerts()).length > 0);
    expect(await alertmanager.alerts()).toMatchObject([
      {
        labels: { alertname: 'MeshsloWatchdog', severity: 'heartbeat', cluster: 'test', watcher: 'meshslo' },
        generatorURL: 'https://meshslo.example',
      },
    ]);
    expect((await alerting()).alertmanagers).toMatchObject([{ url: alertmanager.url, error: null, waiting: 0 }]);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain(`meshslo_notifications_total{alertmanager="${alertmanager.url}",outcome="ok"}`);
  });

  test('takes up another list of Alertmanagers, and tells an operator of one that is not there', async () => {
    const dead = 'http://127.0.0.1:9';
    await service.reconfigure(config([dead]));
    await until(async () => (await alerting()).alertmanagers[0]?.error?.code === 'target-unreachable');
    await service.reconfigure(config([dead, alertmanager.url]));
    await until(async () => (await alerting()).alertmanagers[1]?.waiting === 0);
    expect(notices).toContain(`Alertmanager ${dead}: connection refused; it is tried again`);
  });
});
