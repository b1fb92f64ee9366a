import { describe, expect, test } from '@jest/globals';
import { type Slo, sloId } from '../../src/domain/slo.js';
import { type BurnDown, burnDown } from '../../src/ledger/burn-down.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { sloStatuses } from '../../src/ledger/slo-status.js';
import { batch, cartBatch, cartId, monday, slo, withPath } from './support.js';

const hour = 3600;
const day = 24 * hour;
/** 99 % over two days. */
const twoDays = slo('cart', { objective: 0.99, window: { kind: 'rolling', seconds: 2 * day } });

function curve(the: Slo, now: number, fill: (ledger: Ledger) => void): BurnDown {
  return withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.declare([the], monday);
    fill(ledger);
    const found = burnDown(ledger, sloStatuses(ledger, [the], now)[0]!);
    ledger.close();
    return found;
  });
}

/** What was left so many hours after Monday. */
function left({ from, remainingRatio }: BurnDown, hoursAfterMonday: number): number | undefined {
  return remainingRatio[(monday + hoursAfterMonday * hour - from) / hour];
}

describe('a rolling window', () => {
  // 1000 events an hour, 10 of them may be bad; 5 bad ones in the hour after Monday 06:00.
  const steady = (ledger: Ledger): void => {
    for (let at = 0; at < 4 * 24; at++) ledger.commit(cartBatch(monday + at * hour, 1000, at === 6 ? 5 : 0));
  };
  const found = curve(twoDays, monday + 4 * day - hour + 60, steady);

  test('has a point at each whole hour of the last week', () => {
    expect(found).toMatchObject({ to: monday + 4 * day - hour, from: monday - 3 * day - hour, stepSeconds: hour });
    expect(found.remainingRatio).toHaveLength(7 * 24 + 1);
    expect(found.resets).toEqual([]);
  });

  test('spends where something failed, and gets it back when that leaves the window', () => {
    expect(left(found, 0)).toBeUndefined(); // Nothing was there before Monday.
    expect(left(found, 6)).toBe(1); // 6000 events, none bad.
    expect(left(found, 7)).toBeCloseTo(1 - 5 / 70, 12); // 7000 events allow 70.
    expect(left(found, 48)).toBeCloseTo(1 - 5 / 480, 12); // The whole window: 48,000 events.
    expect(left(found, 54)).toBeCloseTo(1 - 5 / 480, 12); // Its first hour is the bad one.
    expect(left(found, 55)).toBe(1);
  });

  test('says from when on its window holds no time before the first observation', () => {
    expect(found.completeFrom).toBe(monday + 2 * day);
  });

  test('without any observation there is nothing to tell', () => {
    const nothing = curve(twoDays, monday + day, () => undefined);
    expect(new Set(nothing.remainingRatio)).toEqual(new Set([undefined]));
    expect(nothing.completeFrom).toBeUndefined();
  });
});

test('the events of a gap count from its end on, in every window that holds the end', () => {
  const found = curve(twoDays, monday + 3 * day + 60, (ledger) => {
    const gap = { slo: cartId, from: monday + hour, to: monday + 2.5 * hour, total: 1000, bad: 30 };
    ledger.commit(cartBatch(monday, 1000, 0));
    ledger.commit(batch(monday + 2.5 * hour, { unplaced: [gap] }));
    ledger.commit(cartBatch(monday + 3 * day - hour, 1000, 0));
  });
  expect(left(found, 2)).toBe(1);
  expect(left(found, 3)).toBeCloseTo(1 - 30 / 20, 12); // 2000 events allow 20.
  expect(left(found, 50)).toBeCloseTo(1 - 30 / 10, 12); // The hour has left the window, the gap's end has not.
  expect(left(found, 51)).toBeUndefined();
});

test('a calendar window is whole again where it begins', () => {
  const weekly = slo('cart', { objective: 0.99, window: { kind: 'calendar', period: 'week', timeZone: 'UTC' } });
  const found = curve(weekly, monday + day + 60, (ledger) => {
    ledger.commit(cartBatch(monday - 2 * hour, 1000, 5));
    ledger.commit(cartBatch(monday + hour, 1000, 0));
  });
  expect(found.resets).toEqual([monday]);
  expect(left(found, -1)).toBe(0.5);
  expect(left(found, 0)).toBe(0.5); // The end of the old week.
  expect(left(found, 1)).toBeUndefined();
  expect(left(found, 2)).toBe(1);
  expect(found.completeFrom).toBe(monday); // It was first seen within the week before.
});

test('a calendar window may begin at a half hour', () => {
  const window = { kind: 'calendar', period: 'week', timeZone: 'Asia/Kolkata' } as const;
  const found = curve(slo('cart', { objective: 0.99, window }), monday + day, (ledger) => {
    // The week in Kolkata begins at 18:30 UTC on Sunday.
    ledger.commit(cartBatch(monday - 5.5 * hour - 60, 1000, 5));
    ledger.commit(cartBatch(monday - 5.5 * hour, 1000, 2));
  });
  expect(found.resets).toEqual([monday - 5.5 * hour]);
  expect(left(found, -5)).toBeCloseTo(0.8, 12);
});

test('what was measured otherwise before is not counted', () => {
  const changed = { ...twoDays, perspective: 'client' as const };
  const found = withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.declare([twoDays], monday);
    ledger.commit(cartBatch(monday + 10 * 60, 1000, 900));
    ledger.declare([changed], monday + 20 * 60);
    ledger.commit(cartBatch(monday + 30 * 60, 1000, 5));
    ledger.commit(cartBatch(monday + hour, 1000, 0));
    const curve = burnDown(ledger, sloStatuses(ledger, [changed], monday + hour + 60)[0]!);
    ledger.close();
    return curve;
  });
  expect(left(found, 1)).toBe(0.5);
  expect(found.completeFrom).toBe(monday + 20 * 60 + 2 * day);
});

test.each([
  { why: 'rolling', the: twoDays },
  { why: 'calendar', the: slo('cart', { window: { kind: 'calendar', period: 'week', timeZone: 'Europe/Berlin' } }) },
  {
    why: 'slices',
    the: slo('cart', {
      objective: 0.9,
      window: { kind: 'rolling', seconds: 2 * day },
      budgeting: { method: 'time-slices', sliceSeconds: 300, sliceObjective: 0.99 },
    }),
  },
])('its points are what a status says at that hour, whatever is compacted meanwhile ($why)', ({ the }) => {
  withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.declare([the], monday);
    const said = new Map<number, number | undefined>();
    for (let at = 0; at < 5 * day; at += 900) {
      const start = monday + at;
      const unplaced =
        at % (7 * hour) === 0 ? [{ slo: sloId(the), from: start - 700, to: start + 10, total: 40, bad: 3 }] : [];
      ledger.commit(cartBatch(start, 1000 + (at % 77), (at / 900) % 5 === 0 ? 30 : 0, { unplaced }));
      ledger.commit(cartBatch(start + 840, 100, 0));
      const now = start + 900;
      if (now % hour === 0) said.set(now, sloStatuses(ledger, [the], now)[0]!.budget?.remainingRatio);
    }
    const found = burnDown(ledger, sloStatuses(ledger, [the], monday + 5 * day)[0]!);
    for (const [at, remaining] of said) expect([at, left(found, (at - monday) / hour)]).toEqual([at, remaining]);
    expect(said.size).toBe(120);
    ledger.close();
  });
});
