import { expect, test } from '@jest/globals';
import type { ServiceId } from '../../src/domain/service-id.js';
import { ownerOfSilent } from '../../src/service/target-owner.js';
import { watching, type WatchedTarget } from '../../src/service/watching.js';

const at = (name: string) => ({ cluster: 'eu', namespace: 'shop', name });

const target = (host: string, up: boolean | undefined, ...services: readonly string[]): WatchedTarget => ({
  job: 'sidecars',
  url: `http://${host}:15020/metrics`,
  labels: {},
  services: services.map(at),
  up,
  failure: up === false ? { code: 'target-unreachable', message: 'connection refused', hint: undefined } : undefined,
});

const nobody = (): ServiceId | undefined => undefined;

test('a service is watched while one of its proxies answers', () => {
  const targets = [
    target('a', false, 'cart', 'web'),
    target('b', true, 'web'),
    target('c', undefined, 'search'),
    target('d', false),
  ];
  const { blind, silent } = watching({ targets, ownerOf: nobody, knownUntil: 60, now: 60 });
  expect(blind).toEqual(new Set(['eu/shop/cart', 'eu/shop/search']));
  // Search has not been asked yet.
  expect([...silent]).toEqual([['eu/shop/cart', { urls: ['http://a:15020/metrics'], trouble: 'connection refused' }]]);
});

test('a proxy that has never answered is that of the pod at its address', () => {
  const asked: unknown[] = [];
  const serviceOfProxy = (cluster: string, proxy: unknown) => {
    asked.push([cluster, proxy]);
    return at('cart');
  };
  const ownerOf = ownerOfSilent(
    () => ({ serviceOfProxy }),
    () => [{ name: 'sidecars', cluster: 'eu' }],
  );
  const targets = [target('[fd00::1]', false), target('10.0.0.2', undefined)];
  const look = watching({ targets, ownerOf, knownUntil: 60, now: 60 });
  expect(look.blind).toEqual(new Set(['eu/shop/cart']));
  expect(look.silent.size).toBe(0);
  expect(asked[0]).toEqual(['eu', { namespace: undefined, pod: undefined, address: 'fd00::1' }]);
  const failed = watching({ targets: targets.slice(0, 1), ownerOf, knownUntil: 60, now: 60 });
  expect(failed.silent.get('eu/shop/cart')).toEqual({
    urls: ['http://[fd00::1]:15020/metrics'],
    trouble: 'connection refused',
  });
});

test('an address that is none belongs to nobody, and stops nothing', () => {
  const asked: unknown[] = [];
  const serviceOfProxy = (_cluster: string, proxy: unknown) => void asked.push(proxy);
  const ownerOf = ownerOfSilent(
    () => ({ serviceOfProxy }),
    () => [{ name: 'sidecars', cluster: 'eu' }],
  );
  const targets = [target('10.0.0.256', false), target('[:::::]', false)];
  expect(watching({ targets, ownerOf, knownUntil: 60, now: 60 }).blind.size).toBe(0);
  expect(asked).toMatchObject([{ address: '10.0.0.256' }, { address: ':::::' }]);
});

test.each([
  ['before the first minute', undefined, false],
  ['while minutes come', 1000, true],
  ['when they are late', 1000 - 180, false],
])('%s', (_why, knownUntil, isCounting) => {
  expect(watching({ targets: [], ownerOf: nobody, knownUntil, now: 1000 }).isCounting).toBe(isCounting);
});
