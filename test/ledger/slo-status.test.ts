import { describe, expect, test } from '@jest/globals';
import type { Slo } from '../../src/domain/slo.js';
import type { SloStatus } from '../../src/domain/slo-status.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { sloStatuses } from '../../src/ledger/slo-status.js';
import { cart, cartBatch, cartId, monday, passTime, slo, withPath } from './support.js';

function statusOf(the: Slo, fill: (ledger: Ledger) => void, now: number): SloStatus {
  return withPath((path) => {
    const ledger = Ledger.open(path);
    try {
      ledger.declare([the], monday);
      fill(ledger);
      return sloStatuses(ledger, [the], now)[0]!;
    } finally {
      ledger.close();
    }
  });
}

/** One slot a minute, each of 1,000 requests. */
function steady(ledger: Ledger, from: number, minutes: number, bad: number): void {
  for (let minute = 0; minute < minutes; minute++) ledger.commit(cartBatch(from + minute * 60, 1000, bad));
}

describe('burn rates', () => {
  // 14.4 = 2 % of a 30-day budget in one hour: 0.02 x 720 h / 1 h. https://sre.google/workbook/alerting-on-slos/
  test('an hour with 14.4 errors per 1,000 requests burns 99.9 % 14.4 times too fast', () => {
    const status = statusOf(
      cart,
      (ledger) => {
        for (let minute = 0; minute < 60; minute++) ledger.commit(cartBatch(monday + minute * 60, 10_000, 144));
      },
      monday + 3600,
    );
    expect(status.burnRates.find(({ windowSeconds }) => windowSeconds === 3600)?.burnRate).toBeCloseTo(14.4, 9);
  });

  test('see only their own window', () => {
    const status = statusOf(
      cart,
      (ledger) => {
        steady(ledger, monday, 55, 0);
        steady(ledger, monday + 55 * 60, 5, 10);
      },
      monday + 3600,
    );
    // 5 minutes: 50 of 5,000 = 1 % over 0.1 %; half an hour: 50 of 30,000; one hour: of 60,000.
    expect(status.burnRates.map(({ total, bad }) => [total, bad]).slice(0, 3)).toEqual([
      [5000, 50],
      [30_000, 50],
      [60_000, 50],
    ]);
    expect(status.burnRates[0]!.burnRate).toBeCloseTo(10, 9);
    expect(status.burnRates[2]!.burnRate).toBeCloseTo(50 / 60, 9);
  });

  test('are not fed by a gap that began before the window; the budget is', () => {
    const gap = { slo: cartId, from: monday - 7200, to: monday + 3580, total: 600, bad: 60 };
    const status = statusOf(
      cart,
      (ledger) => ledger.commit(cartBatch(monday + 3540, 400, 0, { unplaced: [gap] })),
      monday + 3600,
    );
    expect(status.window).toMatchObject({ total: 1000, bad: 60, unplaced: 600 });
    expect(status.burnRates.map(({ bad }) => bad)).toEqual([0, 0, 0, 60, 60, 60]);
  });
});

describe('the budget', () => {
  test('10,000 requests at 99.9 % allow 10 bad ones; 4 spend 40 %', () => {
    const status = statusOf(
      cart,
      (ledger) => {
        steady(ledger, monday, 6, 0);
        steady(ledger, monday + 360, 4, 1);
      },
      monday + 600,
    );
    expect(status.budget).toEqual({ allowedEvents: 10, spentRatio: 0.4, remainingRatio: 0.6 });
    expect(status.state).toBe('met');
    expect(status.window).toMatchObject({ total: 10_000, bad: 4, goodRatio: 0.9996, coverage: 1, imported: 0 });
    expect(status.observed).toEqual({ first: monday, last: monday + 540 });
  });

  test('a young SLO is not an unobserved one, and hours without a look at it are', () => {
    const fill = (ledger: Ledger): void => {
      steady(ledger, monday, 30, 0);
      steady(ledger, monday + 90 * 60, 30, 0);
    };
    expect(statusOf(cart, fill, monday + 7200).window.coverage).toBe(0.5);
  });

  test('a slot that is a minute late is not missing yet; later it is', () => {
    const fill = (ledger: Ledger): void => steady(ledger, monday, 10, 0);
    expect(statusOf(cart, fill, monday + 660).window).toMatchObject({ to: monday + 600, coverage: 1 });
    expect(statusOf(cart, fill, monday + 1200).window).toMatchObject({ to: monday + 1200, coverage: 0.5 });
  });

  test.each([
    ['nobody looked', [], 'no-data'],
    ['somebody looked and nothing came', [0, 0], 'no-traffic'],
    ['999 requests cannot hold one bad one at 99.9 %', [999, 0], 'insufficient'],
    ['2 of 1,000', [1000, 2], 'missed'],
  ] as const)('%s', (_why, events, state) => {
    const [total, bad] = events;
    const fill = (ledger: Ledger): void => {
      if (total !== undefined) ledger.commit(cartBatch(monday, total, bad));
    };
    expect(statusOf(cart, fill, monday + 60).state).toBe(state);
  });
});

describe('a definition that changes', () => {
  const hour = 3600;
  const answeredWithin = (thresholdSeconds: number, changes: Partial<Slo> = {}): Slo =>
    slo('cart', { indicator: { kind: 'latency', thresholdSeconds }, ...changes });

  /** An hour at 5 s, then what is declared after it, and some more minutes with one bad event each. */
  function redeclared(changed: Slo, minutes: number, at = monday + hour): SloStatus {
    return withPath((path) => {
      const ledger = Ledger.open(path);
      ledger.declare([answeredWithin(5)], monday);
      steady(ledger, monday, 60, 0);
      ledger.declare([changed], at);
      steady(ledger, monday + hour, minutes, 1);
      const [status] = sloStatuses(ledger, [changed], monday + hour + minutes * 60);
      ledger.close();
      return status!;
    });
  }

  test('begins without events, and is not judged by those that were measured otherwise', () => {
    const status = redeclared(answeredWithin(0.1), 0);
    expect(status).toMatchObject({ state: 'no-data', budget: undefined, definedSince: monday + hour });
    expect(status.window).toMatchObject({ from: monday + hour, to: monday + hour, total: 0, coverage: 0 });
    expect(status.burnRates.map(({ total }) => total)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test.each<[string, Partial<Slo>]>([
    ['another threshold', { indicator: { kind: 'latency', thresholdSeconds: 0.1 } }],
    ['other requests', { filter: { caller: 'web' } }],
    ['other eyes', { perspective: 'client' }],
    ['another mesh', { mesh: 'linkerd' }],
  ])('counts and is covered from then on: %s', (_why, changes) => {
    const { window, burnRates, definedSince } = redeclared(answeredWithin(5, changes), 10);
    expect(definedSince).toBe(monday + hour);
    expect(window).toMatchObject({ from: monday + hour, total: 10_000, bad: 10, coverage: 1 });
    // 5 and 30 minutes: the first lies after the change, the second is cut by it.
    expect(burnRates.slice(0, 2).map(({ total, coverage }) => [total, coverage])).toEqual([
      [5000, 1],
      [10_000, 1],
    ]);
  });

  test.each<[string, Partial<Slo>]>([
    ['another objective', { objective: 0.9 }],
    ['another window', { window: { kind: 'rolling', seconds: 7 * 86_400 } }],
    ['slices instead of events', { budgeting: { method: 'time-slices', sliceSeconds: 60, sliceObjective: 0.99 } }],
    ['another owner', { owner: 'checkout' }],
  ])('keeps its history with %s', (_why, changes) => {
    const { window, definedSince } = redeclared(answeredWithin(5, changes), 10);
    expect(definedSince).toBeUndefined();
    expect(window.total).toBe(changes.budgeting ? 70 : 70_000);
  });

  test('leaves out the minute in which it changed', () => {
    const { window, definedSince } = redeclared(answeredWithin(0.1), 10, monday + hour + 30);
    expect(definedSince).toBe(monday + hour + 30);
    expect(window).toMatchObject({ from: monday + hour + 60, total: 9000, coverage: 1 });
  });

  test('keeps the date of the measurement when only the objective changes afterwards', () =>
    withPath((path) => {
      const ledger = Ledger.open(path);
      ledger.declare([answeredWithin(5)], monday);
      ledger.declare([answeredWithin(0.1)], monday + 60);
      ledger.declare([answeredWithin(0.1, { objective: 0.9 })], monday + 120);
      const reader = Ledger.open(path, { readOnly: true });
      const id = ledger.slos()[0]!.id;
      expect([ledger, reader].map((opened) => opened.definedSince()(id))).toEqual([monday + 60, monday + 60]);
      reader.close();
      ledger.close();
    }));
});

test('a slot of a clock that was ahead does not make newer minutes late', () => {
  const fill = (ledger: Ledger): void => {
    ledger.commit(cartBatch(monday + 365 * 86_400, 7, 0));
    steady(ledger, monday, 10, 0);
  };
  expect(statusOf(cart, fill, monday + 660).window).toMatchObject({ to: monday + 600, total: 10_000, coverage: 1 });
});

describe('calendar windows', () => {
  const weekly = (timeZone: string): Slo => slo('cart', { window: { kind: 'calendar', period: 'week', timeZone } });
  const utc = (text: string): number => Date.parse(text) / 1000;

  test.each([
    ['UTC', '2026-06-01T00:00Z', 'no offset'],
    ['Europe/Berlin', '2026-05-31T22:00Z', 'two hours ahead in summer'],
    ['Asia/Kolkata', '2026-05-31T18:30Z', 'a zone at :30'],
    ['Asia/Kathmandu', '2026-05-31T18:15Z', 'a zone at :45'],
  ])('a week in %s begins at %s: %s', (zone, begins) => {
    const midnight = utc(begins);
    const status = statusOf(
      weekly(zone),
      (ledger) => {
        ledger.commit(cartBatch(midnight - 60, 5000, 1));
        ledger.commit(cartBatch(midnight, 70, 0));
        ledger.commit(cartBatch(midnight + 5 * 86_400, 7, 0));
      },
      midnight + 5 * 86_400 + 60,
    );
    expect(status.window).toMatchObject({ from: midnight, total: 77, bad: 0 });
  });

  test.each([
    ['March, 167 h', '2026-03-22T23:00Z', '2026-03-29T22:00Z'],
    ['October, 169 h', '2026-10-18T22:00Z', '2026-10-25T23:00Z'],
  ])('the week of a change of time in Berlin is whole: %s', (_why, begins, ends) => {
    const [from, to] = [utc(begins), utc(ends)];
    const fill = (ledger: Ledger): void => {
      for (const at of [from - 60, from, to - 120, to]) ledger.commit(cartBatch(at, 1, 0));
    };
    const berlin = weekly('Europe/Berlin');
    expect(statusOf(berlin, fill, to - 1).window).toMatchObject({ from, total: 2 });
    expect(statusOf(berlin, fill, to + 60).window).toMatchObject({ from: to, total: 1 });
  });
});

test('a calendar window begins with its first slot: until then the one before it is shown', () => {
  const monthly = slo('cart', { window: { kind: 'calendar', period: 'month', timeZone: 'UTC' } });
  const may = Date.UTC(2026, 4, 1) / 1000;
  const fill = (ledger: Ledger): void => steady(ledger, monday - 3600, 60, 0);
  expect(statusOf(monthly, fill, monday + 30)).toMatchObject({
    state: 'met',
    window: { from: may, to: monday, total: 60_000 },
  });
  const andOne = (ledger: Ledger): void => steady(ledger, monday - 3600, 61, 0);
  expect(statusOf(monthly, andOne, monday + 60).window).toMatchObject({ from: monday, to: monday + 60, total: 1000 });
});

describe('time slices', () => {
  const sliced = (sliceSeconds: number): Slo =>
    slo('cart', { budgeting: { method: 'time-slices', sliceSeconds, sliceObjective: 0.95 } });

  const fill = (ledger: Ledger): void => {
    // 12 slices of 5 minutes: one with 10 % bad, one empty, ten good; the bad one is bad in its first minute only.
    for (let minute = 0; minute < 60; minute++) {
      const bad = minute === 20 ? 500 : 0;
      ledger.commit(cartBatch(monday + minute * 60, minute >= 40 && minute < 45 ? 0 : 1000, bad));
    }
  };

  test.each([
    [60, 55, 1, 'a minute of its own'],
    [300, 11, 1, '500 of 5,000 is 90 % good, below 95 %'],
    [900, 4, 0, '500 of 15,000 is 96.7 % good'],
  ])('of %i s: %i with traffic, %i bad: %s', (sliceSeconds, total, bad) => {
    expect(statusOf(sliced(sliceSeconds), fill, monday + 3600).window).toMatchObject({ total, bad });
  });

  test('burn rates count slices, too', () => {
    const status = statusOf(sliced(300), fill, monday + 3600);
    expect(status.burnRates.map(({ total, bad }) => [total, bad]).slice(0, 3)).toEqual([
      [1, 0],
      [5, 0],
      [11, 1],
    ]);
  });

  test('belong to the one window that holds their start; a burn window holds at least one', () => {
    const young = (minutes: number) =>
      statusOf(sliced(900), (ledger) => steady(ledger, monday, minutes, 0), monday + minutes * 60);
    // 50 minutes: the slice that has begun counts as far as it is known, for 5 minutes as for 50.
    const { window, burnRates } = young(50);
    expect(window).toMatchObject({ to: monday + 3000, total: 4, coverage: 1 });
    expect(burnRates.map(({ total, coverage }) => [total, coverage]).slice(0, 3)).toEqual([
      [1, 1],
      [2, 1],
      [4, 1],
    ]);
  });

  test('are never unplaced or imported: those are events', () => {
    const gap = { slo: cartId, from: monday - 600, to: monday, total: 5000, bad: 5000 };
    const withGap = (ledger: Ledger): void => void ledger.commit(cartBatch(monday, 1000, 0, { unplaced: [gap] }));
    expect(statusOf(sliced(60), withGap, monday + 60).window).toMatchObject({
      total: 1,
      unplaced: undefined,
      imported: undefined,
    });
  });

  const later = monday + 4 * 86_400;

  test('stay as they were counted when their slots have been merged', () => {
    const status = statusOf(
      sliced(60),
      (ledger) => {
        fill(ledger);
        passTime(ledger, later);
      },
      later + 60,
    );
    expect(status.window).toMatchObject({ total: 55, bad: 1 });
  });

  test('are counted anew when they are judged differently; a merged slot counts for all slices in it', () =>
    withPath((path) => {
      const ledger = Ledger.open(path);
      ledger.declare([cart], monday);
      fill(ledger);
      passTime(ledger, later);
      ledger.declare([sliced(60)], later);
      expect(sloStatuses(ledger, [sliced(60)], later + 60)[0]!.window).toMatchObject({ total: 55, bad: 5 });
      ledger.declare([sliced(300)], later);
      expect(sloStatuses(ledger, [sliced(300)], later + 60)[0]!.window).toMatchObject({ total: 11, bad: 1 });
      expect(ledger.verify()).toEqual([]);
      ledger.close();
    }));
});

test('budgets of windows that meet add up', () =>
  withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.declare([cart], monday);
    steady(ledger, monday, 200, 2);
    const sum = (from: number, to: number): readonly number[] => {
      const { total, bad } = ledger.sums({ from, to }, { unplaced: 'ending-inside' }).of(cartId);
      return [total, bad];
    };
    const [cut, end] = [monday + 4321, monday + 86_400];
    const [left, right] = [sum(monday, cut), sum(cut, end)];
    expect([left[0]! + right[0]!, left[1]! + right[1]!]).toEqual(sum(monday, end));
    ledger.close();
  }));
