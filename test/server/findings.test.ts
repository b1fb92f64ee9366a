import { afterEach, describe, expect, test } from '@jest/globals';
import type { MeshEvent } from '../../src/domain/mesh-event.js';
import type { FindingList, FindingView } from '../../src/server/api-types/finding.js';
import type { MeshEventList } from '../../src/server/api-types/mesh-event.js';
import type { ServiceDetail } from '../../src/server/api-types/service-detail.js';
import type { RunningServer } from '../../src/server/start-server.js';
import { keptFinding, MadeUpFindings, madeUpState } from './made-up-findings.js';
import { MadeUpReader, noon, slo, status } from './made-up-reader.js';
import { startMadeUp } from './running.js';

const deploy: MeshEvent = {
  kind: 'deploy',
  at: noon - 600,
  service: { cluster: 'berlin', namespace: 'shop', name: 'checkout' },
  summary: 'checkout went from 1.4.2 to 1.5.0',
  facts: { version: '1.5.0' },
};
const upgrade: MeshEvent = { ...deploy, kind: 'control-plane', service: undefined, summary: 'istiod went to 1.31' };
const other: MeshEvent = { ...deploy, service: { ...deploy.service!, name: 'cart' } };

const findings = [
  keptFinding('behind', { kind: 'MigrationBehind', owner: undefined, subject: { cluster: 'paris' } }),
  keptFinding('zombie'),
  keptFinding('flap', { kind: 'RegistryFlapping', owner: 'search' }),
  keptFinding('over', { resolvedAt: noon - 60 }),
];

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function read<T>(path: string): Promise<T> {
  const reader = new MadeUpReader([status({ slo: slo(), total: 100, bad: 0 })]);
  server ??= await startMadeUp(reader, {
    findings: new MadeUpFindings(findings, [deploy, upgrade, other], madeUpState),
  });
  return (await (await fetch(`${server.url}/api/v1/${path}`)).json()) as T;
}

const ids = async (path: string) => (await read<FindingList>(path)).findings.map(({ id }) => id);

describe('GET /api/v1/findings', () => {
  test('tells what goes on, what matters most first, and who has looked', async () => {
    const { findings: list, total, looks } = await read<FindingList>('findings');
    expect(list.map(({ id, severity }) => [id, severity])).toEqual([
      ['zombie', 'critical'],
      ['flap', 'warning'],
      ['behind', 'info'],
    ]);
    expect(total).toBe(3);
    expect(looks).toEqual([
      { source: 'kubernetes berlin', everySeconds: 15, lookedSeconds: noon, error: null, leftOut: 0 },
      {
        source: 'consul dc1',
        everySeconds: 15,
        lookedSeconds: null,
        error: { code: 'forbidden', message: 'Consul refuses', hint: 'node:read is needed' },
        leftOut: 0,
      },
    ]);
  });

  test.each([
    ['kind=RegistryFlapping', ['flap']],
    ['severity=critical', ['zombie']],
    ['owner=payments', ['zombie']],
    ['owner=', ['behind']],
    ['cluster=paris', ['behind']],
    ['namespace=shop&service=checkout', ['zombie', 'flap']],
    ['state=ended', ['over']],
    [`state=ended&to=${noon - 5000}`, []],
    ['limit=1', ['zombie']],
  ])('?%s', async (query, expected) => {
    expect(await ids(`findings?${query}`)).toEqual(expected);
  });

  test('one is found by its id, also when it is over', async () => {
    expect(await read<FindingView>('findings/over')).toMatchObject({ id: 'over', resolvedSeconds: noon - 60 });
    expect(await read('findings/none')).toMatchObject({ status: 404 });
  });

  test('all mistakes of a question are told at once', async () => {
    expect(await read('findings?kind=Zombie&severity=high&limit=0')).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/kind.*severity.*limit/s),
    });
  });
});

test('GET /api/v1/mesh-events tells of a service what concerns it and its mesh', async () => {
  const events = async (query: string) =>
    (await read<MeshEventList>(`mesh-events?to=${noon}${query}`)).events.map(({ service, kind }) => [service, kind]);
  expect(await events('&id=berlin/shop/checkout')).toEqual([
    ['berlin/shop/checkout', 'deploy'],
    [null, 'control-plane'],
  ]);
  expect(await events('')).toHaveLength(3);
  expect(await events(`&from=${noon - 60}`)).toEqual([]);
});

test('a service has its findings and what happened to it', async () => {
  const { findings: own, events } = await read<ServiceDetail>('services/berlin/shop/checkout');
  expect(own.map(({ id }) => id)).toEqual(['over', 'zombie', 'flap']);
  expect(events.map(({ summary }) => summary)).toEqual([deploy.summary, upgrade.summary]);
});

test('GET /api/v1/status counts them', async () => {
  expect(await read('status')).toMatchObject({ findings: { critical: 1, warning: 1, info: 1 } });
});

test('GET /metrics counts them by kind, owner and cluster, and says who looks', async () => {
  const { findingMetrics } = await import('../../src/server/finding-metrics.js');
  const { Registry } = await import('prom-client');
  const registry = new Registry();
  const metrics = findingMetrics([registry], new MadeUpFindings(findings, [], madeUpState));
  metrics.looked({
    source: 'consul dc1',
    durationSeconds: 2,
    look: undefined,
    trouble: madeUpState.sources[1]!.trouble,
  });
  metrics.read();
  const text = await registry.metrics();
  const lines = [
    'meshslo_findings{kind="ZombieRegistration",severity="critical",owner="payments",cluster="berlin",mesh=""} 1',
    'meshslo_findings{kind="MigrationBehind",severity="info",owner="",cluster="paris",mesh=""} 1',
    'meshslo_finding_source_up{source="kubernetes berlin"} 1',
    'meshslo_finding_source_up{source="consul dc1"} 0',
    `meshslo_finding_last_look_timestamp_seconds{source="kubernetes berlin"} ${noon}`,
    'meshslo_finding_look_duration_seconds_count{source="consul dc1",outcome="forbidden"} 1',
  ];
  for (const line of lines) expect(text).toContain(line);
  expect(text).not.toContain('timestamp_seconds{source="consul');
});
