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
  ])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBeCloseTo(seconds, 9));

  test.each(['', '5', '5 m', 'm', '-5m', '1.5h', '5y', '5M'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('comes back from its text, to the millisecond', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 12), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds / 1000))).toBeCloseTo(milliseconds / 1000, 3);
      }),
    );
  });
});
