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
