import { describe, expect, test } from '@jest/globals';
import { Ledger } from '../../src/ledger/ledger.js';
import { cart, cartBatch, cartId, monday, withPath } from './support.js';

function worstOf(fill: (ledger: Ledger) => void, from: number, to: number): number {
  return withPath((path) => {
    const ledger = Ledger.open(path);
    try {
      ledger.declare([cart], monday);
      fill(ledger);
      return ledger.worstMinutes({ from, to })(cartId);
    } finally {
      ledger.close();
    }
  });
}

describe('the worst minute', () => {
  const minutes = (ledger: Ledger): void =>
    [3, 50, 0, 7].forEach((bad, minute) => ledger.commit(cartBatch(monday + minute * 60, 100, bad)));

  test('is the one with most bad events of those in the range', () => {
    expect(worstOf(minutes, monday, monday + 240)).toBe(50);
    expect(worstOf(minutes, monday + 120, monday + 240)).toBe(7);
    expect(worstOf(minutes, monday + 240, monday + 3600)).toBe(0);
  });

  test('is a wider slot where the minutes of imported history are gone', () => {
    const history = (ledger: Ledger): void => {
      const slots = [5, 60, 2].map((bad, slot) => {
        return { ...cartBatch(monday + slot * 300, 1000, bad), slotSeconds: 300 as const };
      });
      ledger.import(slots, { origin: 'elsewhere' });
    };
    expect(worstOf(history, monday, monday + 900)).toBe(60);
    expect(worstOf(history, monday + 600, monday + 900)).toBe(2);
  });
});
