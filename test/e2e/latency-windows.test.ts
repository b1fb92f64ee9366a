import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bucketCount, typicalMs } from '../../src/simulator/latency.js';
import { Linkerd1Plane } from '../../src/simulator/planes/linkerd1-plane.js';
import { smallEdge, smallMesh, smallService } from '../simulator/small-mesh.js';
import { ObservedMesh } from './observed-mesh.js';

const start = 1_795_168_800; // a whole hour
const minute = 60;
const minutes = 14;

const slowFrom = start + 5 * minute;
const slow = { firstSeconds: slowFrom, lastsSeconds: 3 * minute, shares: {}, slowdown: 20 };

describe('a mesh without buckets: minutes of proxies are good or bad by their p99', () => {
  const model = smallMesh(undefined, {
    services: [smallService('web'), smallService('cart', { versions: [{ version: 'v1', replicas: 1 }] })],
    edges: [smallEdge('shop/web', 'shop/cart', { requestsPerSecond: 30, degradations: [slow] })],
  });
  const observed = new ObservedMesh(model, start, 3, { pack: 'linkerd1', plane: new Linkerd1Plane('sidecar') });

  beforeAll(async () => {
    await observed.open(`service: shop/cart
slos:
  latency: { objective: 90%, threshold: 250ms }
  median: { objective: 90%, threshold: 250ms, quantile: 50% }
  seldom: { objective: 90%, threshold: 250ms, quantile: 99.9%, budgeting: occurrences }
`);
    await observed.startMeshslo();
    await observed.list();
    await observed.live(minutes * minute);
  });

  afterAll(() => observed.close());

  /** Windows of the only proxy, from the log: one a minute since its start, each with requests. */
  function windows(quantile: number): readonly boolean[] {
    return Array.from({ length: minutes }, (_, index) => {
      const buckets = new Array<number>(bucketCount).fill(0);
      const from = start + index * minute;
      for (const events of observed.log.requests(from, from + minute, ({ server }) => server !== undefined)) {
        events.buckets.forEach((count, bucket) => (buckets[bucket]! += count));
      }
      const total = buckets.reduce((sum, count) => sum + count, 0);
      let below = 0;
      const at = buckets.findIndex((count) => (below += count) >= quantile * total && count > 0);
      return typicalMs(at) > 250;
    });
  }

  test.each([
    { slo: 'latency', quantile: 0.99 },
    { slo: 'median', quantile: 0.5 },
    { slo: 'seldom', quantile: 0.999 },
  ])('$slo: the minutes in which $quantile of the requests took longer are bad', ({ slo, quantile }) => {
    const bad = windows(quantile);
    const { total, bad: counted } = observed.ledger
      .sums({ from: start, to: observed.clock.now() }, { unplaced: 'ending-inside' })
      .of(`test/shop/cart/${slo}`);
    // The window of a minute is shown in the next one; whether the last one was seen depends on when scrapes are due.
    const ends = [minutes - 1, minutes].map((end) => ({
      total: end,
      bad: bad.slice(0, end).filter((isBad) => isBad).length,
    }));
    expect(ends).toContainEqual({ total, bad: counted });
    expect(counted).toBeGreaterThanOrEqual(slow.lastsSeconds / minute);
    expect(counted).toBeLessThan(total);
  });

  test('every minute in which the proxy answered is observed, and has one event at most', () => {
    const range = { from: start + minute, to: observed.clock.now() };
    const series = observed.ledger.series('test/shop/cart/latency', range, minute);
    expect(series.every(({ coverage, total }) => coverage === 1 && total <= 1)).toBe(true);
  });
});

describe('one proxy on every node: the loss of a node is not the silence of a service', () => {
  const model = smallMesh(undefined, {
    services: [smallService('web'), smallService('cart', { versions: [{ version: 'v1', replicas: 8 }] })],
    edges: [smallEdge('shop/web', 'shop/cart', { requestsPerSecond: 40, shares: { 'server-error': 0.02 } })],
  });
  const plane = new Linkerd1Plane('daemonset');
  const observed = new ObservedMesh(model, start, 3, { pack: 'linkerd1', plane });
  const availability = 'test/shop/cart/availability';

  beforeAll(async () => {
    await observed.open('service: shop/cart\nslos: {}\n');
    await observed.startMeshslo();
    await observed.list();
    await observed.live(3 * minute);
  });

  afterAll(() => observed.close());

  const nodesOfCart = (): readonly string[] => [
    ...new Set(
      observed.mesh.pods.filter(({ service }) => service.name === 'cart').map(({ name }) => plane.carrierOf(name)),
    ),
  ];

  test('while a node does not answer, the service is observed in part, and goes on being counted', async () => {
    const [lost] = nodesOfCart();
    expect(nodesOfCart().length).toBeGreaterThan(1);
    const carriers = observed.servers.targets().length;
    await observed.servers.setFault(lost!, 'refuse');
    const from = observed.clock.now();
    await observed.live(3 * minute);
    const series = observed.ledger.series(availability, { from: from + minute, to: from + 3 * minute }, minute);
    for (const { total, coverage } of series) {
      expect(total).toBeGreaterThan(500);
      expect(coverage).toBeCloseTo((nodesOfCart().length - 1) / nodesOfCart().length, 5);
    }
    expect(nodesOfCart().length).toBeLessThanOrEqual(carriers);
    await observed.servers.setFault(lost!, undefined);
    await observed.live(minute);
  });

  test('when a node is gone, the service is observed as a whole by those that are left', async () => {
    const [gone] = nodesOfCart();
    observed.listed = observed.listed.filter(({ labels }) => labels['pod'] !== gone);
    const from = observed.clock.now();
    await observed.live(3 * minute);
    const series = observed.ledger.series(availability, { from: from + minute, to: from + 3 * minute }, minute);
    for (const { total, coverage } of series) {
      expect(total).toBeGreaterThan(500);
      expect(coverage).toBe(1);
    }
  });
});
