import { describe, expect, test } from '@jest/globals';
import { latencyQuantile, nearestBounds } from '../../src/domain/histogram.js';

const boundsSeconds = [0.1, 0.25, 0.5, Infinity];

describe('a latency quantile', () => {
  test.each([
    {
      counts: [10, 0, 0, 0],
      quantile: 0.5,
      seconds: 0.05,
      why: 'half way through the first bucket, which begins at zero',
    },
    { counts: [0, 10, 0, 0], quantile: 0.9, seconds: 0.235, why: '0.1 + 0.9 x 0.15' },
    { counts: [5, 0, 5, 0], quantile: 0.5, seconds: 0.1, why: 'the fifth of ten is the last of the first bucket' },
    { counts: [5, 0, 5, 0], quantile: 0.99, seconds: 0.495, why: '0.25 + 4.9/5 x 0.25' },
    { counts: [1, 0, 0, 9], quantile: 0.99, seconds: 0.5, why: 'beyond the last bound only "more than that" is known' },
  ])('is $seconds s: $why', ({ counts, quantile, seconds }) => {
    expect(latencyQuantile({ boundsSeconds, counts }, quantile)).toBeCloseTo(seconds, 9);
  });

  test('of no requests is unknown, not zero', () => {
    expect(latencyQuantile({ boundsSeconds, counts: [0, 0, 0, 0] }, 0.5)).toBeUndefined();
  });
});

test.each([
  { seconds: 0.3, near: [0.25, 0.5] },
  { seconds: 0.05, near: [0.1] },
  { seconds: 9, near: [0.5] },
])('the bounds next to $seconds s are $near', ({ seconds, near }) => {
  expect(nearestBounds(boundsSeconds, seconds)).toEqual(near);
});
