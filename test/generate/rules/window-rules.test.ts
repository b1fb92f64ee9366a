import { expect, test } from '@jest/globals';
import type { RuleFile } from '../../../src/generate/rules/rule-file.js';
import { windowRules } from '../../../src/generate/rules/window-rules.js';
import { describeWith } from '../../support/programs.js';
import { promtoolFindings } from './promtool.js';

const hour = 3600;
const sli = '{cluster="eu-1",namespace="shop",service="cart",sli="istio/server"}';

/** The rules of six hours alone, made of what stands in the input. */
const sixHours: RuleFile = {
  name: 'six-hours',
  about: [],
  groups: [{ name: 'windows', intervalSeconds: 60, rules: windowRules(6 * hour, [hour, 3 * hour, 6 * hour]) }],
};

function sumAt(at: string, value: number | undefined, metric = 'service_sli:events:sum6h') {
  return {
    expr: metric,
    eval_time: at,
    exp_samples: value === undefined ? [] : [{ labels: `${metric}${sli}`, value }],
  };
}

describeWith('promtool', 'six hours of two times three', (promtool) => {
  const findings = (values: string, ...expected: readonly ReturnType<typeof sumAt>[]): string =>
    promtoolFindings(promtool, [sixHours], [{ series: `service_sli:events:sum3h${sli}`, values }], expected);

  test('hold what both hold: 4 a minute, 240 an hour; before there are two, what there is', () => {
    // The sum of three hours has grown to its 720 after 180 minutes, and stays there.
    expect(findings('0+1x720 720x900', sumAt('2h', 480), sumAt('4h', 720 + 240), sumAt('6h', 1440))).toBe('');
  });

  test('hold the piece that was recorded last before the rules were away at its time', () => {
    // Recorded until 2h45m as 100, not again before 3h15m: at 6h the earlier piece is that of 2h45m.
    expect(findings(`100x660 _x119 200x900`, sumAt('6h', 300), sumAt('6h20m', 400))).toBe('');
  });

  test('hold the earlier piece of a service that is silent by now', () => {
    expect(findings(`100x760 stale`, sumAt('6h', 100), sumAt('7h30m', undefined))).toBe('');
  });
});

describeWith('promtool', 'nine hours of three times three', (promtool) => {
  test('hold the last minute of a service that has ended twice, for an hour of every three: its last piece stands for what was never recorded', () => {
    const nineHours: RuleFile = {
      name: 'nine-hours',
      about: [],
      groups: [{ name: 'windows', intervalSeconds: 60, rules: windowRules(9 * hour, [3 * hour, 9 * hour]) }],
    };
    // 4 a minute until minute 180, so that the piece of three hours shrinks to 4 at 359, and is no more. At minute 550 nine
    // hours reach back to minute 10: 170 minutes.
    const falling = Array.from({ length: 180 }, (_, minute) => `${720 - 4 * minute} _ _ _`).join(' ');
    const input = [{ series: `service_sli:events:sum3h${sli}`, values: `720x719 ${falling} stale` }];
    const expected = [
      sumAt('9h10m', 680 + 4, 'service_sli:events:sum9h'),
      sumAt('10h10m', 440, 'service_sli:events:sum9h'),
    ];
    expect(promtoolFindings(promtool, [nineHours], input, expected)).toBe('');
  });
});

test('short windows, and such that no recorded one fits into, are sums of their minutes; budgets of five', () => {
  const text = (seconds: number, windows: readonly number[]): string => JSON.stringify(windowRules(seconds, windows));
  expect(text(3 * hour, [hour, 3 * hour])).toContain('delta1m');
  expect(text(7 * hour, [300, 3 * hour, 7 * hour])).toContain('delta1m');
  expect(text(30 * 24 * hour, [72 * hour, 30 * 24 * hour])).toContain('delta5m');
  expect(text(72 * hour, [6 * hour, 12 * hour, 72 * hour])).toContain('sum12h');
});
