import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Problem } from '../../src/server/api-types/problem.js';
import type { ServiceList } from '../../src/server/api-types/service.js';
import type { SloDetail, SloList } from '../../src/server/api-types/slo.js';
import type { TargetList } from '../../src/server/api-types/target.js';
import { Failure } from '../../src/domain/failure.js';
import type { WatcherView } from '../../src/server/api-types/watcher.js';
import type { RunningServer } from '../../src/server/start-server.js';
import { MadeUpReader, noon, slo, status, steadily, target } from './made-up-reader.js';
import { startMadeUp } from './running.js';

const hostile = '<img src=x onerror="alert(1)">/..%2F\'"\u202e\u0000é';
const long = 'n'.repeat(4096);

const reader = new MadeUpReader([
  status({ slo: slo({ serviceName: 'fine', owner: undefined }), total: 1_000_000, bad: 10, imported: 400_000 }),
  status({ slo: slo({ serviceName: 'silent' }), total: 0, bad: 0, coverage: 0 }),
  status({ slo: slo(), total: 1_000_000, bad: 600, recent: steadily(20, 0.02) }),
  status({ slo: slo({ serviceName: hostile }), total: 1_000_000, bad: 10 }),
  status({ slo: slo({ serviceName: long }), total: 1_000_000, bad: 10 }),
  status({ slo: slo({ serviceName: '..' }), total: 1_000_000, bad: 10 }),
]);
const bugs: unknown[] = [];
let server: RunningServer;

beforeAll(async () => {
  server = await startMadeUp(reader, { onBug: (error) => bugs.push(error) });
});
afterAll(() => server.close());

async function get<T>(path: string): Promise<T> {
  const response = await fetch(server.url + path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

async function problem(path: string, options: RequestInit = {}): Promise<Problem> {
  const response = await fetch(server.url + path, options);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const said = (await response.json()) as Problem;
  expect(said.status).toBe(response.status);
  return said;
}

describe('GET /api/v1/slos', () => {
  test('lists every SLO, most urgent first, with state, budget, burn rates and coverage', async () => {
    const { slos } = await get<SloList>('/api/v1/slos');
    expect(slos).toHaveLength(6);
    expect(slos[0]).toMatchObject({
      id: 'berlin/shop/checkout/availability',
      urgency: 'burning',
      state: 'met',
      budget: { allowedEvents: 1000, spentRatio: 0.6, remainingRatio: 0.4 },
      events: { total: 1_000_000, bad: 600, coverage: 1, goodRatio: 0.9994 },
      pace: { windowSeconds: 3600 },
    });
    expect(slos[0]?.burnRates.map(({ windowSeconds }) => windowSeconds)).toEqual([
      300, 1800, 3600, 21_600, 86_400, 259_200,
    ]);
  });

  test('what is unknown is null: never absent, never NaN, never zero', async () => {
    const { slos } = await get<SloList>('/api/v1/slos?service=silent');
    expect(slos).toHaveLength(1);
    expect(slos[0]).toMatchObject({
      state: 'no-data',
      budget: null,
      pace: null,
      lastObservedSeconds: null,
      events: { goodRatio: null },
    });
    expect(slos[0]?.burnRates[0]?.burnRate).toBeNull();
  });

  test.each([
    { query: 'service=checkout', names: ['checkout'], why: 'by service' },
    { query: 'owner=payments&state=no-data', names: ['silent'], why: 'all filters must fit' },
    { query: 'urgency=burning', names: ['checkout'], why: 'by urgency' },
    { query: 'owner=', names: [], why: 'nobody is called nothing' },
  ])('filters $why', async ({ query, names }) => {
    const { slos } = await get<SloList>(`/api/v1/slos?${query}`);
    expect(slos.map(({ service }) => service)).toEqual(names);
  });

  test('a filter that is given twice is a mistake that is named', async () => {
    expect(await problem('/api/v1/slos?owner=a&owner=b')).toMatchObject({
      type: 'urn:meshslo:bad-arguments',
      status: 400,
      detail: '?owner= may be given once',
    });
  });
});

describe('GET /api/v1/slos/{cluster}/{namespace}/{service}/{slo}', () => {
  test('gives the last day in steps of five minutes, with its gap, and what the bad events were', async () => {
    const detail = await get<SloDetail>('/api/v1/slos/berlin/shop/checkout/availability');
    expect(detail.series).toMatchObject({ fromSeconds: noon - 86_400, toSeconds: noon, stepSeconds: 300 });
    expect(detail.series.points).toHaveLength(288);
    expect(detail.series.points.filter(({ total }) => total === null)).toHaveLength(12);
    expect(detail.breakdown.rows[0]).toEqual({
      caller: 'frontend',
      callerCluster: 'berlin',
      version: 'v2',
      method: '',
      flags: 'URX',
      code: '503',
      bad: 812,
    });
    expect(detail.breakdown.otherBad).toBe(7);
  });

  test.each([
    { range: '1h', stepSeconds: 60, points: 60 },
    { range: '30d', stepSeconds: 10_800, points: 240 },
    { range: 'window', stepSeconds: 10_800, points: 240 },
    { range: '366d', stepSeconds: 86_400, points: 366 },
  ])('a range of $range comes in $points points', async ({ range, stepSeconds, points }) => {
    const { series } = await get<SloDetail>(`/api/v1/slos/berlin/shop/checkout/availability?range=${range}`);
    expect(series.stepSeconds).toBe(stepSeconds);
    expect(series.points.length).toBe(points);
  });

  test.each(['1y', '-1h', '59s', '367d', '', 'NaN', '9'.repeat(400) + 'd'])(
    'a range of "%.12s" is refused',
    async (range) => {
      const said = await problem(`/api/v1/slos/berlin/shop/checkout/availability?range=${range}`);
      expect(said).toMatchObject({ status: 400, hint: expect.stringContaining('24h') });
    },
  );

  test.each([
    { name: hostile, why: 'markup, slashes and control characters' },
    { name: long, why: 'four thousand characters' },
  ])('a service may be called anything: $why', async ({ name }) => {
    const { slos } = await get<SloList>(`/api/v1/slos?service=${encodeURIComponent(name)}`);
    expect(slos[0]?.service).toBe(name);
    const detail = await get<SloDetail>(`/api/v1/slos/berlin/shop/${encodeURIComponent(name)}/availability`);
    expect(detail.slo.service).toBe(name);
  });

  test.each([hostile, long, '..', 'checkout'])('"%.12s" is found by its id, too', async (name) => {
    const { slos } = await get<SloList>(`/api/v1/slos?service=${encodeURIComponent(name)}`);
    const detail = await get<SloDetail>(`/api/v1/slo?range=1h&id=${encodeURIComponent(slos[0]!.id)}`);
    expect(detail.slo).toEqual(slos[0]);
    expect((await problem('/api/v1/slo')).status).toBe(404);
  });

  test('an SLO that does not exist is said so', async () => {
    expect(await problem('/api/v1/slos/berlin/shop/checkout/none')).toMatchObject({ status: 404, title: 'not found' });
  });

  test('a path that is no text is the client’s mistake', async () => {
    expect((await problem('/api/v1/slos/a/b/%ff/d')).status).toBe(400);
    expect(bugs).toEqual([]);
  });
});

describe('the other resources', () => {
  test('services carry their most urgent state and their traffic, with holes where nobody looked', async () => {
    const { services, trafficFromSeconds, trafficStepSeconds } = await get<ServiceList>('/api/v1/services');
    const checkout = services.find(({ service }) => service === 'checkout')!;
    expect(checkout).toMatchObject({ owner: 'payments', slos: 1, urgency: 'burning', coverage: 1 });
    expect(checkout.worst).toMatchObject({ slo: 'availability', state: 'met', remainingRatio: 0.4 });
    expect([trafficFromSeconds, trafficStepSeconds]).toEqual([noon - 36 * 300, 300]);
    expect(checkout.traffic[9]).toBeNull();
    expect(checkout.traffic[0]).toBe(25.9); // 20 + 6 sin(8) = 25.936
    expect(checkout.traffic[2]).toBe(24.1); // 20 + 6 sin(2 / 3 + 8) = 24.136, over the two minutes that were observed
  });

  test('targets say whether they answer, and why not', async () => {
    const failure = { code: 'target-timeout', message: 'no answer within 10 s', hint: 'raise scrape.timeout' } as const;
    const silent = target({ labels: { pod: hostile }, up: false, lastSuccessAt: undefined, failure });
    reader.seen = [
      silent,
      { ...silent, up: undefined, lastScrapeAt: undefined, failure: undefined },
      target({ badLines: 3, duplicates: 2, unreadable: 1, unmeasured: ['eu1/shop/cart/latency'], refusedServices: 9 }),
    ];
    const { targets } = await get<TargetList>('/api/v1/targets');
    expect(targets[0]).toMatchObject({
      up: false,
      labels: { pod: hostile },
      bodyBytes: null,
      badLines: null,
      refusedServices: null,
      error: failure,
    });
    expect(targets[1]).toMatchObject({ up: null, lastScrapeSeconds: null, error: null });
    expect(targets[2]).toMatchObject({ up: true, badLines: 3, duplicates: 2, unreadable: 1, bodyBytes: 600_000 });
    expect(targets[2]).toMatchObject({ unmeasured: ['eu1/shop/cart/latency'], refusedServices: 9 });
    expect(await get<WatcherView>('/api/v1/status')).toMatchObject({
      targets: { up: 1, down: 1, unknown: 1 },
      targetsOverServiceLimit: 1,
    });
  });

  test('status tells what was lost, which lists are broken, and what was refused', async () => {
    const failure = { code: 'file-unreadable', message: 'targets.json: not there', hint: undefined } as const;
    reader.watcher = {
      ...reader.watcher,
      gaps: [{ from: noon - 7200, to: noon - 3600 }],
      unseen: { processes: 3, seconds: 21 },
      places: [
        { job: 'istio', kind: 'file', place: 'targets.json', targets: 4, lastSuccessAt: noon - 90, failure },
        { job: 'istio', kind: 'static', place: 'static targets', targets: 1, lastSuccessAt: noon, failure: undefined },
      ],
      refusedServices: 12,
      refusedConfiguration: { at: noon - 60, mistakes: 2 },
    };
    expect(await get<WatcherView>('/api/v1/status')).toMatchObject({
      lossesSinceSeconds: noon - 3 * 86_400,
      gaps: [{ fromSeconds: noon - 7200, toSeconds: noon - 3600 }],
      unseen: { processes: 3, seconds: 21 },
      places: [
        {
          kind: 'file',
          place: 'targets.json',
          targets: 4,
          lastSuccessSeconds: noon - 90,
          error: { code: 'file-unreadable', hint: null },
        },
        { place: 'static targets', targets: 1, error: null },
      ],
      refusedServices: 12,
      refusedConfiguration: { sinceSeconds: noon - 60, mistakes: 2 },
    });
  });

  test('status tells how alerts are told', async () => {
    const refused = new Failure('target-status', 'answered with status 401', { hint: 'check its token or password' });
    const health = { url: 'http://am-0:9093', lastSuccessAt: noon, failure: undefined, refused: undefined, waiting: 0 };
    reader.watcher = {
      ...reader.watcher,
      alerting: {
        firing: { pages: 1, tickets: 2 },
        inhibited: 3,
        lastLookAt: noon - 5,
        failure: undefined,
        unsaved: { episodes: 4, failure: new Failure('disk-full', 'the disk is full') },
        alertmanagers: [
          { ...health, troubleSince: undefined, troubleSeconds: 0 },
          {
            url: 'http://am-1:9093',
            lastSuccessAt: undefined,
            failure: refused,
            refused: { alerts: 2, reason: 'no' },
            troubleSince: noon - 60,
            troubleSeconds: 60,
            waiting: 7,
          },
        ],
      },
    };
    const well = { lastSuccessSeconds: noon, troubleSinceSeconds: null, error: null, refused: 0, waiting: 0 };
    const { code, message, hint } = refused;
    expect((await get<WatcherView>('/api/v1/status')).alerting).toEqual({
      pages: 1,
      tickets: 2,
      inhibited: 3,
      lastLookSeconds: noon - 5,
      error: null,
      unsaved: 4,
      alertmanagers: [
        { url: 'http://am-0:9093', ...well },
        {
          url: 'http://am-1:9093',
          lastSuccessSeconds: null,
          troubleSinceSeconds: noon - 60,
          error: { code, message, hint },
          refused: 2,
          waiting: 7,
        },
      ],
    });
  });

  test('status says how far it has counted, and nobody’s name without tokens', async () => {
    expect(await get<WatcherView>('/api/v1/status')).toMatchObject({
      version: '1.2.3',
      uptimeSeconds: 3605,
      countedUntilSeconds: noon,
      lagSeconds: 5,
      failure: null,
      identity: null,
    });
  });

  test('what is nowhere is a problem, not a page', async () => {
    expect((await problem('/api/v2/slos')).status).toBe(404);
  });

  test('an answer of many SLOs is compressed for whoever can read that', async () => {
    const compressed = await fetch(`${server.url}/api/v1/slos`, { headers: { 'accept-encoding': 'gzip' } });
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    const plain = await fetch(`${server.url}/api/v1/slos`, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await compressed.json()).toEqual(await plain.json());
  });

  test('a bug is told to us, and its text not to the client', async () => {
    reader.statuses = () => {
      throw new Error('secret path');
    };
    const response = await fetch(`${server.url}/api/v1/slos`);
    Reflect.deleteProperty(reader, 'statuses');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(bugs.splice(0)).toEqual([new Error('secret path')]);
  });
});
