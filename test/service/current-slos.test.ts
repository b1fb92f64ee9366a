import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.js';
import type { SloRules } from '../../src/config/slo-rules.js';
import { CurrentSlos } from '../../src/service/current-slos.js';

const cart = { cluster: 'eu1', namespace: 'shop', name: 'cart' };

function rules(tiers: string): SloRules {
  const file = join(mkdtempSync(join(tmpdir(), 'meshslo-slos-')), 'meshslo.yaml');
  writeFileSync(
    file,
    `cluster: eu1\nscrape: { jobs: [{ name: a, mesh: istio, targets: [{ static: ['h:1'] }] }] }\n${tiers}`,
  );
  return loadConfig(file).config!.slos;
}

test('a service that was met through a mesh before a restart is met there again', () => {
  const slos = new CurrentSlos(rules(''));
  const [slo] = slos.slosOf(cart, 'server', 'istio');
  expect(slo?.mesh).toBe('istio');
  const again = new CurrentSlos(rules(''));
  again.meet(slo!.service, slo!.perspective, slo!.mesh);
  expect(again.meshOf(cart)).toBe('istio');
});

test('services that were met keep their place when the rules are replaced, and answers are marked as new', () => {
  const slos = new CurrentSlos(rules(''));
  const before = slos.slosOf(cart, 'server', 'istio');
  expect(before.map(({ name, objective }) => [name, objective])).toContainEqual(['availability', 0.999]);
  const version = slos.version;

  slos.replace(rules('tiers: [{ tier: critical, namespace: shop }]'));
  expect(slos.version).toBeGreaterThan(version);
  expect(slos.all().find(({ name }) => name === 'availability')).toMatchObject({ service: cart, objective: 0.9995 });
  expect(slos.has('eu1/shop/cart/availability')).toBe(true);
  expect(slos.has('eu1/shop/other/availability')).toBe(false);
});

test('a service that the catalogue knows in the mesh has its SLOs before its first request, with owner and tier as it says', () => {
  const slos = new CurrentSlos(rules(''));
  const known = { id: cart, owner: 'payments', tier: 'critical', mesh: undefined, isCallable: true };
  slos.catalogued([known]);
  expect(slos.all()).toEqual([]);
  slos.catalogued([{ ...known, mesh: 'istio', isCallable: false }]);
  expect(slos.all()).toEqual([]);
  const version = slos.version;
  expect(slos.catalogued([{ ...known, mesh: 'istio' }])).toBe(true);
  expect(slos.version).toBeGreaterThan(version);
  expect(slos.all().find(({ name }) => name === 'availability')).toMatchObject({
    service: cart,
    owner: 'payments',
    tier: 'critical',
    objective: 0.9995,
  });
  expect(slos.catalogued([{ ...known, mesh: 'istio' }])).toBe(false);
});

test('what the configuration says of owners and tiers goes before the catalogue, and a tier that there is not is none', () => {
  const slos = new CurrentSlos(
    rules('owners: [{ owner: shop, namespace: shop }]\ntiers: [{ tier: critical, service: cart }]'),
  );
  const other = { ...cart, name: 'stock', namespace: 'depot' };
  slos.catalogued([
    { id: cart, owner: 'payments', tier: 'best-effort', mesh: 'istio', isCallable: true },
    { id: other, owner: 'depot', tier: 'platinum', mesh: 'istio', isCallable: true },
  ]);
  const told = slos.all().map(({ service, owner, tier }) => `${service.name} ${owner} ${tier}`);
  expect([...new Set(told)]).toEqual(['stock depot standard', 'cart shop critical']);
});

test('what the catalogue said before a restart holds while it is waited for, fills up what is lacking, and goes when all of it is read', () => {
  const slos = new CurrentSlos(rules(''));
  slos.remember([{ id: cart, owner: 'payments', tier: 'critical' }]);
  slos.meet(cart, 'server', 'istio');
  const availability = () => slos.all().find(({ name }) => name === 'availability');
  const before = { owner: 'payments', tier: 'critical', objective: 0.9995 };
  expect(availability()).toMatchObject(before);
  const half = { id: cart, owner: undefined, tier: undefined, mesh: 'istio', isCallable: true };
  slos.catalogued([half], 'begun');
  expect(availability()).toMatchObject(before);
  slos.catalogued([{ ...half, owner: 'shop' }], 'begun');
  expect(availability()).toMatchObject(before);
  expect(slos.catalogued([{ ...half, owner: 'shop' }], 'lacking')).toBe(true);
  expect(availability()).toMatchObject({ owner: 'shop', tier: 'critical', objective: 0.9995 });
  slos.catalogued([half], 'lacking');
  expect(availability()).toMatchObject(before);
  const version = slos.version;
  expect(slos.catalogued([{ ...half, owner: 'shop' }])).toBe(true);
  expect(slos.version).toBeGreaterThan(version);
  expect(availability()).toMatchObject({ owner: 'shop', objective: 0.999 });
});

test('what files and the configuration say goes before what is remembered', () => {
  const slos = new CurrentSlos(rules('owners: [{ namespace: shop, owner: team-shop }]'));
  slos.remember([{ id: cart, owner: 'payments', tier: undefined }]);
  slos.meet(cart, 'server', 'istio');
  expect(new Set(slos.all().map(({ owner }) => owner))).toEqual(new Set(['team-shop']));
});
