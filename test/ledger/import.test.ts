import { describe, expect, test } from '@jest/globals';
import type { SlotBatch } from '../../src/domain/slot-batch.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { cart, cartBatch, cartId, monday, passTime, withPath } from './support.js';

const day = 86_400;

/** Slots of 10 requests, one of them bad. */
function history(from: number, count: number, slotSeconds: 60 | 300 | 900): readonly SlotBatch[] {
  return Array.from({ length: count }, (_, number) => cartBatch(from + number * slotSeconds, 10, 1, { slotSeconds }));
}

function withCart(work: (ledger: Ledger) => void): void {
  withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.declare([cart], monday);
    work(ledger);
    expect(ledger.verify()).toEqual([]);
    ledger.close();
  });
}

function total(ledger: Ledger, from: number, to: number): readonly number[] {
  const sums = ledger.sums({ from, to }, { unplaced: 'ending-inside' }).of(cartId);
  return [sums.total, sums.bad, sums.imported];
}

describe('imported history', () => {
  test.each<[SlotBatch['slotSeconds'], number, string]>([
    [60, 1440, 'a day of minutes'],
    [300, 3 * 288, 'three days of 5 minutes'],
    [900, 2 * 96 + 1, 'two days and a quarter of an hour'],
  ])('in slots of %i s counts once, however often it is imported: %i, %s', (slotSeconds, count) =>
    withCart((ledger) => {
      const slots = history(monday, count, slotSeconds);
      expect(ledger.import(slots, { origin: 'log' })).toEqual({ added: count, repeated: 0, skipped: 0 });
      expect(ledger.import(slots, { origin: 'log' })).toEqual({ added: 0, repeated: count, skipped: 0 });
      expect(ledger.import(slots, { origin: 'other' })).toEqual({ added: 0, repeated: 0, skipped: count });
      expect(total(ledger, monday, monday + 9 * day)).toEqual([count * 10, count, count * 10]);
      expect(ledger.lastObservedSlot()).toBeUndefined();
    }),
  );

  test('leaves alone what was observed', () =>
    withCart((ledger) => {
      for (let minute = 0; minute < 10; minute++) ledger.commit(cartBatch(monday + day + minute * 60, 1000, 0));
      const result = ledger.import(history(monday + day - 3600, 24, 300), { origin: 'log' });
      expect(result).toEqual({ added: 22, repeated: 0, skipped: 2 });
      expect(total(ledger, monday, monday + 2 * day)).toEqual([10_220, 22, 220]);
    }));

  test('gives way, slot by slot, to what is observed later', () =>
    withCart((ledger) => {
      ledger.import(history(monday, 12, 300), { origin: 'log' });
      ledger.commit(cartBatch(monday + 3540, 500, 0));
      expect(total(ledger, monday, monday + 3600)).toEqual([610, 11, 110]);
      expect(ledger.gaps({ from: monday, to: monday + 3600 })).toEqual([{ from: monday + 3300, to: monday + 3540 }]);
    }));

  test('gives way whole, with its breakdown and signals, and tells how much is lost by that', () =>
    withCart((ledger) => {
      const facts = { caller: 'web', callerCluster: '', version: '', method: '', flags: '-', code: '503' };
      const signal = { service: cart.service, requests: 100, errors: 10, leftOut: 0, latency: undefined };
      const signals = [{ ...signal, memoryBytes: undefined, connections: undefined, proxies: 1 }];
      const wide = cartBatch(monday, 100, 10, {
        slotSeconds: 300,
        breakdown: [{ slo: cartId, facts, bad: 10 }],
        signals,
      });
      ledger.import([wide], { origin: 'log' });
      const observed = (minute: number) =>
        cartBatch(monday + minute * 60, 100, 1, { breakdown: [{ slo: cartId, facts, bad: 1 }] });
      expect(ledger.commit(observed(2))).toEqual({ isCounted: true, lostSeconds: 240 });
      expect(ledger.commit(observed(3))).toEqual({ isCounted: true, lostSeconds: 0 });
      const range = { from: monday, to: monday + 300 };
      expect(ledger.breakdown(cartId, range)).toMatchObject({ bad: 2, rows: [{ bad: 2 }], other: 0 });
      expect(ledger.traffic(range)).toEqual([]);
      expect(total(ledger, monday, monday + 300)).toEqual([200, 2, 0]);
    }));

  test('stands where its hour was imported whole; what was observed there is left out, its checkpoints are not', () =>
    withCart((ledger) => {
      ledger.import(history(monday, 36, 300), { origin: 'log' });
      const checkpoints = [{ key: 'a', state: Buffer.from('1') }];
      expect(ledger.commit(cartBatch(monday + 120, 500, 5, { checkpoints }))).toEqual({
        isCounted: false,
        lostSeconds: 0,
      });
      expect(total(ledger, monday, monday + 3600)).toEqual([120, 12, 120]);
      expect(ledger.checkpoints().map(({ key }) => key)).toEqual(['a']);
      expect(ledger.hasObservedSlot(monday + 120)).toBe(false);
    }));

  test.each([
    [1, 'the first minute of a cell'],
    [2, 'two of five'],
    [17, 'three cells and two minutes of the fourth'],
  ])('of %i minutes keeps its label beside what is observed, however merged: %s', (minutes) =>
    withCart((ledger) => {
      ledger.import(history(monday, minutes, 60), { origin: 'log' });
      for (let minute = minutes; minute < 65; minute++) ledger.commit(cartBatch(monday + minute * 60, 100, 0));
      const expected = [minutes * 10 + (60 - minutes) * 100, minutes, minutes * 10];
      expect(total(ledger, monday, monday + 3600)).toEqual(expected);
      for (const later of [4 * day, 102 * day]) {
        passTime(ledger, monday + later);
        expect(total(ledger, monday, monday + 3600)).toEqual(expected);
        expect(ledger.verify()).toEqual([]);
      }
    }),
  );

  test('goes on where it ended, within the same hour', () =>
    withCart((ledger) => {
      ledger.import(history(monday, 5, 300), { origin: 'log' });
      ledger.import(history(monday + 1500, 300, 300), { origin: 'log' });
      for (let minute = 0; minute < 90; minute++) ledger.commit(cartBatch(monday + 305 * 300 + minute * 60, 1, 0));
      expect(total(ledger, monday, monday + 3 * day)).toEqual([3140, 305, 3050]);
      ledger.compact();
      expect(total(ledger, monday, monday + 3 * day)).toEqual([3140, 305, 3050]);
    }));

  test('brings its gaps into hours that are closed', () =>
    withCart((ledger) => {
      const gap = { slo: cartId, from: monday, to: monday + 3600, total: 30, bad: 3 };
      const slots = history(monday, 3 * 288, 300);
      ledger.import(
        slots.map((slot, number) => (number === 288 ? { ...slot, unplaced: [gap] } : slot)),
        { origin: 'log' },
      );
      expect(total(ledger, monday, monday + 3600)).toEqual([150, 15, 120]);
      expect(total(ledger, monday + 3600, monday + day)).toEqual([2760, 276, 2760]);
    }));
});

describe('retention', () => {
  test('minutes become 5 minutes after 3 days, and quarters of an hour after 100', () =>
    withCart((ledger) => {
      for (let minute = 0; minute < 60; minute++) ledger.commit(cartBatch(monday + minute * 60, 1, 0));
      const widths = (): readonly number[] => [
        ...new Set(
          ledger
            .series(cartId, { from: monday, to: monday + 3600 }, 60)
            .filter(({ coverage }) => coverage !== undefined)
            .map(({ seconds }) => seconds),
        ),
      ];
      expect(widths()).toEqual([60]);
      passTime(ledger, monday + 3 * day + 3600);
      expect(widths()).toEqual([300]);
      passTime(ledger, monday + 101 * day);
      expect(widths()).toEqual([900]);
      expect(total(ledger, monday, monday + 3600)).toEqual([60, 0, 0]);
      passTime(ledger, monday + 800 * day);
      expect(ledger.extent()!.from).toBe(monday + 101 * day - 6 * 3600);
    }));

  test('the coverage of a merged slot is the mean over its width', () =>
    withCart((ledger) => {
      for (const minute of [0, 1, 3]) ledger.commit(cartBatch(monday + minute * 60, 1, 0));
      ledger.commit(cartBatch(monday + 7200, 1, 0));
      const [first, second] = ledger.series(cartId, { from: monday, to: monday + 600 }, 300);
      expect(first).toEqual({ at: monday, seconds: 300, total: 3, bad: 0, coverage: 0.6 });
      expect(second!.coverage).toBeUndefined();
    }));
});

describe('epochs', () => {
  test('another mesh is another meaning; one that only becomes known is not, and one that is unknown again is kept', () =>
    withPath((path) => {
      const ledger = Ledger.open(path);
      const through = (mesh: string | undefined, at: number): void => ledger.declare([{ ...cart, mesh }], monday + at);
      through(undefined, 10);
      through('linkerd', 20);
      through(undefined, 30);
      through('istio', 40);
      const [declared] = ledger.slos();
      ledger.close();
      expect(declared!.epochs.map(({ since, slo: { mesh } }) => [since, mesh])).toEqual([
        [monday + 10, 'linkerd'],
        [monday + 40, 'istio'],
      ]);
    }));

  test('begin when the meaning changes, not when the owner does', () =>
    withCart((ledger) => {
      ledger.declare([{ ...cart, owner: 'checkout' }], monday + 10);
      ledger.declare([{ ...cart, owner: 'checkout', objective: 0.99 }], monday + 20);
      ledger.declare([{ ...cart, owner: 'checkout', objective: 0.99 }], monday + 30);
      const [declared] = ledger.slos();
      expect(declared!.epochs.map(({ since, slo: { objective, owner } }) => [since, objective, owner])).toEqual([
        [monday, 0.999, 'checkout'],
        [monday + 20, 0.99, 'checkout'],
      ]);
    }));

  test('of a clock that was set back do not hide behind older ones', () =>
    withCart((ledger) => {
      ledger.declare([{ ...cart, objective: 0.9 }], monday - 100);
      expect(ledger.slos()[0]!.epochs.at(-1)!.slo.objective).toBe(0.9);
    }));
});
