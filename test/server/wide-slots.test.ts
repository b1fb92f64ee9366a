import { describe, expect, test } from '@jest/globals';
import type { SeriesPoint } from '../../src/ledger/series.js';
import type { SignalPoint } from '../../src/ledger/signal-store.js';
import { spreadEvents, spreadSignals } from '../../src/server/wide-slots.js';

/** Midnight of 2026-03-02, where slots of every length begin. */
const midnight = 1_772_409_600;

const point = (minute: number, given: Partial<SeriesPoint> = {}): SeriesPoint => ({
  at: midnight + minute * 60,
  seconds: 60,
  total: 0,
  bad: 0,
  coverage: undefined,
  ...given,
});

describe('five imported minutes in steps of one', () => {
  test('are spread evenly in whole events, and add up', () => {
    const wide = point(0, { seconds: 300, total: 10_213, bad: 3, coverage: 1 });
    const spread = spreadEvents([wide, point(1), point(2), point(3), point(4), point(5)], 60);
    expect(spread.map(({ total }) => total)).toEqual([2043, 2043, 2043, 2042, 2042, 0]);
    expect(spread.map(({ bad }) => bad)).toEqual([1, 1, 1, 0, 0, 0]);
    expect(spread.map(({ coverage }) => coverage)).toEqual([1, 1, 1, 1, 1, undefined]);
  });

  test('are cut off where the range ends', () => {
    const wide = point(5, { seconds: 300, total: 10, coverage: 1 });
    expect(spreadEvents([wide, point(6)], 60).map(({ total }) => total)).toEqual([2, 2]);
  });

  test('never cover what is known better', () => {
    const wide = point(0, { seconds: 300, total: 10, coverage: 1 });
    const fine = point(1, { total: 99, coverage: 1 });
    expect(spreadEvents([wide, fine, point(2)], 60)[1]).toEqual(fine);
  });

  test('keep their rate in every minute', () => {
    const signals = { requests: 600 } as SignalPoint['signals'];
    const wide: SignalPoint = { at: midnight, seconds: 300, signals };
    const unknown = (minute: number): SignalPoint => ({ at: midnight + minute * 60, seconds: 0, signals: undefined });
    const spread = spreadSignals([wide, unknown(1), unknown(2), unknown(3), unknown(4), unknown(5)], 60);
    expect(spread.map((each) => each.signals && each.signals.requests / each.seconds)).toEqual([
      ...Array<number>(5).fill(2),
      undefined,
    ]);
  });
});

test('minutes in steps of minutes stay what they are, holes too', () => {
  const points = [point(0, { total: 7, coverage: 1 }), point(1), point(2, { total: 9, bad: 1, coverage: 0.5 })];
  expect(spreadEvents(points, 60)).toEqual(points);
});
