import { describe, expect, test } from '@jest/globals';
import { Ledger } from '../../src/ledger/ledger.js';
import { cart, cartBatch, cartId, monday, passTime, withPath } from './support.js';

const day = 86_400;
const farAhead = monday + 3 * 366 * day;

function withCart(work: (ledger: Ledger) => void): void {
  withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.declare([cart], monday);
    work(ledger);
    expect(ledger.verify()).toEqual([]);
    ledger.close();
  });
}

function commitMinutes(ledger: Ledger, from: number, minutes: number): void {
  for (let minute = 0; minute < minutes; minute++) ledger.commit(cartBatch(from + minute * 60, 100, 1));
}

function totalOf(ledger: Ledger, from: number, to: number): number {
  return ledger.sums({ from, to }, { unplaced: 'ending-inside' }).of(cartId).total;
}

/** Width of the slots that are left of the first hour; undefined where nothing is. */
function widthLeft(ledger: Ledger): number | undefined {
  const [point] = ledger.series(cartId, { from: monday, to: monday + 60 }, 60);
  return point!.coverage === undefined ? undefined : point!.seconds;
}

describe('a clock that jumps ahead', () => {
  test('drops and merges nothing, for minutes and for hours', () =>
    withCart((ledger) => {
      commitMinutes(ledger, monday, 61);
      ledger.commit(cartBatch(farAhead, 1, 0));
      ledger.compact();
      expect([totalOf(ledger, monday, monday + 7200), widthLeft(ledger)]).toEqual([6100, 60]);
      commitMinutes(ledger, farAhead + 60, 5 * 60);
      ledger.compact();
      expect([totalOf(ledger, monday, monday + 7200), widthLeft(ledger)]).toEqual([6100, 60]);
    }));

  test('is believed when most of a working day stands behind it', () =>
    withCart((ledger) => {
      commitMinutes(ledger, monday, 61);
      passTime(ledger, farAhead);
      expect(totalOf(ledger, monday, monday + 7200)).toBe(0);
    }));

  test('leaves the ages of what came before it: they go on from the last day that was believed', () =>
    withCart((ledger) => {
      commitMinutes(ledger, monday, 61);
      passTime(ledger, monday + 4 * day);
      expect(widthLeft(ledger)).toBe(300);
      ledger.commit(cartBatch(farAhead, 1, 0));
      ledger.compact();
      expect([totalOf(ledger, monday, monday + 7200), widthLeft(ledger)]).toEqual([6100, 300]);
    }));

  test('and comes back goes on where it was: the hour it left, and the ones after it', () =>
    withCart((ledger) => {
      commitMinutes(ledger, monday, 30);
      ledger.commit(cartBatch(farAhead, 7, 0));
      commitMinutes(ledger, monday + 30 * 60, 120);
      expect(totalOf(ledger, monday, monday + day)).toBe(15_000);
      expect(totalOf(ledger, farAhead, farAhead + day)).toBe(7);
      expect(ledger.gaps({ from: monday, to: monday + 150 * 60 })).toEqual([]);
      expect([ledger.hasObservedSlot(monday + 149 * 60), ledger.hasObservedSlot(monday + 150 * 60)]).toEqual([
        true,
        false,
      ]);
    }));
});

describe('an older minute that is free', () => {
  test('is taken by an hour that is closed', () =>
    withCart((ledger) => {
      commitMinutes(ledger, monday, 20);
      commitMinutes(ledger, monday + day, 120);
      ledger.commit(cartBatch(monday + 40 * 60, 5, 5));
      expect(totalOf(ledger, monday, monday + day)).toBe(2005);
      expect(() => ledger.commit(cartBatch(monday + 40 * 60, 5, 5))).toThrow(RangeError);
    }));

  test('is taken by an hour whose minutes are merged, and by a day that is summed', () =>
    withCart((ledger) => {
      commitMinutes(ledger, monday, 21);
      passTime(ledger, monday + 5 * day);
      ledger.commit(cartBatch(monday + 22 * 60, 5, 5));
      ledger.commit(cartBatch(monday + 5 * 3600, 8, 0));
      expect(totalOf(ledger, monday, monday + day)).toBe(2113);
      expect(ledger.series(cartId, { from: monday + 1200, to: monday + 1500 }, 300)).toEqual([
        { at: monday + 1200, seconds: 300, total: 105, bad: 6, coverage: 0.4 },
      ]);
      ledger.compact();
      expect(totalOf(ledger, monday, monday + day)).toBe(2113);
    }));
});
