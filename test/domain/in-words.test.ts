import { describe, expect, test } from '@jest/globals';
import {
  coverageInWords,
  burnRateInWords,
  objectiveInWords,
  paceInWords,
  percentInWords,
  roundPercentInWords,
  spanInWords,
  windowInWords,
} from '../../src/domain/in-words.js';
import { slo } from '../server/made-up-reader.js';

describe('numbers in words', () => {
  test.each([
    { ratio: 0.9995, text: '99.95 %', why: 'every digit of an objective' },
    { ratio: 0.99971, text: '99.971 %', why: 'no binary rest: 0.99971 * 100 is 99.97099999999999' },
  ])('$text: $why', ({ ratio, text }) => expect(percentInWords(ratio)).toBe(text));

  test.each([
    { ratio: 0.1234, text: '12.3 %', why: 'a tenth of a percent' },
    { ratio: 0.99999, text: 'over 99.9 %', why: 'not everything is left' },
    { ratio: 0.0001, text: 'under 0.1 %', why: 'not nothing is left' },
    { ratio: -0.0001, text: '0 %', why: 'no negative zero' },
    { ratio: -2.5, text: '-250 %', why: 'overspent' },
    { ratio: 1, text: '100 %', why: 'exactly all' },
  ])('$text: $why', ({ ratio, text }) => expect(roundPercentInWords(ratio)).toBe(text));

  test.each([
    { seconds: 2 * 86_400, text: '2 days' },
    { seconds: 36 * 3600 - 1, text: '36 hours' },
    { seconds: 3600, text: '1 hour' },
    { seconds: 90, text: '2 minutes' },
    { seconds: 20, text: 'under a minute' },
  ])('$seconds s are $text', ({ seconds, text }) => expect(spanInWords(seconds)).toBe(text));

  test('coverage is told where it is less than a reader would expect', () => {
    expect([0, 0.9312, 0.9989, 0.999, 1].map(coverageInWords)).toEqual([
      '0 % observed',
      '93.1 % observed',
      '99.9 % observed',
      undefined,
      undefined,
    ]);
  });

  test('a pace that keeps the budget does not say when it ends', () => {
    expect(paceInWords({ windowSeconds: 3600, burnRate: 0.8, exhaustedInSeconds: 1e6 })).toBe('0.8x');
    expect(paceInWords({ windowSeconds: 3600, burnRate: 14.4, exhaustedInSeconds: 180_000 })).toBe(
      '14x: spent in 2 days',
    );
    expect(paceInWords({ windowSeconds: 3600, burnRate: 3, exhaustedInSeconds: 0 })).toBe('3x: nothing left');
    const spurt = { windowSeconds: 300, burnRate: 67, exhaustedInSeconds: 25_200 };
    expect(paceInWords(spurt)).toBe('67x over 5m: spent in 7 hours');
    expect(burnRateInWords(0.01)).toBe('under 0.1x');
  });

  test('an objective reads as a sentence', () => {
    const latency = { kind: 'latency', thresholdSeconds: 0.25 } as const;
    const slices = { method: 'time-slices', sliceSeconds: 300, sliceObjective: 0.95 } as const;
    expect(objectiveInWords(slo())).toBe('99.9 % of requests succeed');
    expect(objectiveInWords(slo({ indicator: { kind: 'availability', of: 'connections' } }))).toBe(
      '99.9 % of connections succeed',
    );
    const minutes = { kind: 'latency-windows', thresholdSeconds: 0.25, quantile: 0.99 } as const;
    expect(objectiveInWords(slo({ indicator: minutes }))).toBe('99.9 % of its proxies’ minutes with p99 within 250 ms');
    expect(objectiveInWords(slo({ indicator: latency, objective: 0.99 }))).toBe('99 % of requests within 250 ms');
    expect(objectiveInWords(slo({ indicator: latency, budgeting: slices }))).toBe(
      '99.9 % of 5-minute slices in which 95 % of requests are within 250 ms',
    );
    expect(windowInWords({ kind: 'rolling', seconds: 2_592_000 })).toBe('over 30 days');
    expect(windowInWords({ kind: 'calendar', period: 'month', timeZone: 'Europe/Berlin' })).toBe(
      'this month (Europe/Berlin)',
    );
  });
});
