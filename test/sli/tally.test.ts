import { describe, expect, test } from '@jest/globals';
import type { RequestFacts, SeriesMeaning, Verdict } from '../../src/domain/series-meaning.js';
import type { Perspective } from '../../src/domain/slo.js';
import { SeriesRouter } from '../../src/sli/series-router.js';
import { Tally } from '../../src/sli/tally.js';
import { cart, ListedSlos, slo } from './directory.js';

const facts: RequestFacts = { caller: 'web', callerCluster: 'eu1', version: 'v1', method: '', flags: '-', code: '200' };
const views = (verdict: Verdict, perspective: Perspective = 'server') => [
  { mesh: 'istio', perspective, service: cart, verdict, className: '' },
];
const requests = (verdict: Verdict, changes: Partial<RequestFacts> = {}): SeriesMeaning => ({
  kind: 'requests',
  views: views(verdict),
  facts: { ...facts, ...changes },
});
const histogram = (verdict: Verdict, bounds: readonly number[]): readonly SeriesMeaning[] => [
  { kind: 'latency-count', views: views(verdict), facts },
  ...bounds.map((boundSeconds) => ({ kind: 'latency-bucket' as const, boundSeconds, views: views(verdict), facts })),
];

function routerOf(tally: Tally, meanings: readonly SeriesMeaning[]): SeriesRouter {
  const router = new SeriesRouter(tally, 'istio');
  meanings.forEach((meaning, series) => router.learn(series, meaning));
  return router;
}

const everyBucket = () => true;
const fast = slo({ name: 'latency', indicator: { kind: 'latency', thresholdSeconds: 0.25 } });

describe('availability', () => {
  test('counts good and bad requests and leaves out what clients aborted', () => {
    const tally = new Tally(new ListedSlos([slo()]));
    const router = routerOf(tally, [
      requests('good'),
      requests('bad', { code: '503' }),
      requests('left-out', { flags: 'DC' }),
    ]);
    router.count(0, 97);
    router.count(1, 3);
    router.count(2, 50);
    router.attempted(true);
    const slot = tally.take();
    expect(slot.events).toEqual([{ slo: 'eu1/shop/cart/availability', total: 100, bad: 3, coverage: 1 }]);
    expect(slot.breakdown).toEqual([{ slo: 'eu1/shop/cart/availability', facts: { ...facts, code: '503' }, bad: 3 }]);
    expect(slot.signals).toMatchObject([{ service: cart, requests: 100, errors: 3, leftOut: 50 }]);
  });

  test('tells what the open slot holds of SLOs with failures, and takes nothing of it', () => {
    const fromWeb = slo({ name: 'from-web', filter: { caller: 'web' } });
    const tally = new Tally(new ListedSlos([slo(), fromWeb]));
    const router = routerOf(tally, [requests('good'), requests('bad', { caller: 'batch' })]);
    router.count(0, 7);
    expect(tally.failing()).toEqual([]);
    router.count(1, 3);
    expect(tally.failing()).toEqual([{ slo: 'eu1/shop/cart/availability', total: 10, bad: 3 }]);
    expect(tally.take().events).toMatchObject([
      { total: 10, bad: 3 },
      { total: 7, bad: 0 },
    ]);
    expect(tally.failing()).toEqual([]);
  });

  test('begins each slot at zero', () => {
    const tally = new Tally(new ListedSlos([slo()]));
    const router = routerOf(tally, [requests('bad')]);
    router.count(0, 5);
    tally.take();
    router.attempted(true);
    expect(tally.take()).toMatchObject({ events: [{ total: 0, bad: 0, coverage: 1 }], breakdown: [] });
  });

  test('of a filter counts only the requests that match it', () => {
    const fromWeb = slo({ name: 'from-web', filter: { caller: 'web' } });
    const tally = new Tally(new ListedSlos([slo(), fromWeb]));
    const router = routerOf(tally, [requests('good'), requests('good', { caller: 'batch' })]);
    router.count(0, 10);
    router.count(1, 90);
    expect(tally.take().events.map(({ slo: id, total }) => [id, total])).toEqual([
      ['eu1/shop/cart/availability', 100],
      ['eu1/shop/cart/from-web', 10],
    ]);
  });
});

describe('latency at a threshold of 250 ms', () => {
  const bounds = [0.1, 0.25, 0.5];
  test.each([
    { verdict: 'good', within: [6, 8, 9], total: 10, bad: 2, why: 'two of ten took longer' },
    { verdict: 'bad', within: [10, 10, 10], total: 10, bad: 10, why: 'a fast error is not a fast answer' },
    {
      verdict: 'left-out',
      within: [6, 8, 9],
      total: 2,
      bad: 2,
      why: 'a client that gave up after the threshold had waited too long',
    },
  ] as const)('of $verdict requests: $why', ({ verdict, within, total, bad }) => {
    const tally = new Tally(new ListedSlos([fast]));
    const router = routerOf(tally, histogram(verdict, bounds));
    router.count(0, 10);
    within.forEach((count, index) => router.count(index + 1, count));
    router.settle(everyBucket);
    const { events, breakdown } = tally.take();
    expect(events).toMatchObject([{ total, bad }]);
    expect(breakdown.map((row) => row.bad)).toEqual([bad]);
  });

  test('is charted between the bounds', () => {
    const tally = new Tally(new ListedSlos([fast]));
    // Proxies print the count twice: as such, and as the bucket without a bound.
    const router = routerOf(tally, histogram('good', [...bounds, Infinity]));
    router.count(0, 10);
    [6, 8, 9, 10].forEach((count, index) => router.count(index + 1, count));
    router.settle(everyBucket);
    router.belongsTo(cart);
    router.saturated({ memoryBytes: 100, connections: 4 });
    expect(tally.take().signals).toMatchObject([
      {
        latency: { boundsSeconds: [0.1, 0.25, 0.5, Infinity], counts: [6, 2, 1, 1] },
        memoryBytes: 100,
        connections: 4,
        proxies: 1,
      },
    ]);
  });

  test('never hands out more bad events than there were, and loses none of them', () => {
    const tally = new Tally(new ListedSlos([fast]));
    const router = routerOf(tally, histogram('good', bounds));
    router.count(2, 8); // the line with the count was unreadable in this scrape
    expect(tally.take().events).toMatchObject([{ total: 0, bad: 0 }]);
    router.count(0, 10);
    router.settle(everyBucket);
    const { events, breakdown } = tally.take();
    expect(events).toMatchObject([{ total: 10, bad: 2 }]);
    expect(breakdown).toMatchObject([{ bad: 2 }]);
  });
});

describe('a proxy whose histogram lacks the threshold’s bucket', () => {
  const lacking = [0.1, 0.5];

  test('counts for none of its latency SLOs, does not cover them, and is told', () => {
    const tally = new Tally(new ListedSlos([slo(), fast]));
    const router = routerOf(tally, histogram('good', lacking));
    router.count(0, 10);
    router.count(1, 6);
    router.settle(everyBucket);
    router.attempted(true);
    expect(router.unmeasured).toEqual(['eu1/shop/cart/latency']);
    expect(tally.take()).toMatchObject({
      events: [
        { slo: 'eu1/shop/cart/availability', coverage: 1 },
        { slo: 'eu1/shop/cart/latency', total: 0, bad: 0, coverage: 0 },
      ],
      breakdown: [],
    });
  });

  test('counts again as soon as it has the bucket, wherever the line with the count stands', () => {
    const tally = new Tally(new ListedSlos([fast]));
    const [count, ...buckets] = histogram('good', [0.25]);
    const router = routerOf(tally, [...buckets, count!]);
    router.count(1, 7);
    router.settle((series) => series !== 0); // a former process had it
    expect([router.unmeasured, tally.take().events]).toEqual([['eu1/shop/cart/latency'], []]);
    router.count(1, 10);
    router.count(0, 8);
    router.settle(everyBucket);
    expect(router.unmeasured).toEqual([]);
    expect(tally.take().events).toMatchObject([{ total: 10, bad: 2 }]);
  });

  test('keeps what a scrape with unreadable lines counted until it knows: the line may have been the bucket’s', () => {
    const tally = new Tally(new ListedSlos([fast]));
    const router = routerOf(tally, histogram('good', [0.25]));
    router.count(0, 10);
    router.settle((series) => series !== 1, true);
    router.count(0, 5);
    router.count(1, 13); // of all fifteen
    router.settle(everyBucket);
    expect(tally.take().events).toMatchObject([{ total: 15, bad: 2 }]);
  });
});

describe('growth over a gap', () => {
  const gap = { from: 1000, to: 1600 };

  test('is booked to the gap, not to the slot, and not charted', () => {
    const tally = new Tally(new ListedSlos([slo()]));
    const router = routerOf(tally, [requests('good'), requests('bad', { code: '500' })]);
    router.count(0, 90, gap);
    router.count(1, 10, gap);
    router.count(0, 5);
    router.attempted(true);
    const slot = tally.take();
    expect(slot.events).toMatchObject([{ total: 5, bad: 0 }]);
    expect(slot.unplaced).toEqual([{ slo: 'eu1/shop/cart/availability', ...gap, total: 100, bad: 10 }]);
    expect(slot.breakdown).toMatchObject([{ bad: 10, facts: { code: '500' } }]);
    expect(slot.signals).toMatchObject([{ requests: 5, errors: 0 }]);
  });

  test('of several proxies over the same gap is one', () => {
    const tally = new Tally(new ListedSlos([slo()]));
    for (const growth of [3, 4]) routerOf(tally, [requests('good')]).count(0, growth, gap);
    expect(tally.take().unplaced).toMatchObject([{ total: 7 }]);
  });
});

describe('coverage', () => {
  test('is the share of due scrapes that succeeded, over all proxies of the SLO', () => {
    const tally = new Tally(new ListedSlos([slo()]));
    const [a, b] = [routerOf(tally, [requests('good')]), routerOf(tally, [requests('good')])];
    for (const succeeded of [true, true, true, false]) a.attempted(succeeded);
    for (const succeeded of [true, true, true, true]) b.attempted(succeeded);
    expect(tally.take().events).toMatchObject([{ total: 0, bad: 0, coverage: 7 / 8 }]);
  });

  test('of a service without traffic comes from its own proxies, by their labels', () => {
    const tally = new Tally(new ListedSlos([slo()]));
    routerOf(tally, [requests('good')]).attempted(true); // the old pod, which had requests
    tally.take();
    const fresh = new SeriesRouter(tally, 'istio');
    fresh.belongsTo(cart);
    fresh.attempted(true);
    expect(tally.take().events).toEqual([{ slo: 'eu1/shop/cart/availability', total: 0, bad: 0, coverage: 1 }]);
  });

  test('of nobody is no row at all', () => {
    const tally = new Tally(new ListedSlos([slo()]));
    routerOf(tally, [requests('good')]);
    expect(tally.take().events).toEqual([]);
  });
});

test('what two meshes see of one service does not add up, in no budget and in no chart', () => {
  const tally = new Tally(new ListedSlos([slo()]));
  const other = { ...requests('good'), views: [{ ...views('good')[0]!, mesh: 'other' }] } as SeriesMeaning;
  const here = routerOf(tally, [requests('good')]);
  const there = new SeriesRouter(tally, 'other');
  there.learn(0, other);
  for (const router of [here, there]) {
    router.count(0, 100);
    router.attempted(true);
    router.saturated({ memoryBytes: 5, connections: undefined });
  }
  const { events, signals } = tally.take();
  expect(events).toMatchObject([{ total: 100 }]);
  expect(signals).toMatchObject([{ requests: 100, proxies: 1, memoryBytes: 5 }]);
});

test('the load of a proxy that has come to serve a second service is the load of neither', () => {
  const tally = new Tally(new ListedSlos([slo()]));
  const router = new SeriesRouter(tally, 'istio');
  router.servedBefore([cart]);
  router.learn(0, requests('good'));
  const other = { ...views('good')[0]!, service: { ...cart, name: 'other' } };
  router.learn(1, { kind: 'requests', views: [other], facts });
  router.count(0, 1);
  router.saturated({ memoryBytes: 5, connections: undefined });
  const [ofCart] = tally.take().signals;
  expect(ofCart).toMatchObject({ requests: 1, memoryBytes: undefined });
});

test('a change of the SLOs makes routers outdated, and new ones count for the new SLOs without losing the old slot', () => {
  const directory = new ListedSlos([slo()]);
  const tally = new Tally(directory);
  const before = routerOf(tally, [requests('good')]);
  before.count(0, 4);
  directory.replace([slo(), slo({ name: 'strict', objective: 0.9999 })]);
  expect(before.outdated).toBe(true);
  const after = routerOf(tally, [requests('good')]);
  after.count(0, 6);
  expect(tally.take().events.map(({ slo: id, total }) => [id, total])).toEqual([
    ['eu1/shop/cart/availability', 10],
    ['eu1/shop/cart/strict', 6],
  ]);
});

test('what was counted for an SLO that is gone since is in no slot', () => {
  const directory = new ListedSlos([slo(), slo({ name: 'client-availability', perspective: 'client' })]);
  const tally = new Tally(directory);
  const client = { kind: 'requests', views: views('bad', 'client'), facts } as const;
  const router = routerOf(tally, [requests('good'), client]);
  router.count(0, 4);
  router.count(1, 3);
  router.count(1, 3, { from: 0, to: 60 });
  router.attempted(true);
  directory.replace([slo()]);
  const { events, unplaced, breakdown } = tally.take();
  expect(events.map(({ slo: id }) => id)).toEqual(['eu1/shop/cart/availability']);
  expect([...unplaced, ...breakdown]).toEqual([]);
});
