import { expect, test } from '@jest/globals';
import { broken, costly, runningOut } from '../../../src/report/attention/budgets.js';
import type { AttentionParts } from '../../../src/report/attention/ranked.js';
import { slo } from '../../ledger/support.js';

/** One stretch of a promise that is kept all the same. */
function stretch(costRatio: number): AttentionParts {
  const cart = slo('cart');
  const event = {
    from: 1_794_934_800,
    to: 1_794_936_600,
    service: cart.service,
    owner: 'team-shop',
    costs: [{ id: 'x', slo: 'availability', total: 1000, bad: 200, costRatio }],
    cause: { bad: 200, shares: [{ fact: 'caller', value: 'storefront', bad: 200 }] },
  };
  const parts = {
    slos: [{ id: 'x', slo: cart, state: 'met' }],
    burnEvents: { told: [event], smaller: 0 },
    period: { timeZone: 'UTC' },
  };
  return parts as unknown as AttentionParts;
}

test('a stretch that took a tenth of a budget is told, with where to look first; less is not', () => {
  expect(costly(stretch(0.099))).toEqual([]);
  expect(costly(stretch(0.1))).toMatchObject([
    {
      title: 'shop/cart lost 10 % of its budget at once (availability)',
      why: 'Tue 17:00 to 17:30: 200 of 1,000 were bad. All called by storefront.',
      action:
        'See what goes wrong in calls from storefront. See to it that the next time is shorter, or does not come.',
      owner: 'team-shop',
    },
  ]);
});

test('when most of a budget went is told of the promise that broke, and of no other of its service', () => {
  const parts = stretch(0.9);
  const [cart] = parts.slos;
  const budget = { spentThisWeekRatio: 0.5 };
  const week = { state: 'missed' };
  const whyOf = (id: string): string => {
    const slos = [{ ...cart, id, state: 'missed', stateBefore: 'met', week, window: {}, budget }];
    return broken({ ...parts, slos } as unknown as AttentionParts)[0]!.why;
  };
  expect(whyOf('x')).toBe('50 % of the budget went this week. Most of that went Tue 17:00 to 17:30.');
  expect(whyOf('latency')).toBe('50 % of the budget went this week.');
});

/** A promise of which so much of the budget is left, and would be after another week like the last. */
function leftover(remainingRatio: number, nextRemainingRatio: number): AttentionParts {
  const budget = { remainingRatio, nextRemainingRatio, spentThisWeekRatio: 0.447 };
  return { slos: [{ id: 'x', slo: slo('cart'), state: 'met', budget }] } as unknown as AttentionParts;
}

test.each([
  [0.03, -0.2, 'is running out of budget', 'Another week like this one breaks the promise.'],
  [0.03, 0.01, 'is running out of budget', 'Another week like this one leaves 1 %.'],
  [0.03, 0.031, 'has hardly any budget left', 'Another week like this one leaves 3.1 %: as much comes back as goes.'],
  [0.4, -0.1, 'is running out of budget', 'Another week like this one breaks the promise.'],
])('of %d left, and %d after another such week, is told how it goes on', (left, next, verdict, forecast) => {
  const [told] = runningOut(leftover(left, next));
  expect(told!.title).toBe(`shop/cart ${verdict} (availability)`);
  expect(told!.why).toContain(`went this week. ${forecast}`);
});
