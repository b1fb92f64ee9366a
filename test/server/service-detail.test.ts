import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServiceId } from '../../src/domain/service-id.js';
import type { TimeRange } from '../../src/domain/window.js';
import type { Problem } from '../../src/server/api-types/problem.js';
import type { ServiceDetail } from '../../src/server/api-types/service-detail.js';
import type { RunningServer } from '../../src/server/start-server.js';
import { episode, MadeUpAlerts } from './made-up-alerts.js';
import { MadeUpReader, noon, slo, status, steadily, target } from './made-up-reader.js';
import { startMadeUp } from './running.js';

const hour = 3600;
const checkout = { cluster: 'berlin', namespace: 'shop', name: 'checkout' };
const reader = new MadeUpReader([
  status({ slo: slo({ name: 'latency', owner: 'payments' }), total: 1_000_000, bad: 10 }),
  status({ slo: slo(), total: 1_000_000, bad: 600, recent: steadily(20, 0.02) }),
  status({ slo: slo({ serviceName: '..' }), total: 1_000_000, bad: 10 }),
]);
reader.seen = [
  target({ id: 'a', services: [checkout] }),
  target({ id: 'b', up: false, services: [checkout, { ...checkout, name: 'cart' }] }),
  target({ id: 'c', services: [{ ...checkout, name: 'cart' }] }),
];
const alerts = new MadeUpAlerts([
  episode('now'),
  episode('before', { startedAt: noon - 30 * hour, endedAt: noon - 29 * hour }),
  episode('other', { labels: { cluster: 'berlin', namespace: 'shop', service: 'cart' } }),
]);
let server: RunningServer;

/** Two requests a second in slots of five minutes, as an import leaves them. */
class WideSlots extends MadeUpReader {
  override series(ids: readonly string[], range: TimeRange): ReturnType<MadeUpReader['series']> {
    const points = this.#starts(range).map((at) =>
      at % 300 === 0
        ? { at, seconds: 300, total: 600, bad: 0, coverage: 1 }
        : { at, seconds: 60, total: 0, bad: 0, coverage: undefined },
    );
    return new Map(ids.map((id) => [id, points]));
  }

  override signals(_service: ServiceId, range: TimeRange): ReturnType<MadeUpReader['signals']> {
    const load = { memoryBytes: undefined, connections: undefined, proxies: 0 };
    const signals = { requests: 600, errors: 0, leftOut: 0, latency: undefined, ...load };
    return this.#starts(range).map((at) =>
      at % 300 === 0 ? { at, seconds: 300, signals } : { at, seconds: 0, signals: undefined },
    );
  }

  #starts({ from, to }: TimeRange): readonly number[] {
    return Array.from({ length: (to - from) / 60 }, (_, minute) => from + 60 * minute);
  }
}

beforeAll(async () => {
  server = await startMadeUp(reader, { alerts });
});
afterAll(() => server.close());

async function ask(query = '', path = '/services/berlin/shop/checkout'): Promise<ServiceDetail> {
  const response = await fetch(`${server.url}/api/v1${path}${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as ServiceDetail;
}

describe('GET /api/v1/services/{cluster}/{namespace}/{service}', () => {
  test('knows the first minutes of a range that begins within an imported slot', async () => {
    const wide = new WideSlots(reader.current);
    const other = await startMadeUp(wide, { alerts });
    // Slots begin at noon, noon + 5 min ...: the range begins two minutes after.
    const path = `/services/berlin/shop/checkout?from=${noon - hour + 120}&to=${noon - hour + 600}`;
    const { signals, slos } = (await (await fetch(`${other.url}/api/v1${path}`)).json()) as ServiceDetail;
    await other.close();
    expect(signals.requestsPerSecond).toEqual(Array<number>(8).fill(2));
    expect(slos[0]!.range.total).toEqual(Array<number>(8).fill(120));
  });

  test('gives the last three hours, minute by minute', async () => {
    const { range, slos, signals } = await ask();
    expect(range).toEqual({ fromSeconds: noon - 3 * hour, toSeconds: noon, stepSeconds: 60 });
    expect(signals.requestsPerSecond).toHaveLength(180);
    expect(slos[0]?.range.total).toHaveLength(180);
  });

  test.each([
    { query: `?from=${noon - 7200}&to=${noon - 3600}`, from: noon - 7200, to: noon - 3600, step: 60, why: 'an hour' },
    { query: `?from=${noon - 90}`, from: noon - 120, to: noon, step: 60, why: 'whole minutes' },
    { query: `?to=${noon - 3600}`, from: noon - 4 * hour, to: noon - 3600, step: 60, why: 'three hours before' },
    { query: `?from=${noon - hour}&to=${noon + hour}`, from: noon - hour, to: noon, step: 60, why: 'no future' },
    { query: `?from=${noon - 6 * hour}`, from: noon - 6 * hour, to: noon, step: 300, why: 'at most 300 steps' },
    {
      query: `?from=${noon - 96 * hour}&to=${noon - 95 * hour}`,
      from: noon - 96 * hour,
      to: noon - 95 * hour,
      step: 300,
      why: 'minutes are kept for three days',
    },
  ])('a range of $why', async ({ query, from, to, step }) => {
    const { range, signals } = await ask(query);
    expect(range).toEqual({ fromSeconds: from, toSeconds: to, stepSeconds: step });
    expect(signals.requestsPerSecond).toHaveLength((to - from) / step);
  });

  test('its SLOs come most urgent first, each with its events in every step, and holes where nobody looked', async () => {
    const { slos, gaps, urgency } = await ask(`?from=${noon - 13 * hour}&to=${noon - 11 * hour}`);
    expect(slos.map((each) => each.slo)).toEqual(['availability', 'latency']);
    expect(urgency).toBe('burning');
    expect(slos[0]?.range.total.slice(0, 60).every((total) => total === null)).toBe(true);
    expect(slos[0]?.range.bad.slice(60).every((bad) => bad !== null)).toBe(true);
    expect(gaps).toEqual([{ fromSeconds: noon - 13 * hour, toSeconds: noon - 12 * hour }]);
  });

  test('golden signals: half of the requests within 10 ms, another quarter within 100 ms, the rest within a second', async () => {
    const { signals } = await ask(`?from=${noon - hour}`);
    expect(signals.latency.p50Seconds[0]).toBeCloseTo(0.01, 12);
    // 0.9 lies 0.15 of 0.25 into the bucket from 0.1 to 1.
    expect(signals.latency.p90Seconds[0]).toBeCloseTo(0.1 + (0.9 * 0.15) / 0.25, 12);
    expect(signals.latency.highestBoundSeconds).toBe(1);
    expect(signals.errorRatio[0]).toBeCloseTo(0.02, 2);
    expect(signals.leftOutRatio[0]).toBeCloseTo(0.01 / 1.01, 3);
    expect(signals.memoryBytes[0]).toBe(80_000_000);
    expect(signals.proxies[0]).toBe(2);
  });

  test('what nobody tells is null, and why is said', async () => {
    const { signals } = await ask(`?from=${noon - hour}`);
    expect(new Set(signals.connections)).toEqual(new Set([null]));
    expect(signals.unknown).toEqual({ requests: null, latency: null, memory: null, connections: 'not-told' });
    const unseen = await ask(`?from=${noon - 12.9 * hour}&to=${noon - 12.1 * hour}`);
    expect(unseen.signals.unknown).toEqual({
      requests: 'no-data',
      latency: 'no-data',
      memory: 'no-data',
      connections: 'no-data',
    });
  });

  test('its own proxies, and the alerts of the range', async () => {
    const { proxies, alerts: told } = await ask();
    expect(proxies.map(({ up }) => up)).toEqual([true, false]);
    expect(told.map(({ id }) => id)).toEqual(['now']);
    const yesterday = await ask(`?from=${noon - 40 * hour}&to=${noon - 20 * hour}`);
    expect(yesterday.alerts.map(({ id }) => id)).toEqual(['before']);
  });

  test('breakdown and burn-down are of the SLO that is asked for, else of the most urgent one', async () => {
    expect((await ask()).chosen).toMatchObject({
      slo: 'availability',
      breakdown: { otherBad: 7 },
      burnDown: { stepSeconds: 3600, toSeconds: noon, fromSeconds: noon - 168 * hour, resetsSeconds: [] },
    });
    const { chosen } = await ask('?slo=latency');
    expect(chosen?.slo).toBe('latency');
    expect(chosen?.burnDown.remainingRatio).toHaveLength(169);
  });

  test('a service that no path can hold is found by its id', async () => {
    expect((await ask('?id=berlin/shop/..', '/service')).service).toBe('..');
  });

  test.each([
    { path: '/services/berlin/shop/nobody', status: 404, detail: 'no service' },
    { path: '/services/berlin/shop/checkout?slo=nothing', status: 404, detail: 'no SLO' },
    { path: '/service?id=checkout', status: 400, detail: 'is no id of a service' },
  ])('$path is refused with $status', async ({ path, status: expected, detail }) => {
    const response = await fetch(`${server.url}/api/v1${path}`);
    expect(response.status).toBe(expected);
    const problem = (await response.json()) as Problem;
    expect(problem.detail).toContain(detail);
    expect(problem.hint).toBeDefined();
  });

  test('every mistake is told at once', async () => {
    const response = await fetch(`${server.url}/api/v1/services/berlin/shop/checkout?from=yesterday&to=-1&slo=a&slo=b`);
    expect(response.status).toBe(400);
    const { mistakes } = (await response.json()) as Problem;
    expect(mistakes?.map(({ where }) => where).sort()).toEqual(['?from=', '?slo=', '?to=']);
  });

  test.each([
    { query: `?from=${noon}&to=${noon - 60}`, why: 'an end before its beginning' },
    { query: `?from=${noon + 60}`, why: 'the future' },
    { query: `?from=${noon - 367 * 86_400}`, why: 'more than a year' },
  ])('$why is refused', async ({ query }) => {
    const response = await fetch(`${server.url}/api/v1/services/berlin/shop/checkout${query}`);
    expect(response.status).toBe(400);
  });
});
