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

describe('names that are nearly the same', () => {
  const portal = (given: Partial<ServiceFacts>) =>
    facts({ cluster: undefined, namespace: undefined, owner: 'portal', ...given });
  const kubernetes = (given: Partial<ServiceFacts> = {}) => facts({ isCallable: true, instances: [], ...given });

  test.each([
    ['case', portal({ name: 'Cart' })],
    ['a dot at the end', portal({ name: 'cart.' })],
    ['blanks', portal({ name: ' cart\n' })],
    ['case of the namespace', portal({ namespace: 'SHOP' })],
    ['an alias of the cluster', portal({ cluster: 'eks-eu-1', namespace: 'shop' })],
    ['a whole name in other case', portal({ cluster: 'EU', namespace: 'Shop', name: 'CART' })],
  ])('are one service where they differ in %s, called as its cluster calls it', (_why, told) => {
    const services = [
      ...mergeServices([place('backstage', told), place('kubernetes', kubernetes())], new Map([['eks-eu-1', 'eu']])),
    ];
    expect(services.map(([key, { id, owner }]) => [key, id.name, owner])).toEqual([['eu/shop/cart', 'cart', 'portal']]);
  });

  test('in Consul are the service of the cluster, and its registrations one', () => {
    const registered = { namespace: undefined, elsewhere: 'vms', owner: 'team-vm' };
    const services = merged(
      place('kubernetes', kubernetes({ instances: [instance('cart-a', '10.0.0.1', true)] })),
      place(
        'consul',
        facts({ ...registered, name: 'Cart', instances: [instance('id-1', '10.0.0.1')] }),
        facts({ ...registered, name: 'Oracle', instances: [instance('id-2', '10.0.0.2')] }),
        facts({ ...registered, name: 'oracle', instances: [instance('id-3', '10.0.0.3')] }),
      ),
    );
    expect(services.map(({ id, instances }) => [id.namespace, id.name, instances.map(({ name }) => name)])).toEqual([
      ['shop', 'cart', ['cart-a']],
      ['vms', 'Oracle', ['id-2', 'id-3']],
    ]);
  });

  test('are one whichever way an accent is written', () => {
    const services = merged(
      place('file', portal({ name: 'cafe\u0301' })),
      place('consul', facts({ name: 'caf\u00e9', instances: [] })),
    );
    expect(services.map(({ id, owner }) => [id.name, owner])).toEqual([['caf\u00e9', 'portal']]);
  });

  test.each([
    ['a letter that only looks the same', { name: 'c\u0430rt' }],
    ['another namespace', { namespace: 'shop2' }],
    ['another cluster', { cluster: 'eu.1' }],
    ['case of the cluster', { cluster: 'EU' }],
    ['a dot within', { name: 'ca.rt' }],
    ['a dash', { name: 'cart-' }],
  ])('are two where they differ in %s', (_why, given) => {
    expect(merged(place('kubernetes', kubernetes(), kubernetes(given)))).toHaveLength(2);
  });

  test('of clusters that differ in case belong to the one that is written so, and to neither where none is', () => {
    const services = merged(
      place(
        'backstage',
        portal({ cluster: 'EU', namespace: 'shop', owner: 'team-upper' }),
        portal({ cluster: 'eu', namespace: 'shop', owner: 'team-lower' }),
        portal({ cluster: 'Eu', namespace: 'shop', owner: 'nobody here' }),
      ),
      place(
        'kubernetes',
        kubernetes({ instances: [instance('cart-a', '10.0.0.1', true)] }),
        kubernetes({ cluster: 'EU', instances: [instance('cart-b', '10.0.0.2')] }),
      ),
    );
    const told = services.map(({ id, owner, instances }) => [
      id.cluster,
      owner,
      instances.map(({ name }) => name).join(),
    ]);
    expect(told.sort()).toEqual([
      ['EU', 'team-upper', 'cart-b'],
      ['Eu', 'nobody here', ''],
      ['eu', 'team-lower', 'cart-a'],
    ]);
  });

  test('of clusters that nobody sees are one, as the first writes it', () => {
    const services = merged(
      place('file', portal({ cluster: 'EU', namespace: 'shop', owner: undefined })),
      place('backstage', portal({ cluster: 'eu', namespace: 'shop' })),
    );
    expect(services.map(({ id, owner }) => [id.cluster, owner])).toEqual([['EU', 'portal']]);
  });

  test('are told apart at once, however many dots somebody writes', () => {
    const name = `${'.'.repeat(200_000)}cart`;
    expect(merged(place('consul', facts({ name, instances: [] }))).map(({ id }) => id.name)).toEqual([name]);
  });

  test.each(['', ' ', '.', '...'])('and nothing at all (%j) is no service', (name) => {
    expect(merged(place('consul', facts({ name, instances: [] })))).toEqual([]);
  });
});
