import { describe, expect, test } from '@jest/globals';
import { bucketShares, latencyBoundsMs } from '../../src/simulator/latency.js';
import { evenCurve } from '../../src/simulator/mesh-model.js';
import { isDegraded, trafficShare } from '../../src/simulator/traffic.js';

const day = 86_400;
const hour = 3600;
/** The epoch began on a Thursday: its fifth day was a Monday. */
const monday = 4 * day;

describe('traffic', () => {
  test('is whole at the peak and least twelve hours later', () => {
    const curve = { dailySwing: 0.7, peakHour: 19, weekendShare: 1 };
    expect(trafficShare(curve, monday + 19 * hour)).toBeCloseTo(1);
    expect(trafficShare(curve, monday + 7 * hour)).toBeCloseTo(0.3);
  });

  test.each([
    { dayName: 'Friday', at: monday - 3 * day, expected: 1 },
    { dayName: 'Saturday', at: monday - 2 * day, expected: 0.4 },
    { dayName: 'Sunday', at: monday - day, expected: 0.4 },
    { dayName: 'Monday', at: monday, expected: 1 },
  ])('on $dayName there is $expected of it', ({ at, expected }) => {
    expect(trafficShare({ ...evenCurve, weekendShare: 0.4 }, at + 12 * hour)).toBeCloseTo(expected);
  });

  test.each([
    { hourOfDay: 21.9, silent: false, why: 'just before' },
    { hourOfDay: 22, silent: true, why: 'the first hour is silent' },
    { hourOfDay: 3, silent: true, why: 'over midnight' },
    { hourOfDay: 5, silent: false, why: 'the last hour is not' },
  ])('is silent at $hourOfDay: $silent, $why', ({ hourOfDay, silent }) => {
    const share = trafficShare({ ...evenCurve, silentHours: [22, 5] }, monday + hourOfDay * hour);
    expect(share === 0).toBe(silent);
  });

  test.each([
    { at: 999, expected: false, why: 'before the first' },
    { at: 1000, expected: true, why: 'the first' },
    { at: 1060, expected: false, why: 'over' },
    { at: 1610, expected: true, why: 'again' },
  ])('is degraded at $at: $expected, $why', ({ at, expected }) => {
    expect(isDegraded({ firstSeconds: 1000, lastsSeconds: 60, everySeconds: 600, shares: {}, slowdown: 1 }, at)).toBe(
      expected,
    );
  });

  test('half of the requests are faster than the median', () => {
    const shares = bucketShares({ medianMs: 100, spread: 0.8 });
    const faster = shares.slice(0, latencyBoundsMs.indexOf(100) + 1).reduce((sum, share) => sum + share, 0);
    expect(faster).toBeCloseTo(0.5, 4);
  });
});
