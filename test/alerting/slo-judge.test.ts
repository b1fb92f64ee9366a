import { describe, expect, test } from '@jest/globals';
import { SloJudge } from '../../src/alerting/slo-judge.js';
import type { JudgedSlo } from '../../src/domain/burn-verdict.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { loadAlertPolicies } from '../../src/packs/load-alert-policies.js';
import { cart, cartBatch, cartId, monday, withPath } from '../ledger/support.js';

const policy = loadAlertPolicies().policies.get('standard')!;
const newJudge = (): SloJudge => new SloJudge(() => policy);

/** Three hours of 600 good requests a minute, then ten minutes in which all fail; then what the test is about. */
const calmMinutes = 180;
const outageMinutes = 10;
const over = monday + (calmMinutes + outageMinutes) * 60;

function withOutage(work: (ledger: Ledger, commit: (total: number, bad: number) => number) => void): void {
  withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.declare([cart], monday);
    let next = monday;
    const commit = (total: number, bad: number): number => {
      ledger.commit(cartBatch(next, total, bad));
      return (next += 60);
    };
    for (let minute = 0; minute < calmMinutes; minute++) commit(600, 0);
    for (let minute = 0; minute < outageMinutes; minute++) commit(600, 600);
    work(ledger, commit);
    ledger.close();
  });
}

const pageOf = (judge: SloJudge, ledger: Ledger, now: number): string | undefined =>
  judge.look(ledger, [cart], now)[0]!.verdict.page?.kind;

describe('looks at the ledger', () => {
  // 75.6 % of a minute is 1.75 % of the budget of 30 d, 58.32 % is 1.35 %, and 33.48 % of two minutes is 1.55 %.
  test.each<{ why: string; lately: readonly (readonly [total: number, bad: number])[]; page: string | undefined }>([
    { why: 'three quarters of few events', lately: [[60, 46]], page: 'step' },
    { why: 'less of few events', lately: [[60, 45]], page: undefined },
    { why: 'less of many events', lately: [[600, 350]], page: 'step' },
    { why: 'still less of many events', lately: [[600, 349]], page: undefined },
    {
      why: 'a third of two minutes',
      lately: [
        [600, 102],
        [600, 300],
      ],
      page: 'step',
    },
    {
      why: 'less than a third of two minutes',
      lately: [
        [600, 101],
        [600, 300],
      ],
      page: undefined,
    },
    {
      why: 'a third of two minutes, and most of it over',
      lately: [
        [600, 300],
        [600, 102],
      ],
      page: undefined,
    },
  ])('page within two minutes, or do not: $why', ({ lately, page }) => {
    withPath((path) => {
      const ledger = Ledger.open(path);
      ledger.declare([cart], monday);
      let next = monday;
      const commit = (total: number, bad: number): void => {
        ledger.commit(cartBatch(next, total, bad));
        next += 60;
      };
      for (let minute = 0; minute < calmMinutes; minute++) commit(600, 0);
      for (const [total, bad] of lately) commit(total, bad);
      expect(pageOf(newJudge(), ledger, next)).toBe(page);
      ledger.close();
    });
  });

  describe('into the open minute', () => {
    const calm = (work: (ledger: Ledger, judge: SloJudge, statuses: readonly JudgedSlo[]) => void, of = cart): void =>
      withPath((path) => {
        const ledger = Ledger.open(path);
        ledger.declare([of], monday);
        for (let minute = 0; minute < 60; minute++) ledger.commit(cartBatch(monday + minute * 60, 600, 0));
        const judge = newJudge();
        work(ledger, judge, judge.look(ledger, [of], monday + 3600));
        ledger.close();
      });
    const early = (judge: SloJudge, statuses: readonly JudgedSlo[], total: number, bad: number) =>
      judge.lookEarly(statuses, [{ slo: cartId, total, bad }]);

    // 2.15 % of a budget of 30 d in an hour are 1.548 % of its requests: of 36,000 and 600 more, 567.
    test.each([
      { bad: 567, pages: true },
      { bad: 566, pages: false },
    ])('page for $bad failures: $pages', ({ bad, pages }) => {
      calm((_ledger, judge, statuses) => {
        expect(early(judge, statuses, 600, bad).map(({ verdict }) => verdict.page?.kind)).toEqual(
          pages ? ['step'] : [],
        );
      });
    });

    test('tell the step and the figures that page', () => {
      calm((_ledger, judge, statuses) => {
        const [status] = early(judge, statuses, 600, 600);
        const hour = status!.verdict.steps.find(({ step }) => step.name === 'hour')!;
        expect(hour).toMatchObject({
          isActive: true,
          long: { total: 36_600, bad: 600 },
          short: { total: 3600, bad: 600 },
        });
        expect(status!.window).toEqual(statuses[0]!.window);
      });
    });

    test('begin a page once, and leave its end to the next slot', () => {
      calm((ledger, judge, statuses) => {
        const paging = early(judge, statuses, 600, 600);
        expect(early(judge, paging, 700, 700)).toEqual([]);
        ledger.commit(cartBatch(monday + 3600, 600, 0));
        expect(pageOf(judge, ledger, monday + 3660)).toBeUndefined();
      });
    });

    test('judge no slices of time, which are not over', () => {
      const slices = { ...cart, budgeting: { method: 'time-slices', sliceSeconds: 60, sliceObjective: 0.99 } } as const;
      calm((_ledger, judge, statuses) => expect(early(judge, statuses, 600, 600)).toEqual([]), slices);
    });
  });

  test('hold a page while the traffic is gone, and end it when traffic shows that all is well', () => {
    withOutage((ledger, commit) => {
      const judge = newJudge();
      expect(pageOf(judge, ledger, over)).toBe('step');
      let now = over;
      for (let minute = 0; minute < 40; minute++) {
        now = commit(0, 0);
        expect(pageOf(judge, ledger, now)).toBeDefined();
      }
      expect(pageOf(judge, ledger, now)).toBe('held');
      expect(pageOf(judge, ledger, now)).toBe('held');
      now = commit(600, 0);
      expect(pageOf(judge, ledger, now)).toBeUndefined();
    });
  });

  test('hold nothing for longer than an hour after the last bad event', () => {
    withOutage((ledger, commit) => {
      const judge = newJudge();
      judge.look(ledger, [cart], over);
      for (let minute = 0; minute < 59; minute++) expect(pageOf(judge, ledger, commit(0, 0))).toBeDefined();
      expect(pageOf(judge, ledger, commit(0, 0))).toBeUndefined();
    });
  });

  test('hold a page while meshslo counts nothing at all, and a restart in between forgets nothing', () => {
    withOutage((ledger) => {
      const judge = newJudge();
      judge.look(ledger, [cart], over);
      for (let minute = 1; minute <= 45; minute++) {
        expect(pageOf(judge, ledger, over + minute * 60 + 5)).toBeDefined();
      }
      const restarted = newJudge();
      expect(pageOf(newJudge(), ledger, over + 45 * 60 + 5)).toBeUndefined();
      const { cluster, namespace, name } = cart.service;
      const labels = { cluster, namespace, service: name, slo: cart.name };
      restarted.resume([{ name: 'ErrorBudgetBurnFast', labels }]);
      expect(pageOf(restarted, ledger, over + 45 * 60 + 5)).toBe('held');
    });
  });

  test('never begin a page in silence', () => {
    withPath((path) => {
      const ledger = Ledger.open(path);
      ledger.declare([cart], monday);
      const judge = newJudge();
      // Too few of an hour's events are bad; when the good ones leave the window, all that is left is bad.
      for (let minute = 0; minute < 25; minute++) ledger.commit(cartBatch(monday + minute * 60, 600, 0));
      for (let minute = 25; minute < 30; minute++) ledger.commit(cartBatch(monday + minute * 60, 60, 25));
      for (let minute = 30; minute < 120; minute++) {
        ledger.commit(cartBatch(monday + minute * 60, 0, 0));
        expect(pageOf(judge, ledger, monday + (minute + 1) * 60)).toBeUndefined();
      }
      ledger.close();
    });
  });
});
