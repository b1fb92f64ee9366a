import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../src/domain/duration.js';

describe('a duration', () => {
  test.each([
    ['250ms', 0.25],
    ['30s', 30],
    ['1h30m', 5400],
    ['28d', 2_419_200],
    ['1w', 604_800],
    ['700ms', 0.7],
    ['1s1ms', 1.001],
  ])('%s is exactly %d seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  test.each(['', '5', '5 m', 'm', '-5m', '1.5h', '5y', '5M'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('comes back from its text, to the millisecond', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 12), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds / 1000))).toBe(milliseconds / 1000);
      }),
    );
  });
});
