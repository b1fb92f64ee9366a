import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseServiceKey, pathPart, serviceKey } from '../../src/domain/service-id.js';
import { sloId } from '../../src/domain/slo.js';

const part = fc.string({ minLength: 1, unit: 'binary' });

test('a service comes back from its key, whatever its name', () => {
  fc.assert(
    fc.property(part, part, part, (cluster, namespace, name) => {
      expect(parseServiceKey(serviceKey({ cluster, namespace, name }))).toEqual({ cluster, namespace, name });
    }),
  );
});

test('a key is read as people write it', () => {
  expect(serviceKey({ cluster: 'eu1', namespace: 'shop', name: 'cart' })).toBe('eu1/shop/cart');
  expect(sloId({ service: { cluster: 'eu1', namespace: 'shop', name: 'a/b' }, name: '99%' })).toBe(
    'eu1/shop/a%2Fb/99%25',
  );
});

test.each(['.', '..', '...', '%2E', '%2E%2E', '%252E', 'a.b', 'a/b', '%'])(
  'a service called %j has an address',
  (name) => {
    const service = { cluster: name, namespace: 'shop', name };
    const parts = [service.cluster, service.namespace, service.name].map((part) => encodeURIComponent(pathPart(part)));
    const { pathname } = new URL(`/services/${parts.join('/')}`, 'http://page');
    const read = pathname.split('/').slice(2).map(decodeURIComponent);
    expect(parseServiceKey(read.join('/'))).toEqual(service);
  },
);

test.each(['', 'a', 'a/b', 'a/b/c/d', '//c', 'a//c'])('%j is no service', (key) => {
  expect(parseServiceKey(key)).toBeUndefined();
});
