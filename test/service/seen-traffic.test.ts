import { expect, test } from '@jest/globals';
import { noPaths } from '../../src/migration/service-traffic.js';
import { seenTraffic } from '../../src/service/seen-traffic.js';

const service = { cluster: 'eu', namespace: 'shop', name: 'cart' };

/** A service whose newest request was in the second of three steps of five minutes; its own proxies once counted some. */
function seen({ received, since }: { readonly received: number; readonly since: number | undefined }) {
  const traffic = [{ service, from: 0, stepSeconds: 300, requests: [1, 1, 0], observedSeconds: [300, 300, 300] }];
  const paths = { of: () => ({ ...noPaths, received }), receivedAt: () => (received > 0 ? 780 : undefined), since };
  const status = { slo: { service, owner: 'shop', mesh: 'istio', perspective: 'server' }, window: { total: 9 } };
  return seenTraffic([status as never], traffic, paths).get('eu/shop/cart');
}

test('requests go through a service’s proxies while these count some, whatever the ledger remembers', () => {
  expect(seen({ received: 1, since: 0 })).toMatchObject({ lastRequestAt: 780, hasData: true, isServedInMesh: true });
  expect(seen({ received: 0, since: 0 })).toMatchObject({ lastRequestAt: 600, isServedInMesh: false });
});

test('before anything was watched since its newest request, the ledger’s word counts', () => {
  expect(seen({ received: 0, since: undefined })?.isServedInMesh).toBe(true);
  expect(seen({ received: 0, since: 500 })?.isServedInMesh).toBe(true);
});
