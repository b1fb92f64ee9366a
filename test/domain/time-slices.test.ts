import { expect, test } from '@jest/globals';
import { countSlices } from '../../src/domain/time-slices.js';

test('a slice is bad as a whole, and one without traffic is no slice', () => {
  const slices = [
    { total: 100, bad: 5 }, // 95 %: as good as it must be
    { total: 100, bad: 6 }, // bad
    { total: 0, bad: 0 }, // nothing happened
    { total: 1, bad: 1 }, // bad
    { total: 1_000_000, bad: 0 }, // weighs no more than the others
  ];
  expect(countSlices(slices, { method: 'time-slices', sliceSeconds: 60, sliceObjective: 0.95 })).toEqual({
    total: 4,
    bad: 2,
  });
});
