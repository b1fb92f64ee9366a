import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { AnsweringServer } from '../../src/simulator/answering-server.js';
import { describeWithRecordings } from '../support/programs.js';
import { at, ObservedControlPlane, settingsOf } from './observed-control-plane.js';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Serves texts by path, whatever is asked behind it. */
async function serving(texts: Readonly<Record<string, string>>): Promise<AnsweringServer> {
  const server = new AnsweringServer(({ path }) => (texts[path] === undefined ? undefined : { body: texts[path] }));
  await server.open();
  closing.push(() => server.close());
  return server;
}

function observed(settings: Parameters<typeof settingsOf>[0], now: number): ObservedControlPlane {
  const one = new ObservedControlPlane(settingsOf(settings), { now });
  closing.push(() => one.close());
  return one;
}

describeWithRecordings('recordings of real control planes', (folder) => {
  const recorded = (name: string): string => readFileSync(join(folder, name), 'utf8');

  test('istiod 1.5 with the sync status of 1.14: 34 proxies in sync, drifting, and a release that nobody has read', async () => {
    const server = await serving({
      '/metrics': recorded('istio/istiod_1.5.0_datadog.prom'),
      '/debug/syncz': recorded('istio/debug-syncz_1.14.1_kiali.json'),
    });
    // citadel_server_root_cert_expiry_timestamp 1.900963606e+09
    const one = observed({ kind: 'istio', instances: at(server.address) }, 1_900_963_606 - 86_400);
    await one.lookFor(30);
    const { sync, versions, certificates, instances } = one.collector.state!;
    expect(sync).toEqual({ told: { proxies: [{ type: 'unknown', status: 'synced', count: 34 }], behind: [] } });
    expect(versions).toMatchObject({
      told: { controlPlane: ['1.5.0'], wanted: '1.5.0', proxies: [{ version: '1.14.1' }] },
    });
    expect(certificates).toMatchObject({ told: [{ name: 'root', secondsLeft: 86_370 }] });
    expect(instances).toMatchObject([{ health: 'up', version: '1.5.0', proxies: 5 }]);
    expect(new Set(one.kinds())).toEqual(new Set(['CertificateExpiring', 'UnknownVersion', 'VersionDrift']));
  });

  test('an Envoy of 2023 with its server_info: no certificate, nothing warming, version 1.31', async () => {
    const envoy = await serving({
      '/stats/prometheus': recorded('envoy/stats-prometheus_1.2x_datadog-2023.prom'),
      '/server_info': recorded('envoy/server_info_1.31_datadog.json'),
      '/config_dump': recorded('envoy/config_dump_envoy-gateway.json'),
    });
    const one = observed({ kind: 'envoy-control', proxies: at(envoy.address), wantedVersion: '1.31.0' }, 1_800_000_000);
    await one.lookFor(15);
    const { versions, warming, certificates } = one.collector.state!;
    expect(versions).toMatchObject({ told: { proxies: [{ version: '1.31.0', count: 1 }], drifting: [] } });
    expect(warming).toEqual({ told: { proxies: 1, warming: 0, stuck: 0 } });
    expect(certificates).toEqual({ told: [] });
  });

  test('a Linkerd 2 proxy of 2019 tells neither version nor certificate, and that is no trouble', async () => {
    const proxy = await serving({ '/metrics': recorded('linkerd/proxy_2019-06_control-plane_datadog.prom') });
    const one = observed({ kind: 'linkerd2', instances: at(proxy.address), proxies: at(proxy.address) }, 1_800_000_000);
    await one.lookFor(15);
    expect(one.kinds()).toEqual([]);
    expect(one.collector.state!.versions).toMatchObject({ told: { proxies: [] } });
  });

  test('the administration of a Linkerd 1 of 2018 is read without types', async () => {
    const admin = await serving({
      '/admin/metrics/prometheus': recorded('linkerd1/admin-metrics_2018-03_datadog.txt'),
    });
    const one = observed({ kind: 'linkerd1', instances: at(admin.address) }, 1_800_000_000);
    await one.lookFor(15);
    expect(one.kinds()).toEqual([]);
    expect(one.collector.state!.instances[0]!.memoryBytes).toBeGreaterThan(1_000_000);
  });
});

test.each([
  ['<html>Sign in</html>', 'a page to sign in'],
  ['{"message": "half', 'half of a document'],
  ['[1, null, {"proxy": 7}]', 'a list of something else'],
  ['', 'nothing'],
])('a sync status that is %j is no crash: %s', async (syncz) => {
  const server = await serving({
    '/metrics': 'istio_build{component="pilot",tag="1.24.3"} 1\n',
    '/debug/syncz': syncz,
  });
  const one = observed({ kind: 'istio', instances: at(server.address) }, 1_800_000_000);
  await one.lookFor(30);
  expect(one.kinds()).toEqual([]);
  expect(one.collector.state!.instances[0]!.version).toBe('1.24.3');
});

test.each(['envoy-control', 'linkerd1', 'linkerd2', 'consul', 'istio'] as const)(
  'a %s that answers nonsense everywhere is found down or unknown, and nothing else',
  async (kind) => {
    const server = new AnsweringServer(() => ({ body: [{ nonsense: true }] }));
    await server.open();
    closing.push(() => server.close());
    const all = at(server.address);
    const one = observed({ kind, instances: all, proxies: all, controllers: all }, 1_800_000_000);
    await one.lookFor(60);
    expect(one.kinds().filter((found) => found !== 'ControlPlaneDown')).toEqual([]);
  },
);
