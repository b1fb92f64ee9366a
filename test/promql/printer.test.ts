import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quoteRegex, quoteString } from '../../src/promql/escaping.js';
import type { Expression, Selector } from '../../src/promql/expression.js';
import { signedSum, sumBy } from '../../src/promql/expression.js';
import { printExpression } from '../../src/promql/printer.js';

const up: Selector = { kind: 'selector', metric: 'up', matchers: [] };

function binary(operator: '+' | '-' | '*' | '/' | 'or', left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right };
}

describe('an expression as text', () => {
  const a: Selector = { ...up, metric: 'a' };
  const b: Selector = { ...up, metric: 'b' };
  const c: Selector = { ...up, metric: 'c' };
  test.each([
    { expression: up, text: 'up', why: 'no braces without matchers' },
    {
      expression: { ...up, matchers: [{ label: 'job', operator: '!~' as const, value: 'a|b' }] },
      text: 'up{job!~"a|b"}',
      why: 'a matcher',
    },
    { expression: { ...up, rangeSeconds: 5400, offsetSeconds: 60 }, text: 'up[1h30m] offset 1m', why: 'a range' },
    { expression: { ...up, rangeSeconds: 60, offsetSeconds: 0 }, text: 'up[1m]', why: 'an offset of 0s is refused' },
    { expression: { ...up, metric: 'rt:server:requests' }, text: 'rt:server:requests', why: 'colons are legal' },
    { expression: { ...up, metric: 'a.b' }, text: '{__name__="a.b"}', why: 'both Prometheus 2 and 3 read it so' },
    { expression: sumBy([], up), text: 'sum(up)', why: 'over everything' },
    { expression: sumBy(['le', 'job'], up), text: 'sum by (le, job) (up)', why: 'by labels' },
    { expression: binary('-', a, binary('-', b, c)), text: 'a - (b - c)', why: 'a - b - c is (a - b) - c' },
    { expression: binary('-', binary('-', a, b), c), text: 'a - b - c', why: 'the left side needs no brackets' },
    { expression: binary('*', binary('+', a, b), c), text: '(a + b) * c', why: 'times binds stronger than plus' },
    { expression: binary('+', a, binary('*', b, c)), text: 'a + b * c', why: 'times binds stronger than plus' },
    { expression: binary('/', binary('or', a, b), c), text: '(a or b) / c', why: 'or binds weakest' },
    { expression: { kind: 'number' as const, value: Infinity }, text: 'Inf', why: 'as PromQL writes it' },
  ])('$text: $why', ({ expression, text }) => {
    expect(printExpression(expression)).toBe(text);
  });

  test('terms are summed one by one, and one without series is 0', () => {
    const terms = [
      { sign: 1 as const, selector: a },
      { sign: -1 as const, selector: b },
    ];
    expect(printExpression(signedSum(terms))).toBe('(sum(a) or vector(0)) - (sum(b) or vector(0))');
    expect(printExpression(signedSum([]))).toBe('0');
  });

  test('a label that Prometheus 2 cannot name is refused instead of printed wrongly', () => {
    const odd: Selector = { ...up, matchers: [{ label: 'a"b', operator: '=', value: '' }] };
    expect(() => printExpression(odd)).toThrow(RangeError);
  });
});

describe('whatever a text holds, it stays one string', () => {
  test.each([
    { text: 'a"} or up{x="', quoted: String.raw`"a\"} or up{x=\""`, why: 'a quote cannot end it' },
    { text: 'a\\', quoted: String.raw`"a\\"`, why: 'a backslash cannot escape the end' },
    { text: 'two\nlines\t\0', quoted: String.raw`"two\nlines\u0009\u0000"`, why: 'control characters are written out' },
    { text: '\u2028', quoted: String.raw`"\u2028"`, why: 'nothing that an editor could take for a new line' },
    { text: '\ud800', quoted: String.raw`"\ufffd"`, why: 'half a character is none' },
    { text: 'ä🦀', quoted: '"ä🦀"', why: 'letters stay' },
  ])('$quoted: $why', ({ text, quoted }) => {
    expect(quoteString(text)).toBe(quoted);
  });

  test('read as JSON, whose escapes are the same, it is the text again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(JSON.parse(quoteString(text))).toBe(text);
      }),
    );
  });

  test('a quoted regular expression matches its text and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'binary-ascii' }), (text, other) => {
        const expression = new RegExp(`^(?:${quoteRegex(text)})$`, 'su');
        expect(expression.test(text)).toBe(true);
        expect(expression.test(other)).toBe(other === text);
      }),
    );
  });
});
