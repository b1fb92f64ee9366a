import { expect, test } from '@jest/globals';
import { type ComparedProxy, ProxyLag } from '../../src/controlplane/proxy-lag.js';
import type { ProxyName } from '../../src/controlplane/proxy-book.js';

const proxy = { cluster: 'eu', namespace: 'linkerd', pod: 'node-1' };

function compared(own: Partial<ComparedProxy<ProxyName>>): ComparedProxy<ProxyName> {
  return { proxy, basis: 'compared', lacking: [], refused: [], ...own };
}

test('what could not be compared stays as it was: late is late, what was on its way ages and is told when it is seen again', () => {
  const lag = new ProxyLag(60);
  const late = { what: 'cart', has: 'old' };
  const [unseenCart, unseenAll] = [new Set(['cart']), new Set(['cart', 'web'])];
  const at = (now: number, own: Partial<ComparedProxy<ProxyName>>): readonly string[] =>
    lag.look([compared(own)], [], now)[0]!.behind;
  expect(at(0, { lacking: [late] })).toEqual([]);
  expect(at(70, { unseen: unseenCart })).toEqual([]);
  expect(at(80, { lacking: [late, { what: 'web', has: 'old' }] })).toEqual(['cart']);
  expect(at(90, { unseen: unseenAll })).toEqual(['cart']);
  expect(at(100, { unseen: unseenCart })).toEqual(['cart']);
  expect(at(110, {})).toEqual([]);
});
