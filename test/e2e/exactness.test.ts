import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EventLog } from '../../src/simulator/event-log.js';
import { type Perspective, type Truth, truth } from '../../src/simulator/truth.js';
import { everyTrouble, smallEdge, smallMesh, smallService } from '../simulator/small-mesh.js';
import { withoutLost } from './loss-book.js';
import { ObservedMesh } from './observed-mesh.js';

const start = 1_795_168_800; // a whole hour
const minute = 60;

/** Every SLO that is held against the log: its name, whose eyes it has, and its threshold. */
const slos: readonly (readonly [name: string, perspective: Perspective, thresholdMs?: number])[] = [
  ['availability', 'server'],
  ['latency', 'server', 25],
  ['mesh', 'mesh-failures'],
  ['as-clients-see-it', 'client'],
  ['slow-for-clients', 'client', 250],
  ['outside-in', 'union'],
  ['slow-outside-in', 'union', 250],
];

const sloFile = ['cart', 'rare', 'late']
  .map(
    (service) => `service: shop/${service}
slos:
  latency: { objective: 99%, threshold: 25ms }
  as-clients-see-it: { objective: 99%, perspective: client }
  slow-for-clients: { objective: 99%, threshold: 250ms, perspective: client }
  outside-in: { objective: 99%, perspective: union }
  slow-outside-in: { objective: 99%, threshold: 250ms, perspective: union }
`,
  )
  .join('---\n');

const model = smallMesh(undefined, {
  services: [smallService('web'), smallService('cart'), smallService('rare'), smallService('late')],
  edges: [
    smallEdge('shop/web', 'shop/cart', { shares: everyTrouble, requestsPerSecond: 40 }),
    smallEdge(undefined, 'shop/cart', {
      shares: { 'server-error': 0.01, 'abort-fast': 0.05, 'abort-long': 0.05 },
      requestsPerSecond: 3,
    }),
    smallEdge('shop/cart', 'shop/rare', { requestsPerSecond: 0.01, shares: { 'server-error': 0.2 } }),
    // The first error ever comes late.
    smallEdge('shop/web', 'shop/late', {
      degradations: [
        { firstSeconds: start + 75 * minute, lastsSeconds: 2 * minute, shares: { 'server-error': 0.3 }, slowdown: 1 },
      ],
    }),
  ],
});

describe('the ledger, after a hundred minutes in which everything restarts, vanishes and fails', () => {
  const observed = new ObservedMesh(model, start, 7);
  let seen: EventLog;
  let restartedAt = 0;
  const faultyFrom: number[] = [];
  const podOf = (service: string): string => observed.mesh.pods.find((pod) => pod.service.name === service)!.name;

  beforeAll(async () => {
    await observed.open(sloFile);
    await observed.startMeshslo();
    await observed.list();
    await observed.live(10 * minute);

    observed.restart(podOf('cart'));
    await observed.live(3 * minute);
    await observed.replace(podOf('web'));
    await observed.live(3 * minute + 10);
    observed.mesh.scale('shop/cart', 'v1', 4);
    await observed.list();
    await observed.live(4 * minute);

    // Idle series are evicted inside living processes, while others go on.
    for (const { name } of observed.mesh.pods) observed.mesh.evict(name, observed.clock.now() - 2 * minute);
    await observed.live(4 * minute);

    // One proxy hangs, one refuses, one cuts its answer off: each for five minutes, and then it is back with all it counted.
    for (const fault of ['hang', 'refuse', 'truncated', 'error-500', 'wrong-content-type'] as const) {
      const pod = podOf('cart');
      faultyFrom.push(observed.clock.now());
      if (fault === 'hang') observed.patienceSeconds = 0.8;
      await observed.servers.setFault(pod, fault);
      await observed.live(5 * minute);
      await observed.servers.setFault(pod, undefined);
      observed.patienceSeconds = 60;
      await observed.live(2 * minute);
    }

    // meshslo dies in the middle of a minute and is away for seven; meanwhile a pod restarts, and one is replaced.
    await observed.live(35);
    await observed.killMeshslo();
    await observed.live(3 * minute);
    observed.restart(podOf('cart'));
    await observed.replace(podOf('late'));
    await observed.live(4 * minute + 25);
    restartedAt = observed.clock.now();
    await observed.startMeshslo();
    await observed.live(15 * minute);

    // Discovery forgets a pod that lives on, and finds it again ten minutes later.
    const before = observed.listed;
    observed.listed = before.slice(1);
    await observed.live(10 * minute);
    observed.listed = before;
    await observed.live(6 * minute);
    const toMinute = minute - (observed.clock.now() % minute);
    await observed.live(toMinute);
    seen = withoutLost(observed.log, observed.lost());
  });

  afterAll(() => observed.close());

  const budget = (service: string, slo: string): Pick<Truth, 'total' | 'bad'> => {
    const range = { from: start, to: observed.clock.now() };
    const { total, bad } = observed.ledger.sums(range, { unplaced: 'ending-inside' }).of(`test/shop/${service}/${slo}`);
    return { total, bad };
  };
  const logged = (log: EventLog, service: string, perspective: Perspective, thresholdMs?: number) => {
    const range = { fromSeconds: start, toSeconds: observed.clock.now() };
    const { total, bad } = truth(log, `shop/${service}`, perspective, range, thresholdMs);
    return { total, bad };
  };

  test.each(slos.flatMap((slo) => ['cart', 'rare', 'late'].map((service) => ({ service, slo }))))(
    '$service: $slo.0 equals the log as integers, but for what nobody could see',
    ({ service, slo: [name, perspective, thresholdMs] }) => {
      expect(budget(service, name)).toEqual(logged(seen, service, perspective, thresholdMs));
    },
  );

  test('what nobody could see is little, and told: ends of processes and the last seconds before now', () => {
    const all = logged(observed.log, 'cart', 'server').total;
    const missing = all - budget('cart', 'availability').total;
    expect(missing).toBeGreaterThan(0);
    expect(missing / all).toBeLessThan(0.02);
  });

  test('every end of a process is told, from its last scrape to its end', () => {
    const tails = observed.ledger.unseen({ from: start, to: observed.clock.now() });
    const ends = observed.losses.ends.filter(({ from, to }) => to > from);
    // Two processes ended while meshslo was away; others may have been scraped in the very second of their end.
    expect(ends.length).toBeGreaterThanOrEqual(2);
    for (const { pod, from, to } of ends) {
      // Uptime is printed in whole seconds; when a pod went while nobody looked, it is told until somebody did.
      const told = tails.filter((tail) => Math.abs(tail.from - from) <= 1 && tail.to >= to - 1);
      const ofPod = told.filter(({ services }) => services.every(({ name }) => pod.startsWith(`${name}-`)));
      expect(ofPod).toHaveLength(1);
    }
  });

  test('while one proxy of four fails, a quarter of the service is unobserved', () => {
    for (const at of faultyFrom) {
      const from = Math.ceil(at / minute) * minute + minute;
      const series = observed.ledger.series('test/shop/cart/availability', { from, to: from + 3 * minute }, minute);
      expect(series.map(({ coverage }) => coverage)).toEqual([0.75, 0.75, 0.75]);
    }
  });

  test('bad events by code are those of the log, and add up', () => {
    const range = { from: start, to: observed.clock.now() };
    const { rows, other, bad } = observed.ledger.breakdown('test/shop/cart/availability', range);
    const byCode = new Map<string, number>();
    for (const row of rows) byCode.set(row.facts.code, (byCode.get(row.facts.code) ?? 0) + row.bad);
    const expected = new Map<string, number>();
    for (const { server, count } of seen.requests(
      undefined,
      undefined,
      ({ destination }) => destination === 'shop/cart',
    )) {
      if (!server || server.flags.includes('DC') || (server.code > 0 && server.code < 500)) continue;
      expected.set(String(server.code), (expected.get(String(server.code)) ?? 0) + count);
    }
    expect(byCode).toEqual(expected);
    expect([...byCode.values()].reduce((sum, count) => sum + count, other)).toBe(bad);
    expect(other).toBe(0);
  });

  test('charts show every request that has a minute watched from its beginning, and what clients aborted beside them', () => {
    const range = { from: start, to: observed.clock.now() };
    const points = observed.ledger.signals({ cluster: 'test', namespace: 'shop', name: 'cart' }, range, minute);
    const sumOf = (pick: (signals: { requests: number; leftOut: number }) => number): number =>
      points.reduce((sum, { signals }) => sum + (signals ? pick(signals) : 0), 0);
    const charted = new Set(points.filter(({ signals }) => signals).map(({ at }) => at));
    const counted = observed.ledger
      .series('test/shop/cart/availability', range, minute)
      .filter(({ coverage, total }) => coverage !== undefined && total > 0);
    const requests = counted.filter(({ at }) => charted.has(at)).reduce((sum, { total }) => sum + total, 0);
    expect(sumOf(({ requests }) => requests)).toBe(requests);
    const began = [start, Math.floor(restartedAt / minute) * minute];
    expect(counted.map(({ at }) => at).filter((at) => !charted.has(at))).toEqual(began);
    const aborted = truth(seen, 'shop/cart', 'server', { fromSeconds: range.from, toSeconds: range.to }).leftOut;
    expect(sumOf(({ leftOut }) => leftOut)).toBeGreaterThan(0);
    expect(sumOf(({ leftOut }) => leftOut)).toBeLessThanOrEqual(aborted);
  });

  test('growth over gaps is in the budget, and never in a minute', () => {
    const range = { from: start, to: observed.clock.now() };
    const { unplaced } = observed.ledger.sums(range, { unplaced: 'ending-inside' }).of('test/shop/cart/availability');
    expect(unplaced).toBeGreaterThan(10_000);
    const busiest = Math.max(
      ...observed.ledger.series('test/shop/cart/availability', range, minute).map(({ total }) => total),
    );
    // 43 requests a second; no minute may hold more than a minute and an interval of them, with some luck on top.
    expect(busiest).toBeLessThan(43 * 75 * 1.2);
  });

  test('minutes that nobody observed are unknown, not good', () => {
    const [gap] = observed.ledger.gaps({ from: start + 10 * minute, to: observed.clock.now() });
    expect(gap!.to - gap!.from).toBeGreaterThanOrEqual(7 * minute);
    const [inGap] = observed.ledger.series('test/shop/cart/availability', gap!, minute);
    expect(inGap!.coverage).toBeUndefined();
  });

  test('of the minute in which meshslo started, only the rest was observed', () => {
    const from = Math.floor(restartedAt / minute) * minute;
    const range = { from, to: from + minute };
    const [first] = observed.ledger.series('test/shop/cart/availability', range, minute);
    const watched = (range.to - restartedAt) / minute;
    expect(watched).toBeLessThan(1);
    expect(first!.coverage).toBeCloseTo(watched, 2);
  });

  test('the ledger finds nothing wrong with itself', () => {
    expect(observed.ledger.verify()).toEqual([]);
  });
});
