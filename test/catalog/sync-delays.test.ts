import { expect, test } from '@jest/globals';
import { SyncDelays } from '../../src/catalog/registry/sync-delays.js';

const delay = (registry: string, seconds: number, errorSeconds = 5) => ({
  registry,
  envoy: '10.0.0.1:9901',
  service: 'cart',
  seconds,
  errorSeconds,
});

test('delays of the last hour are told by rank, with the furthest that any may be off', () => {
  const delays = new SyncDelays();
  expect(delays.summaries(0)).toEqual([]);
  for (let second = 1; second <= 100; second += 1) delays.take(delay('dc2', second), 1000);
  delays.take(delay('dc1', 4, 12), 1000);
  // Of 100 delays the 50th and the 99th.
  expect(delays.summaries(1000)).toEqual([
    { registry: 'dc1', changes: 1, p50Seconds: 4, p99Seconds: 4, errorSeconds: 12 },
    { registry: 'dc2', changes: 100, p50Seconds: 50, p99Seconds: 99, errorSeconds: 5 },
  ]);
  delays.take(delay('dc1', 8), 4000);
  expect(delays.summaries(4600)).toEqual([
    { registry: 'dc1', changes: 1, p50Seconds: 8, p99Seconds: 8, errorSeconds: 5 },
  ]);
});

test('a registry in which much changes crowds out nothing of another one', () => {
  const delays = new SyncDelays();
  delays.take(delay('quiet', 4), 1000);
  for (let change = 0; change < 50_000; change += 1) delays.take(delay('noisy', 1), 1001);
  expect(delays.summaries(1002)).toMatchObject([
    { registry: 'noisy', changes: 10_000 },
    { registry: 'quiet', changes: 1, p50Seconds: 4 },
  ]);
});

test('of a registry that nobody follows any more nothing is kept', () => {
  const delays = new SyncDelays();
  for (const registry of ['dc1', 'dc2']) delays.take(delay(registry, 4), 1000);
  delays.keep(new Set(['dc2']));
  expect(delays.summaries(1001).map(({ registry }) => registry)).toEqual(['dc2']);
  delays.keep(new Set(['dc1', 'dc2']));
  expect(delays.summaries(1001).map(({ registry }) => registry)).toEqual(['dc2']);
});
