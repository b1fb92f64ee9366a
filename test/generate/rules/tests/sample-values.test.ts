import { expect, test } from '@jest/globals';
import { cutAfter } from '../../../../src/generate/rules/tests/sample-values.js';

test.each([
  { values: '0+2x30', last: 20, cut: '0+2x20 stale', why: 'samples are counted from 0' },
  { values: '5x10', last: 3, cut: '5+0x3 stale', why: 'a number that is repeated does not grow' },
  { values: '1 0 2', last: 1, cut: '1 0 stale', why: 'single samples are single' },
  { values: '_x13 40x17', last: 20, cut: '_x13 40+0x7 stale', why: '13 are missing, and 8 are there' },
  { values: '100-60x3 7', last: 9, cut: '100-60x3 7 stale', why: 'what is shorter ends as it is' },
  { values: '1x5 stale', last: 20, cut: '1+0x5 stale', why: 'what has ended ends once' },
])('$values up to sample $last is $cut: $why', ({ values, last, cut }) => {
  expect(cutAfter(values, last)).toBe(cut);
});
