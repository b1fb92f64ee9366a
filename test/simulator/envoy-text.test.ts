import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { envoyText, type StatsQuery } from '../../src/simulator/envoy-text.js';
import { EventLog } from '../../src/simulator/event-log.js';
import { Istiod } from '../../src/simulator/istiod.js';
import { Mesh } from '../../src/simulator/mesh.js';
import { describeWithRecordings } from '../support/programs.js';
import { everyTrouble, smallMesh } from './small-mesh.js';

const everything: StatsQuery = { filter: undefined, usedOnly: false };

/** Names that no recording of this age has. Source of each: istio/istio at 1.24. */
const newerThanRecordings = [
  // security/pkg/server/ca/monitoring.go
  'citadel_server_cert_chain_expiry_timestamp',
  'citadel_server_csr_count',
  'citadel_server_success_cert_issuance_count',
  // pilot/pkg/bootstrap/monitoring.go
  'istiod_uptime_seconds',
  // pilot/pkg/xds/monitoring.go, and the registry's controller
  'pilot_debounce_time',
  'pilot_k8s_endpoints_pending_pod',
  // absent until the first NACK
  'pilot_total_xds_rejects',
];

function busyMesh(): Mesh {
  const mesh = new Mesh(smallMesh({ shares: everyTrouble }, { fillerClusters: 2 }), 1000, 1, new EventLog().write);
  mesh.advance(1120.5);
  return mesh;
}

function textOf(mesh: Mesh, query: StatsQuery = everything): string {
  const pod = mesh.pods.find(({ service }) => service.name === 'cart')!;
  return envoyText(pod.proxy, mesh.nowSeconds, mesh.model, query);
}

function families(text: string): readonly string[] {
  return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);
}

function labelNames(text: string): readonly string[] {
  const line = /^istio_requests_total\{(.*)\}/m.exec(text)![1]!;
  return [...line.matchAll(/(\w+)="/g)].map(([, name]) => name!);
}

describe('what a sidecar prints', () => {
  const text = textOf(busyMesh());

  test('has braces after a name without labels, TYPE for every family once, and no HELP', () => {
    expect(text).toContain('# TYPE envoy_server_uptime gauge\nenvoy_server_uptime{} 120\n');
    expect(new Set(families(text)).size).toBe(families(text).length);
    expect(text).not.toContain('# HELP');
  });

  test('every line is a TYPE or a sample, and the last one ends with a line feed', () => {
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    for (const line of lines) expect(line).toMatch(/^(# TYPE \w+ (counter|gauge|histogram)|\w+\{[^{}]*\} [0-9.e+-]+)$/);
  });

  test('the infinite bucket, the count and the counter of a label set are the same number', () => {
    for (const [, labels, requests] of text.matchAll(/^istio_requests_total\{(.*)\} (\d+)$/gm)) {
      expect(text).toContain(`istio_request_duration_milliseconds_bucket{${labels},le="+Inf"} ${requests}\n`);
      expect(text).toContain(`istio_request_duration_milliseconds_count{${labels}} ${requests}\n`);
    }
  });

  test.each([
    { filter: 'istio_requests_total', only: ['istio_requests_total'], why: 'part of Istio’s own name' },
    { filter: '^server\\.uptime$', only: ['envoy_server_uptime'], why: 'Envoy’s own name has dots' },
    { filter: '^istiocustom\\.istio_build', only: ['istio_build'], why: 'its namespace is not printed' },
    { filter: 'envoy_server_uptime', only: [], why: 'no statistic is called that' },
  ])('the filter $filter leaves $only: $why', ({ filter, only }) => {
    expect(families(textOf(busyMesh(), { filter: new RegExp(filter), usedOnly: false }))).toEqual(only);
  });

  test('usedonly leaves out what was never written', () => {
    const used = textOf(busyMesh(), { filter: undefined, usedOnly: true });
    expect(used).toContain('envoy_server_uptime{}');
    expect(used).not.toMatch(/ 0$(?<!_bucket.*)/m);
  });
});

describeWithRecordings('beside the recordings', (folder) => {
  const recorded = (name: string): string => readFileSync(join(folder, 'istio', name), 'utf8');
  const merged = (): string => recorded('istio-proxy-merged_1.11.4_datadog.prom');

  test('the labels of requests are the recorded ones in the recorded order', () => {
    expect(labelNames(textOf(busyMesh()))).toEqual(labelNames(merged()));
  });

  test('every family of a sidecar was recorded, and comes in the recorded order', () => {
    const real = families(merged());
    const printed = families(textOf(busyMesh()));
    expect(printed.filter((name) => !real.includes(name))).toEqual([]);
    expect(printed).toEqual(real.filter((name) => printed.includes(name)));
  });

  test('every family of istiod was recorded or is known from its source', () => {
    const known = [...families(recorded('istiod_1.5.0_datadog.prom')), ...newerThanRecordings];
    const printed = families(new Istiod(busyMesh()).metrics());
    expect(printed.filter((name) => !known.includes(name))).toEqual([]);
  });

  test('the sync status of a proxy has the recorded fields in the recorded order', () => {
    const real = JSON.parse(recorded('debug-syncz_1.14.1_kiali.json')) as readonly object[];
    const old = new Mesh(smallMesh({}, { istioVersion: '1.14.1' }), 1000, 1, new EventLog().write);
    expect(Object.keys(new Istiod(old).syncz()[0]!)).toEqual(Object.keys(real[0]!));
  });
});
