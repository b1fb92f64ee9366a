import { describe, expect, test } from '@jest/globals';
import { DeployWatch } from '../../src/catalog/deploys.js';
import type { KnownService, PlaceInstance } from '../../src/catalog/service-facts.js';
import { HandClock, noon } from './support.js';

const pod = (revision: string, version: string, createdAt: number, isReady = true): PlaceInstance => ({
  name: `cart-${revision}-${createdAt}`,
  address: undefined,
  version,
  proxyVersion: undefined,
  hasProxy: true,
  revision,
  createdAt,
  isReady,
});

const cart = (...instances: readonly PlaceInstance[]): readonly KnownService[] => [
  {
    id: { cluster: 'eu', namespace: 'shop', name: 'cart' },
    owner: 'payments',
    tier: undefined,
    system: undefined,
    mesh: 'istio',
    wanted: undefined,
    actual: 'egress',
    isCallable: true,
    instances,
    places: ['kubernetes prod'],
  },
];

const old = pod('a', '1.4.2', noon - 9000);

function watch() {
  const clock = new HandClock();
  const deploys = new DeployWatch(clock);
  deploys.look(cart(old));
  const look = (...instances: readonly PlaceInstance[]) => {
    clock.time += 15;
    return deploys.look(cart(...instances)).map(({ at, summary, facts }) => [at, summary, facts['revision']]);
  };
  return { look, clock };
}

describe('a deploy', () => {
  test('is noticed once its first pod is ready, and told with the moment when that was made', () => {
    const { look } = watch();
    expect(look(old, pod('b', '1.5.0', noon + 5, false))).toEqual([]);
    expect(look(old, pod('b', '1.5.0', noon + 5))).toEqual([[noon + 5, 'cart went from 1.4.2 to 1.5.0', 'b']]);
    expect(look(pod('b', '1.5.0', noon + 5), pod('b', '1.5.0', noon + 40))).toEqual([]);
  });

  test('of the same version is a roll-out, and back to an earlier one is a deploy, too', () => {
    const { look, clock } = watch();
    const next = pod('b', '1.4.2', noon + 5);
    expect(look(next)).toEqual([[noon + 5, 'cart was rolled out anew at 1.4.2', 'b']]);
    const back = pod('a', '1.4.2', clock.time + 1);
    expect(look(next, back)).toEqual([[clock.time - 14, 'cart was rolled out anew at 1.4.2', 'a']]);
  });

  test.each([
    ['more pods of the same', [old, pod('a', '1.4.2', noon)]],
    ['none at all', []],
    ['what was never looked at before', [old]],
  ])('is not %s', (_what, instances) => {
    const { look } = watch();
    expect(look(...instances)).toEqual([]);
    expect(look(old)).toEqual([]);
  });

  test('is not a readiness that flickers while another revision runs', () => {
    const { look } = watch();
    const next = pod('b', '1.5.0', noon + 5);
    expect(look(old, next)).toHaveLength(1);
    expect(look(next)).toEqual([]);
    expect(look(old, next)).toEqual([]);
  });

  test('told by a clock that is ahead happened now', () => {
    const { look, clock } = watch();
    expect(look(pod('b', '2', noon + 5000))).toEqual([[clock.time, 'cart went from 1.4.2 to 2', 'b']]);
  });
});

test('whoever is in no catalogue for a day is forgotten, and is new when it comes back', () => {
  const { look, clock } = watch();
  const elsewhere = new DeployWatch(clock);
  elsewhere.look(cart(old));
  clock.time += 86_500;
  elsewhere.look([]);
  expect(elsewhere.look(cart(pod('b', '1.5.0', clock.time)))).toEqual([]);
  // In the catalogue without a pod it is remembered.
  expect(look()).toEqual([]);
  expect(look(pod('b', '1.5.0', clock.time))).toHaveLength(1);
});
