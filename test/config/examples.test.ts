import { expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.js';
import { SloCatalogue } from '../../src/config/slo-catalogue.js';

const file = 'examples/meshslo.yaml';

test('the example is without mistakes', () => {
  const { config, diagnostics } = loadConfig(file);
  expect(diagnostics).toEqual([]);
  expect(config?.scrape.jobs.map(({ name, intervalSeconds, path }) => ({ name, intervalSeconds, path }))).toEqual([
    { name: 'sidecars', intervalSeconds: 15, path: '/stats/prometheus' },
  ]);
});

test('its SLO files make these promises', () => {
  const catalogue = new SloCatalogue(loadConfig(file).config!.slos);
  const service = { cluster: 'prod-eu', namespace: 'payments', name: 'checkout' };
  expect(catalogue.all().filter((slo) => slo.service.name === 'checkout')).toMatchObject([
    { service, name: 'availability', objective: 0.9995, tier: 'critical', owner: 'team-payments', origin: 'default' },
    { name: 'latency', objective: 0.995, indicator: { kind: 'latency', thresholdSeconds: 0.25 }, origin: 'file' },
    { name: 'web-v2', filter: { caller: 'web', version: 'v2' }, window: { kind: 'rolling', seconds: 28 * 86_400 } },
    { name: 'outside-in', objective: 0.998, perspective: 'union' },
    { name: 'steady', budgeting: { method: 'time-slices', sliceSeconds: 300, sliceObjective: 0.95 } },
  ]);
});
