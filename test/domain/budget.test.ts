import { describe, expect, test } from '@jest/globals';
import { burnRate, errorBudget, goodRatio, sloState } from '../../src/domain/budget.js';

describe('an error budget', () => {
  test.each([
    { total: 10_000, bad: 0, objective: 0.999, allowed: 10, spent: 0, why: 'nothing bad spends nothing' },
    { total: 10_000, bad: 5, objective: 0.999, allowed: 10, spent: 0.5, why: 'half of ten' },
    { total: 10_000, bad: 10, objective: 0.999, allowed: 10, spent: 1, why: 'exactly at the objective' },
    { total: 10_000, bad: 25, objective: 0.999, allowed: 10, spent: 2.5, why: 'overspent budgets go on counting' },
    {
      total: 1000,
      bad: 1,
      objective: 0.999,
      allowed: 1,
      spent: 1,
      why: '1 - 0.999 is not exact in binary, one event is',
    },
    { total: 3_000_000, bad: 870, objective: 0.99971, allowed: 870, spent: 1, why: 'GoPay promises 99.971 %' },
  ])('of $total events at $objective: $why', ({ total, bad, objective, allowed, spent }) => {
    const budget = errorBudget({ total, bad }, objective)!;
    expect(budget.allowedEvents).toBe(allowed);
    expect(budget.spentRatio).toBeCloseTo(spent, 12);
    expect(budget.remainingRatio).toBeCloseTo(1 - spent, 12);
  });

  test('without events is neither full nor empty', () => {
    expect(errorBudget({ total: 0, bad: 0 }, 0.999)).toBeUndefined();
    expect(burnRate({ total: 0, bad: 0 }, 0.999)).toBeUndefined();
    expect(goodRatio({ total: 0, bad: 0 })).toBeUndefined();
  });

  test('weighs events, not minutes: a bad hour at night spends less than one at noon', () => {
    // 1,000 req/s by day, 10 by night; one hour at 50 % errors (facts/slo-peers.md 2.4: Sloth says 0.00069 for both).
    const month = 30 * (8 * 3600 * 1000 + 16 * 3600 * 10);
    expect(1 - goodRatio({ total: month, bad: 0.5 * 3600 * 1000 })!).toBeCloseTo(0.00204, 5);
    expect(1 - goodRatio({ total: month, bad: 0.5 * 3600 * 10 })!).toBeCloseTo(0.00002, 5);
  });

  test('burns 14.4 times too fast when an hour spends 2 % of 30 days', () => {
    // SRE workbook, table 5-8: 2 % x 720 h / 1 h = 14.4; at 99.9 % that is 1.44 % errors.
    expect(burnRate({ total: 100_000, bad: 1440 }, 0.999)).toBeCloseTo(14.4, 9);
  });
});

describe('the state of an SLO', () => {
  test.each([
    { total: 0, bad: 0, coverage: 0, state: 'no-data', why: 'nobody looked' },
    { total: 0, bad: 0, coverage: 1, state: 'no-traffic', why: 'somebody looked and there was nothing' },
    {
      total: 0,
      bad: 0,
      coverage: 0.0001,
      state: 'insufficient',
      why: 'one minute without traffic tells little of a week',
    },
    { total: 0, bad: 0, coverage: 0.5, state: 'no-traffic', why: 'half of the time is enough to say so' },
    { total: 999, bad: 0, coverage: 1, state: 'insufficient', why: 'not one bad event would be allowed' },
    { total: 999, bad: 1, coverage: 1, state: 'insufficient', why: 'one bad request of few is no broken promise' },
    { total: 1000, bad: 1, coverage: 1, state: 'met', why: 'the objective itself is still met' },
    { total: 1000, bad: 2, coverage: 1, state: 'missed', why: 'two of one allowed' },
    { total: 100_000, bad: 0, coverage: 0.49, state: 'insufficient', why: 'more than half of the time is unknown' },
    { total: 100_000, bad: 500, coverage: 0.5, state: 'missed', why: 'half of the time is enough to judge' },
  ] as const)('is $state when $why', ({ state, ...seen }) => {
    expect(sloState(seen, 0.999)).toBe(state);
  });
});
