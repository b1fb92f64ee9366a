import { describe, expect, test } from '@jest/globals';
import { mergeServices } from '../../src/catalog/merge-services.js';
import type { ServiceFacts } from '../../src/catalog/service-facts.js';

const facts = (given: Partial<ServiceFacts>): ServiceFacts => ({
  cluster: 'eu',
  namespace: 'shop',
  name: 'cart',
  ...given,
});
const place = (name: string, ...all: readonly ServiceFacts[]) => ({ place: name, facts: all });
const merged = (...places: Parameters<typeof mergeServices>[0]) => [...mergeServices(places).values()];
const instance = (name: string, address: string, hasProxy = false) => ({
  name,
  address,
  version: undefined,
  proxyVersion: undefined,
  hasProxy,
  revision: undefined,
  createdAt: undefined,
  isReady: true,
});

describe('a service that several places know', () => {
  test('is one; of every fact the first place that tells it counts', () => {
    expect(
      merged(
        place('file', facts({ cluster: undefined, owner: 'ada' })),
        place(
          'backstage',
          facts({ cluster: undefined, namespace: undefined, owner: 'bob', tier: 'critical', system: 'shop' }),
        ),
        place('kubernetes', facts({ owner: 'eve', tier: 'standard', actual: 'egress', mesh: 'istio' })),
      ),
    ).toMatchObject([
      {
        id: { cluster: 'eu', namespace: 'shop', name: 'cart' },
        owner: 'ada',
        tier: 'critical',
        system: 'shop',
        mesh: 'istio',
        actual: 'egress',
        places: ['backstage', 'file', 'kubernetes'],
      },
    ]);
  });

  test('has each of its instances once, with what is known of its proxy', () => {
    const [cart] = merged(
      place('consul', facts({ instances: [instance('id-1', '10.0.0.1'), instance('id-2', '10.0.0.2')] })),
      place('kubernetes', facts({ instances: [instance('cart-a', '10.0.0.1', true)] })),
    );
    expect(cart!.instances.map(({ name, hasProxy }) => [name, hasProxy])).toEqual([
      ['cart-a', true],
      ['id-2', false],
    ]);
  });
});

describe('facts with a part of a name', () => {
  test('go to every service that fits, the special ones of a place before the general ones', () => {
    const services = merged(
      place(
        'backstage',
        facts({ cluster: undefined, namespace: undefined, owner: 'all' }),
        facts({ cluster: undefined, namespace: 'shop', owner: 'shop' }),
        facts({ cluster: 'us', namespace: undefined, owner: 'us' }),
      ),
      place('kubernetes', facts({}), facts({ cluster: 'us' }), facts({ namespace: 'mail' })),
    );
    expect(services.map(({ id, owner }) => [id.cluster, id.namespace, owner])).toEqual([
      ['eu', 'shop', 'shop'],
      ['us', 'shop', 'shop'],
      ['eu', 'mail', 'all'],
    ]);
  });

  test('make no service, but for one that is elsewhere than all others', () => {
    const consul = { cluster: 'eu', namespace: undefined, elsewhere: 'vms' };
    const services = merged(
      place('backstage', facts({ cluster: undefined, name: 'library' })),
      place('kubernetes', facts({})),
      place('consul', facts({ ...consul, tier: 'critical' }), facts({ ...consul, name: 'oracle' })),
    );
    expect(services.map(({ id, tier }) => [id.namespace, id.name, tier])).toEqual([
      ['shop', 'cart', 'critical'],
      ['vms', 'oracle', undefined],
    ]);
  });
});

test.each([
  ['nobody can call stays so, whoever else names it', [facts({ isCallable: false, instances: [] }), facts({})], false],
  ['is registered elsewhere, too, can be called there', [facts({ isCallable: false }), facts({ instances: [] })], true],
  ['is only named is taken for one that can be called', [facts({ owner: 'ada' })], true],
])('a service that %s', (_what, told, isCallable) => {
  expect(merged(...told.map((one, index) => place(`place ${index}`, one)))).toMatchObject([{ isCallable }]);
});
