import { describe, expect, test } from '@jest/globals';
import { seriesInterpreter } from '../../src/packs/interpreter.js';
import { loadPacks, packFor } from '../../src/packs/load-packs.js';
import { type HistoryRow, HistoryTally } from '../../src/sli/history-tally.js';
import { ListedSlos, slo } from './directory.js';

const istio = packFor(loadPacks().packs, 'istio')!;
const labels = {
  reporter: 'destination',
  source_canonical_service: 'web',
  destination_service_name: 'cart',
  destination_service_namespace: 'shop',
  response_flags: '-',
  grpc_response_status: '',
};
const ok = { series: 0, labels: { ...labels, response_code: '200' } };
const failed = { series: 1, labels: { ...labels, response_code: '503' } };

function history(): HistoryTally {
  const fast = slo({ name: 'latency', indicator: { kind: 'latency', thresholdSeconds: 0.25 } });
  const interpreter = seriesInterpreter(istio, { cluster: 'eu1', clusterAliases: new Map() });
  return new HistoryTally(istio, interpreter, new ListedSlos([slo(), fast]));
}

const row = (changes: Partial<HistoryRow>): HistoryRow => ({
  at: 300,
  seconds: 300,
  series: 0,
  count: 0,
  buckets: {},
  ...changes,
});

describe('history', () => {
  test('becomes slots by the same rules as scraped series', () => {
    const past = history();
    past.add(ok);
    past.add(failed);
    past.add(row({ count: 100, buckets: { '100': 80, '250': 15, '500': 4, '+Inf': 1 } }));
    past.add(row({ series: 1, count: 3, buckets: { '1': 3 } }));
    const slot = past.add(row({ at: 600 }))!;
    expect(slot).toMatchObject({ slotStart: 300, slotSeconds: 300 });
    expect(slot.events).toEqual([
      { slo: 'eu1/shop/cart/availability', total: 103, bad: 3, coverage: 1 },
      { slo: 'eu1/shop/cart/latency', total: 103, bad: 8, coverage: 1 }, // 4 + 1 slow ones, and 3 fast errors
    ]);
    expect(slot.signals[0]!.latency!.counts.reduce((sum, count) => sum + count, 0)).toBe(103);
  });

  test('ends with the slot that was open', () => {
    const past = history();
    past.add(ok);
    past.add(row({ count: 7 }));
    expect(past.end()).toMatchObject({ slotStart: 300, events: [{ total: 7 }, { total: 7 }] });
    expect(past.end()).toBeUndefined();
  });

  test.each([
    { line: row({ series: 9, count: 1 }), why: 'a label set that was never declared' },
    { line: row({ at: 301 }), why: 'a moment that is no slot' },
    { line: row({ count: -1 }), why: 'fewer than no requests' },
    { line: row({ count: 1.5 }), why: 'half a request' },
    { line: row({ count: 1, buckets: { '5': 2 } }), why: 'more requests in its buckets than there were' },
  ])('refuses $why', ({ line }) => {
    const past = history();
    past.add(ok);
    expect(() => past.add(line)).toThrow(expect.objectContaining({ code: 'body-malformed' }));
  });

  test('does not go back in time', () => {
    const past = history();
    past.add(ok);
    past.add(row({ at: 600, count: 1 }));
    expect(() => past.add(row({ at: 300, count: 1 }))).toThrow('history goes back to 300 after 600');
  });
});
