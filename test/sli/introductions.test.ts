import { beforeEach, describe, expect, test } from '@jest/globals';
import { serviceKey, type ServiceId } from '../../src/domain/service-id.js';
import type { Perspective } from '../../src/domain/slo.js';
import { type Introducer, Introductions } from '../../src/sli/introductions.js';

const service = (name: string): ServiceId => ({ cluster: 'eu1', namespace: 'shop', name });

let known: Set<string>;
let introductions: Introductions;

/** Shows services through a proxy; says which of them were refused. What was taken in is known from then on. */
function shows(proxy: Introducer, names: readonly string[], perspective: Perspective = 'client'): readonly string[] {
  return names.filter((name) => {
    const admitted = introductions.admits(proxy, service(name), perspective);
    if (admitted) known.add(serviceKey(service(name)));
    return !admitted;
  });
}

beforeEach(() => {
  known = new Set();
  introductions = new Introductions({ knows: (id) => known.has(serviceKey(id)) });
});

describe('a proxy', () => {
  test('brings in as many services as it may, and shows these as often as it likes', () => {
    const gateway = introductions.introducer('gateway', 2);
    for (let time = 0; time < 2; time++) expect(shows(gateway, ['a', 'b', 'c', 'd'])).toEqual(['c', 'd']);
    expect([...gateway.refused]).toEqual(['eu1/shop/c', 'eu1/shop/d']);
  });

  test('has services that were known before for nothing', () => {
    known = new Set(['a', 'b', 'c'].map((name) => serviceKey(service(name))));
    expect(shows(introductions.introducer('gateway', 1), ['a', 'b', 'c', 'd', 'e'])).toEqual(['e']);
  });

  test('has no more room after it was away', () => {
    shows(introductions.introducer('gateway', 1), ['a']);
    expect(shows(introductions.introducer('gateway', 1), ['a', 'b'])).toEqual(['b']);
    expect(shows(introductions.introducer('gateway', 2), ['a', 'b'])).toEqual([]);
  });

  test('takes no room from another one', () => {
    shows(introductions.introducer('hostile', 2), ['a', 'b', 'c', 'd']);
    expect(shows(introductions.introducer('honest', 2), ['e', 'f'])).toEqual([]);
  });
});

describe('a service that was refused', () => {
  test('is news once another proxy brings it in', () => {
    const [gateway, pod] = [introductions.introducer('gateway', 1), introductions.introducer('pod', 1)];
    shows(gateway, ['a', 'b']);
    expect(gateway.hasNews).toBe(false);
    shows(pod, ['b'], 'server');
    expect(gateway.hasNews).toBe(true);
    introductions.forgetRefused(gateway);
    expect(shows(gateway, ['a', 'b'])).toEqual([]);
    expect(gateway.hasNews).toBe(false);
  });

  test('is news once a service of the proxy is shown by its own: there is room again', () => {
    const [gateway, pod] = [introductions.introducer('gateway', 1), introductions.introducer('pod', 1)];
    shows(gateway, ['a', 'b']);
    shows(pod, ['a'], 'server');
    expect(gateway.hasNews).toBe(true);
    introductions.forgetRefused(gateway);
    expect(shows(gateway, ['a', 'b'])).toEqual([]);
  });

  test('is none to a proxy that has gone', () => {
    const [gone, pod] = [introductions.introducer('gone', 0), introductions.introducer('pod', 1)];
    shows(gone, ['b']);
    introductions.forgetRefused(gone);
    shows(pod, ['b'], 'server');
    expect(gone.hasNews).toBe(false);
  });
});

test('two broken proxies that show the same make no room for each other', () => {
  const names = Array.from({ length: 20 }, (_, index) => `junk-${index}`);
  const [one, other] = [introductions.introducer('one', 3), introductions.introducer('other', 3)];
  for (let time = 0; time < 10; time++) {
    for (const proxy of [one, other]) {
      introductions.forgetRefused(proxy);
      shows(proxy, names);
    }
  }
  expect(known.size).toBe(6);
});
