import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseServiceKey, serviceKey } from '../../src/domain/service-id.js';
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

test.each(['', 'a', 'a/b', 'a/b/c/d', '//c', 'a//c'])('%j is no service', (key) => {
  expect(parseServiceKey(key)).toBeUndefined();
});
