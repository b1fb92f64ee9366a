import { expect, test } from '@jest/globals';
import { overspent } from '../../../src/generate/rules/budget-now.js';
import type { Selector } from '../../../src/promql/expression.js';
import { printExpression } from '../../../src/promql/printer.js';
import { describeWith } from '../../support/programs.js';
import { day } from './made-up-slos.js';
import { type InputSeries, promtoolFindings } from './promtool.js';

const sli = 'cluster="eu-1",namespace="shop",service="cart",sli="istio/server"';
const slo = `${sli},slo="availability"`;
const budgets: Selector = { kind: 'selector', metric: 'slo:error_budget:ratio', matchers: [] };

/** Recorded samples at these minutes, of a grid of 15 seconds. */
function at(series: string, samples: readonly (readonly [minute: number, value: number])[]): InputSeries {
  const values = Array.from({ length: 13 * 4 }, () => '_');
  for (const [minute, value] of samples) values[minute * 4] = String(value);
  return { series, values: values.join(' ') };
}

/**
 * 60 requests a minute; 6 of them fail from the sixth minute on. Five of a hundred may. What was recorded half a minute before is
 * summed up in this minute, and five minutes later.
 */
function recorded(fiveMinutesAt: number, isWriting: boolean): readonly InputSeries[] {
  const minutes = Array.from({ length: 12 }, (_, index) => index + 1);
  const bad = (minute: number): number => (minute > 5 ? 6 : 0);
  const badOf = (from: number, to: number): number =>
    minutes.filter((minute) => minute > from && minute <= to).reduce((sum, minute) => sum + bad(minute), 0);
  const last = Math.floor(fiveMinutesAt - 0.5);
  const [first, second] = [fiveMinutesAt, fiveMinutesAt + 5];
  const sums = (ofFirst: number, ofSecond: number): readonly (readonly [number, number])[] =>
    isWriting
      ? [[first, ofFirst]]
      : [
          [first, ofFirst],
          [second, ofSecond],
        ];
  return [
    { series: `slo:error_budget:ratio{${slo}}`, values: '0.05x52' },
    at(
      `service_sli:events:delta1m{${sli}}`,
      minutes.map((minute) => [minute, 60]),
    ),
    at(
      `service_sli:bad_events:delta1m{${sli}}`,
      minutes.map((minute) => [minute, bad(minute)]),
    ),
    at('service_sli:delta5m:timestamp_seconds', [
      [first, last * 60],
      [second, (last + 5) * 60],
    ]),
    at(`service_sli:events:sum30d{${sli}}`, sums(60 * last, 60 * (last + 5))),
    at(`service_sli:bad_events:sum30d{${sli}}`, sums(badOf(0, last), badOf(0, last + 5))),
  ];
}

describeWith('promtool', 'a spent budget', (promtool) => {
  test.each([
    {
      why: 'is not there while less was bad than may be: 4 x 6 of 9 x 60 x 0.05',
      sums: 5,
      minute: 9,
      value: undefined,
    },
    {
      why: 'is none where all of it was bad, and no more: 5 x 6 of 10 x 60 x 0.05',
      sums: 6,
      minute: 10,
      value: undefined,
    },
    { why: 'is over by what the minute before brought: 6 x 6 of 11 x 60 x 0.05', sums: 5, minute: 11, value: 36 / 33 },
    { why: 'is the same where it was just summed up', sums: 6, minute: 11, value: 36 / 33 },
    { why: 'is the same where sums come between minutes', sums: 5.5, minute: 11, value: 36 / 33 },
    {
      why: 'is the same while sums are written: their time is there, and they are not',
      sums: 6,
      isWriting: true,
      minute: 11,
      value: 36 / 33,
    },
  ])('$why', ({ sums, isWriting = false, minute, value }) => {
    const expected = {
      expr: printExpression(overspent(30 * day, budgets)),
      eval_time: `${minute}m`,
      exp_samples: value === undefined ? [] : [{ labels: `{${slo}}`, value }],
    };
    expect(promtoolFindings(promtool, [], recorded(sums, isWriting), [expected])).toBe('');
  });
});
