import { describe, expect, test } from '@jest/globals';
import { filledQuery } from '../../../src/server/preview/fill-variables.js';
import { unitText } from '../../../src/server/preview/unit-text.js';

const view = { range: { from: 0, to: 3600 }, stepSeconds: 60, chosen: { service: 'a"b\\.c', team: undefined } };

describe('a query of Grafana', () => {
  test.each([
    ['rate(x[$__rate_interval])', 'rate(x[240s])', 'four scrapes or more'],
    ['avg_over_time(x[$__interval])', 'avg_over_time(x[60s])', 'one step'],
    ['increase(x[$__range])', 'increase(x[3600s])', 'all that is shown'],
    ['x{team=~"$team"}', 'x{team=~".*"}', 'nothing chosen is all of it'],
    ['x{service="$service"}', String.raw`x{service="a\"b\\.c"}`, 'a value stays one string'],
    ['x{service=~"$service"}', String.raw`x{service=~"a\"b\\\\\\.c"}`, 'and in a pattern means itself'],
    ['label_replace(x, "a", "$1", "b", "(.*)")', 'label_replace(x, "a", "$1", "b", "(.*)")', 'no variable'],
    [String.raw`x{service="\u0024service"}`, String.raw`x{service="\u0024service"}`, 'an escaped name of a service'],
  ])('%s becomes %s: %s', (expr, filled) => {
    expect(filledQuery(expr, view)).toBe(filled);
  });
});

test.each([
  [0.99995, 'percentunit', undefined, '100 %'],
  [0.99995, 'percentunit', 3, '99.995 %'],
  [0.0276, 'percentunit', undefined, '2.76 %'],
  [1234.5, 'reqps', undefined, '1235 req/s'],
  [0.0425, 's', undefined, '42.5 ms'],
  [7200, 's', undefined, '2 h'],
  [15_728_640, 'bytes', undefined, '15 MiB'],
  [14.4, 'x', undefined, '14.4x'],
  [NaN, 'short', undefined, 'unknown'],
] as const)('%s in %s with %s decimals reads %s', (value, unit, decimals, text) => {
  expect(unitText(value, unit, decimals)).toBe(text);
});
