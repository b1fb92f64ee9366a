import { describe, expect, test } from '@jest/globals';
import { movedAddress, routeOf, serviceAddress } from '../../../src/ui/address/address.js';

const at = (address: string) => {
  const { pathname, search } = new URL(address, 'http://page');
  return routeOf({ pathname, search });
};

describe('the address of a service', () => {
  test.each([
    { cluster: 'berlin', namespace: 'shop', name: 'cart' },
    { cluster: 'a/b', namespace: '100%', name: 'é ?#&' },
    { cluster: '%2F', namespace: '%25', name: '/' },
    { cluster: '.', namespace: '..', name: '%2E' },
  ])('of %j leads back to it', (service) => {
    const range = { kind: 'fixed', from: 100, to: 400 } as const;
    expect(at(serviceAddress(service, { slo: 'a&b=c', range }))).toEqual({
      page: 'service',
      service,
      slo: 'a&b=c',
      range,
    });
  });

  test('says nothing of what is usual', () => {
    const service = { cluster: 'berlin', namespace: 'shop', name: 'cart' };
    expect(serviceAddress(service, { range: { kind: 'live', seconds: 10_800 } })).toBe('/services/berlin/shop/cart');
    expect(serviceAddress(service, { range: { kind: 'live', seconds: 3600 } })).toMatch(/\?last=3600$/);
  });

  test.each([
    { asked: 'from=1772452800&to=1772456400', why: 'seconds, as alerts link' },
    { asked: 'from=1772452800000&to=1772456400000', why: 'milliseconds, as other tools count' },
    { asked: 'from=1772452800.4&to=1772456399.5', why: 'parts of a second' },
  ])('holds the time of an incident: $why', ({ asked }) => {
    const range = { kind: 'fixed', from: 1_772_452_800, to: 1_772_456_400 };
    expect(at(`/services/a/b/c?${asked}`)).toMatchObject({ range });
  });

  test('shows five minutes at least: in less there is nothing to be seen', () => {
    expect(at('/services/a/b/c?from=600&to=601')).toMatchObject({ range: { kind: 'fixed', from: 600, to: 900 } });
  });

  test.each([
    { asked: 'from=400&to=100', why: 'it ends before it begins' },
    { asked: 'from=x&to=100', why: 'it is no number' },
    { asked: 'from=-5&to=100', why: 'it lies before 1970' },
    { asked: 'to=100', why: 'it has no beginning' },
    { asked: 'last=NaN', why: 'it is no number' },
    { asked: 'last=1', why: 'nothing is counted in a second' },
  ])('shows the last three hours where the time asked for is none: $why', ({ asked }) => {
    expect(at(`/services/a/b/c?${asked}`)).toMatchObject({ range: { kind: 'live', seconds: 10_800 } });
  });
});

test.each([
  { address: '/', page: 'services' },
  { address: '/alerts', page: 'alerts' },
  { address: '/alerts/e1', page: 'alert' },
  { address: '/alerts/', page: 'unknown' },
  { address: '/reports', page: 'reports' },
  { address: '/reports/2026-W47.team-shop~2', page: 'report' },
  { address: '/reports/', page: 'unknown' },
  { address: '/services/a/b', page: 'unknown' },
  { address: '/services/a/b/c/d', page: 'unknown' },
  { address: '/services/a//c', page: 'unknown' },
  { address: '/%ff', page: 'unknown' },
])('$address is $page', ({ address, page }) => {
  expect(at(address).page).toBe(page);
});

test.each([
  { hash: '#slo=berlin%2Fshop%2Fcart%2Flatency', moved: '/services/berlin/shop/cart?slo=latency' },
  { hash: '#slo=berlin%2Fshop%2Fa%252Fb%2Fx', moved: '/services/berlin/shop/a%252Fb?slo=x' },
  { hash: '#slo=berlin', moved: undefined },
  { hash: '#slo=%ff', moved: undefined },
  { hash: '', moved: undefined },
])('$hash of the first version moved to $moved', ({ hash, moved }) => {
  expect(movedAddress(hash)).toBe(moved);
});
