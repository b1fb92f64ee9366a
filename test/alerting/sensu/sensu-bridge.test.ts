import { afterEach, expect, test } from '@jest/globals';
import { startSensuBridge, type SensuBridge } from '../../../src/alerting/sensu/sensu-bridge.js';
import { sensuEvent } from '../../../src/alerting/sensu/sensu-event.js';
import type { Failure } from '../../../src/domain/failure.js';
import { AnsweringServer } from '../../prometheus/answering-server.js';

const settings = { namespace: 'ops', handlers: ['pager'] };
const labels = {
  alertname: 'ErrorBudgetBurnFast',
  severity: 'page',
  cluster: 'eu-1',
  namespace: 'shop',
  service: 'cart',
  slo: 'latency',
};
const annotations = {
  summary: 'shop/cart latency burns',
  description: '300 of 18,000',
  action: 'Take it back.',
  page_url: 'https://p/',
};

let sensu: AnsweringServer | undefined;
let bridge: SensuBridge | undefined;
afterEach(async () => {
  await bridge?.close();
  await sensu?.close();
  bridge = sensu = undefined;
});

test('a page is critical: the service is the entity, the alert and its SLO the check', () => {
  expect(sensuEvent({ status: 'firing', labels, annotations }, settings, 1000.5)).toEqual({
    timestamp: 1000,
    entity: { entity_class: 'proxy', metadata: { name: 'eu-1.shop.cart', namespace: 'ops' } },
    check: {
      metadata: { name: 'ErrorBudgetBurnFast.latency', namespace: 'ops', labels },
      status: 2,
      output: 'shop/cart latency burns\n300 of 18,000\nTake it back.\nPage: https://p/',
      interval: 60,
      handlers: ['pager'],
    },
  });
});

test.each([
  { status: 'firing' as const, severity: 'ticket', is: 1, why: 'a warning' },
  { status: 'resolved' as const, severity: 'page', is: 0, why: 'well again' },
  { status: 'firing' as const, severity: 'heartbeat', is: 0, why: 'a heart that beats is well' },
])('$severity, $status: $is, $why', ({ status, severity, is }) => {
  const { check } = sensuEvent({ status, labels: { ...labels, severity }, annotations }, settings, 0);
  expect(check.status).toBe(is);
  expect(check.ttl).toBe(severity === 'heartbeat' ? 300 : undefined);
});

test('names that Sensu does not take stay apart', () => {
  const nameOf = (service: string): string =>
    sensuEvent({ status: 'firing', labels: { ...labels, service }, annotations }, settings, 0).entity.metadata.name;
  const names = ['cart', 'cart.a', 'cart a', 'cart/a', 'ünï', 'x'.repeat(4096), `${'x'.repeat(4096)}y`].map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[\w.-]{1,250}$/.test(name))).toEqual([]);
});

interface Taken {
  readonly authorization: string | undefined;
  readonly event: { check: { metadata: { name: string }; status: number } };
}

async function started(statusOf: (count: number) => number): Promise<{ taken: Taken[]; troubles: Failure[] }> {
  const taken: Taken[] = [];
  const troubles: Failure[] = [];
  sensu = await AnsweringServer.start((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text) => void (body += String(text)));
    request.on('end', () => {
      taken.push({ authorization: request.headers.authorization, event: JSON.parse(body) as Taken['event'] });
      response.writeHead(statusOf(taken.length)).end();
    });
  });
  bridge = await startSensuBridge({
    ...settings,
    address: '127.0.0.1',
    port: 0,
    sensuUrl: `${sensu.url}/events`,
    apiKey: 'the-key',
    timeoutSeconds: 60,
    clock: { now: () => 1000, monotonic: () => 0 },
    onTrouble: (failure) => troubles.push(failure),
  });
  return { taken, troubles };
}

async function told(body: string): Promise<number> {
  return (await fetch(bridge!.url, { method: 'POST', body })).status;
}

const message = JSON.stringify({
  version: '4',
  status: 'firing',
  alerts: [
    { status: 'firing', labels, annotations },
    { status: 'resolved', labels: { ...labels, slo: 'availability' }, annotations },
  ],
});

test('a message of two alerts is two events, with the key', async () => {
  const { taken, troubles } = await started(() => 201);
  expect(await told(message)).toBe(200);
  expect(taken.map(({ authorization }) => authorization)).toEqual(['Key the-key', 'Key the-key']);
  expect(taken.map(({ event: { check } }) => [check.metadata.name, check.status])).toEqual([
    ['ErrorBudgetBurnFast.latency', 2],
    ['ErrorBudgetBurnFast.availability', 0],
  ]);
  expect(troubles).toEqual([]);
});

test('what Sensu does not take, Alertmanager has to tell again', async () => {
  const { troubles } = await started((count) => (count === 1 ? 503 : 201));
  expect(await told(message)).toBe(502);
  expect(await told(message)).toBe(200);
  expect(troubles.map(({ code, message: text }) => `${code}: ${text}`)).toEqual([
    'target-status: Sensu answered with status 503',
  ]);
});

test.each(['', 'no JSON', '{}', '{"alerts":[{"status":"gone"}]}', '[]'])('%j is refused for good', async (body) => {
  const { taken } = await started(() => 201);
  expect(await told(body)).toBe(422);
  expect(taken).toEqual([]);
});

test('others than this machine cannot be let in', async () => {
  const open = {
    ...settings,
    address: '0.0.0.0',
    port: 0,
    sensuUrl: 'http://127.0.0.1:9/',
    apiKey: undefined,
    timeoutSeconds: 1,
  };
  const clock = { now: () => 0, monotonic: () => 0 };
  await expect(startSensuBridge({ ...open, clock, onTrouble: () => undefined })).rejects.toMatchObject({
    code: 'bad-arguments',
  });
});
