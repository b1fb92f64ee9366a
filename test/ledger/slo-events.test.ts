import { expect, test } from '@jest/globals';
import { Ledger } from '../../src/ledger/ledger.js';
import { type SloEventsOver, SloEventsReader } from '../../src/ledger/slo-events.js';
import { cart, cartBatch, cartId, monday, slo, withPath } from './support.js';

const week = 7 * 86_400;
const nextMonday = monday + week;

function over(from: number, to: number, fill: (ledger: Ledger) => void, the = cart): SloEventsOver {
  return withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.declare([the], monday);
    fill(ledger);
    const events = new SloEventsReader(ledger, ledger.extent()!.to).read(the, { from, to }, 'ending-inside');
    ledger.close();
    return events;
  });
}

test('a past week has its own events, those of gaps that end in it, and its own coverage', () => {
  const gap = { slo: cartId, from: nextMonday - 600, to: nextMonday, total: 50, bad: 5 };
  const fill = (ledger: Ledger): void => {
    ledger.commit(cartBatch(monday, 100, 1));
    ledger.commit(cartBatch(nextMonday, 7000, 7, { unplaced: [gap] }));
  };
  expect(over(monday, nextMonday, fill)).toEqual({
    from: monday,
    to: nextMonday,
    total: 150,
    bad: 6,
    unplaced: 50,
    unplacedBad: 5,
    imported: 0,
    coverage: 60 / week,
  });
  expect(over(nextMonday, nextMonday + week, fill)).toMatchObject({
    to: nextMonday + 60,
    total: 7000,
    unplaced: 0,
    coverage: 1,
  });
});

test('a stretch before the present definition has nothing to tell', () => {
  const changed = { ...cart, perspective: 'client' as const };
  const fill = (ledger: Ledger): void => {
    ledger.commit(cartBatch(monday, 100, 1));
    ledger.declare([changed], nextMonday);
    ledger.commit(cartBatch(nextMonday, 100, 1));
  };
  const events = withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.declare([cart], monday);
    fill(ledger);
    const reader = new SloEventsReader(ledger, nextMonday + 60);
    const read = reader.read(changed, { from: monday, to: nextMonday }, 'ending-inside');
    ledger.close();
    return read;
  });
  expect(events).toMatchObject({ from: nextMonday, to: nextMonday, total: 0, coverage: 0 });
});

test('slices of stretches that meet add up, wherever the stretches meet', () => {
  const sliced = slo('cart', { budgeting: { method: 'time-slices', sliceSeconds: 300, sliceObjective: 0.99 } });
  const fill = (ledger: Ledger): void => {
    for (let minute = 0; minute < 15; minute++) ledger.commit(cartBatch(monday + minute * 60, 100, 0));
  };
  const slices = (from: number, to: number): number => over(monday + from, monday + to, fill, sliced).total;
  expect([slices(0, 420), slices(420, 900), slices(0, 900)]).toEqual([2, 1, 3]);
});
