import { expect, test } from '@jest/globals';
import { mostTries } from '../../src/peers/meaning/most-tries.js';

test.each([
  ['5..', 0],
  ['5..|429', 1],
  ['(?:4(?:0[0-46-9]|29)|5[0-9]{2}|x)', 1 + Math.log2(3)],
  ['.*cart.*', 16],
  [String.raw`cart\.shop\.svc(\..*)?`, 9],
  ['(a|b)(a|b)(a|b)', 3],
  ['[*(|]+?', 8],
])('%s may be tried 2^%d times', (expression, tries) => {
  expect(mostTries(expression)).toBe(tries);
});

test.each(['(a+)+', '(a|aa)*b', '((a|b)c)+', '(.*2){9}', '(x?){30}', '(x(y(z*)))+'])(
  '%s may be tried without end',
  (expression) => {
    expect(mostTries(expression)).toBe(Infinity);
  },
);

test.each(['a?'.repeat(40), '(a|a)'.repeat(40), '.*'.repeat(10)])('%s may be tried too often', (expression) => {
  expect(mostTries(expression)).toBeGreaterThanOrEqual(40);
});
