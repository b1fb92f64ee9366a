import { expect, test } from '@jest/globals';
import { watching } from '../../src/service/watching.js';

const at = (name: string) => ({ cluster: 'eu', namespace: 'shop', name });

test('a service is watched while one of its proxies answers', () => {
  const { blind } = watching(
    [
      { services: [at('cart'), at('web')], up: false },
      { services: [at('web')], up: true },
      { services: [at('search')], up: undefined },
      { services: [], up: false },
    ],
    60,
    60,
  );
  expect(blind).toEqual(new Set(['eu/shop/cart', 'eu/shop/search']));
});

test.each([
  ['before the first minute', undefined, false],
  ['while minutes come', 1000, true],
  ['when they are late', 1000 - 180, false],
])('%s', (_why, knownUntil, isCounting) => {
  expect(watching([], knownUntil, 1000).isCounting).toBe(isCounting);
});
