import { describe, expect, test } from '@jest/globals';
import type { ArrivalShares, RequestFacts, RequestPath } from '../../src/domain/series-meaning.js';
import type { Perspective } from '../../src/domain/slo.js';
import { SeriesRouter } from '../../src/sli/series-router.js';
import { Tally } from '../../src/sli/tally.js';
import { cart, ListedSlos, slo } from './directory.js';

const facts: RequestFacts = { caller: 'web', callerCluster: 'eu1', version: 'v1', method: '', flags: '-', code: '200' };
const web = { ...cart, name: 'web' };
const other = { ...cart, name: 'other' };

const meaning = (perspective: Perspective, path: RequestPath = {}, service = cart) => ({
  kind: 'requests' as const,
  views: [{ mesh: 'istio', perspective, service, verdict: 'good' as const, className: '' }],
  facts,
  path,
});

const tallyOf = () => new Tally(new ListedSlos([slo(), slo({ service: web })]));

describe('the ways that requests take', () => {
  test('what a service’s own proxies took in is told with how much of it both ends authenticated', () => {
    const tally = tallyOf();
    const router = new SeriesRouter(tally, 'istio');
    router.learn(0, meaning('server', { isAuthenticated: true }));
    router.learn(1, meaning('server', { isAuthenticated: false }));
    router.learn(2, meaning('server'));
    router.count(0, 70);
    router.count(1, 20);
    router.count(2, 5);
    expect(tally.take().paths).toEqual([{ service: cart, received: 95, authenticated: 70, plain: 20, sent: 0 }]);
    expect(tally.take().paths).toEqual([]);
  });

  test('what a proxy sent is of the service that it belongs to', () => {
    const tally = tallyOf();
    const router = new SeriesRouter(tally, 'istio');
    router.belongsTo(web);
    router.learn(0, meaning('client'));
    router.count(0, 7);
    expect(tally.take().paths).toEqual([{ service: web, received: 0, authenticated: 0, plain: 0, sent: 7 }]);
  });

  test('what a proxy of several services sent is whose the request itself says it was, where anybody knows it', () => {
    const tally = tallyOf();
    const router = new SeriesRouter(tally, 'istio');
    router.learn(0, meaning('server'));
    router.learn(1, meaning('server', {}, web));
    router.learn(2, meaning('client', { sender: web }, other));
    router.learn(3, meaning('client', { sender: { ...cart, name: 'made-up' } }, other));
    router.learn(4, meaning('client', {}, other));
    for (const series of [2, 3, 4]) router.count(series, 7);
    expect(tally.take().paths).toEqual([{ service: web, received: 0, authenticated: 0, plain: 0, sent: 7 }]);
  });

  test('connections tell how requests came, and are no requests; of a service that nobody knows nothing is kept', () => {
    const tally = tallyOf();
    const router = new SeriesRouter(tally, 'envoy');
    const arrivals = (shares: Partial<ArrivalShares>) =>
      ({ kind: 'arrivals', service: cart, received: 0, authenticated: 0, plain: 0, ...shares }) as const;
    router.learn(0, meaning('server'));
    router.learn(1, arrivals({ authenticated: 1 }));
    router.learn(2, arrivals({ authenticated: -1, plain: 1 }));
    router.learn(3, arrivals({ received: 1, plain: 1, service: { ...cart, name: 'made-up' } }));
    router.count(0, 100);
    router.count(1, 9);
    router.count(2, 2);
    router.count(3, 5);
    router.count(1, 3, { from: 0, to: 600 });
    const slot = tally.take();
    expect(slot.paths).toEqual([{ service: cart, received: 100, authenticated: 7, plain: 2, sent: 0 }]);
    expect(slot.events.map(({ total }) => total)).toEqual([100]);
  });

  test('growth over a gap is of no slot', () => {
    const tally = tallyOf();
    const router = new SeriesRouter(tally, 'istio');
    router.learn(0, meaning('server'));
    router.count(0, 7, { from: 0, to: 600 });
    expect(tally.take().paths).toEqual([]);
  });
});
