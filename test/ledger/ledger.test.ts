import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SlotBatch } from '../../src/domain/slot-batch.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { batch, cart, cartBatch, cartId, monday, passTime, slo, stock, stockId, withPath } from './support.js';

function withLedger<T>(work: (ledger: Ledger, path: string) => T): T {
  return withPath((path) => {
    const ledger = Ledger.open(path);
    try {
      return work(ledger, path);
    } finally {
      ledger.close();
    }
  });
}

const budget = { unplaced: 'ending-inside' } as const;
const burn = { unplaced: 'wholly-inside' } as const;

describe('a committed slot', () => {
  test('is found again by another opening', () =>
    withPath((path) => {
      const first = Ledger.open(path);
      first.declare([cart], monday);
      first.commit(cartBatch(monday, 100, 3));
      first.close();
      const second = Ledger.open(path);
      expect(second.sums({ from: monday, to: monday + 60 }, budget).of(cartId)).toEqual({
        total: 100,
        bad: 3,
        unplaced: 0,
        unplacedBad: 0,
        imported: 0,
        observedSeconds: 60,
        slices: 0,
        badSlices: 0,
      });
      expect(second.extent()).toEqual({ from: monday, to: monday + 60 });
      expect(second.lastObservedSlot()).toBe(monday);
      second.close();
    }));

  test('belongs to the range that holds its start, so ranges that meet add up', () =>
    withLedger((ledger) => {
      ledger.declare([cart], monday);
      for (let minute = 0; minute < 4; minute++) ledger.commit(cartBatch(monday + minute * 60, 10 ** minute, 0));
      const total = (from: number, to: number): number =>
        ledger.sums({ from: monday + from, to: monday + to }, budget).of(cartId).total;
      expect(total(0, 90)).toBe(11);
      expect(total(90, 240)).toBe(1100);
    }));

  test('cannot be committed a second time, and the first one stays', () =>
    withLedger((ledger) => {
      ledger.declare([cart], monday);
      ledger.commit(cartBatch(monday, 5, 1));
      expect(() => ledger.commit(cartBatch(monday, 7, 1))).toThrow(RangeError);
      expect(ledger.sums({ from: monday, to: monday + 60 }, budget).of(cartId).total).toBe(5);
    }));

  test.each<[string, SlotBatch]>([
    ['an SLO that was never declared', batch(monday, { events: [{ slo: 'who', total: 1, bad: 0, coverage: 1 }] })],
    ['half an event', cartBatch(monday, 1.5, 0)],
    ['a negative count', cartBatch(monday, 1, -1)],
    ['more bad events than events', cartBatch(monday, 1, 2)],
    ['more than all of the time', batch(monday, { events: [{ slo: cartId, total: 1, bad: 0, coverage: 1.1 }] })],
    ['a start between two slots', cartBatch(monday + 30, 1, 0)],
    [
      'a gap that ends before it begins',
      batch(monday, { unplaced: [{ slo: cartId, from: 9, to: 8, total: 1, bad: 0 }] }),
    ],
  ])('with %s is refused before anything is written', (_why, bad) =>
    withLedger((ledger) => {
      ledger.declare([cart], monday);
      expect(() => ledger.commit(bad)).toThrow(RangeError);
      expect(ledger.extent()).toBeUndefined();
    }),
  );
});

describe('events of a gap', () => {
  const gap = { slo: cartId, from: monday + 30, to: monday + 330, total: 50, bad: 5 };

  test('count in the one budget that holds their end, and in burn rates only of windows that hold the whole gap', () =>
    withLedger((ledger) => {
      ledger.declare([cart], monday);
      ledger.commit(cartBatch(monday + 300, 10, 1, { unplaced: [gap] }));
      const sums = (from: number, to: number, reading: typeof budget | typeof burn): readonly number[] => {
        const { total, bad, unplaced } = ledger.sums({ from: monday + from, to: monday + to }, reading).of(cartId);
        return [total, bad, unplaced];
      };
      expect(sums(0, 300, budget)).toEqual([0, 0, 0]);
      expect(sums(300, 360, budget)).toEqual([60, 6, 50]);
      expect(sums(0, 330, budget)).toEqual([60, 6, 50]);
      expect(sums(60, 360, burn)).toEqual([10, 1, 0]);
      expect(sums(0, 360, burn)).toEqual([60, 6, 50]);
    }));
});

/** A ledger's life in short: which slots there were, of which SLOs, and what the sums must be. */
const slots = fc.uniqueArray(
  fc.record({
    minute: fc.nat(3 * 1440),
    cart: fc.option(fc.record({ total: fc.nat(5000), badShare: fc.nat(100) })),
    stock: fc.option(fc.record({ total: fc.nat(5), badShare: fc.nat(100) })),
    gapMinutes: fc.option(fc.integer({ min: 1, max: 200 })),
  }),
  { selector: ({ minute }) => minute, maxLength: 60 },
);

test('sums over any range equal the sum of what was committed, before and after compaction at 5-minute bounds', () => {
  fc.assert(
    fc.property(slots, fc.array(fc.tuple(fc.nat(900), fc.nat(900)), { maxLength: 8 }), (unsorted, ranges) =>
      withLedger((ledger) => {
        const life = [...unsorted].sort((a, b) => a.minute - b.minute);
        const events: { at: number; total: number; bad: number; gap?: number }[] = [];
        ledger.declare([cart], monday);
        for (const { minute, cart: cartEvents, stock: stockEvents, gapMinutes } of life) {
          const at = monday + minute * 60;
          if (stockEvents) ledger.declare([cart, stock], at);
          const rows = [
            { slo: cartId, given: cartEvents },
            { slo: stockId, given: stockEvents },
          ].flatMap(({ slo: id, given }) =>
            given
              ? [{ slo: id, total: given.total, bad: Math.floor((given.total * given.badShare) / 100), coverage: 1 }]
              : [],
          );
          const unplaced = gapMinutes
            ? [{ slo: cartId, from: at - gapMinutes * 60, to: at + 30, total: 9, bad: 2 }]
            : [];
          ledger.commit(batch(at, { events: rows, unplaced }));
          for (const row of rows) if (row.slo === cartId) events.push({ at, total: row.total, bad: row.bad });
          if (unplaced.length > 0) events.push({ at, total: 9, bad: 2 });
        }
        const check = (): void => {
          for (const [a, b] of [...ranges, [0, 1000] as const]) {
            const [from, to] = [monday + Math.min(a, b) * 300, monday + Math.max(a, b) * 300];
            const inside = events.filter(({ at }) => at >= from && at < to);
            const { total, bad } = ledger.sums({ from, to }, budget).of(cartId);
            expect([total, bad]).toEqual([
              inside.reduce((sum, row) => sum + row.total, 0),
              inside.reduce((sum, row) => sum + row.bad, 0),
            ]);
          }
        };
        check();
        ledger.compact();
        check();
        passTime(ledger, monday + 9 * 86_400);
        check();
        expect(ledger.verify()).toEqual([]);
      }),
    ),
    { numRuns: 25 },
  );
});

test('an SLO added later has nothing in older slots', () =>
  withLedger((ledger) => {
    ledger.declare([cart], monday);
    ledger.commit(cartBatch(monday, 5, 0));
    ledger.declare([slo('z')], monday + 60);
    expect(ledger.sums({ from: monday, to: monday + 60 }, budget).of('eu/shop/z/availability').total).toBe(0);
    expect(ledger.series('eu/shop/z/availability', { from: monday, to: monday + 60 }, 60)).toEqual([
      { at: monday, seconds: 60, total: 0, bad: 0, coverage: undefined },
    ]);
  }));
