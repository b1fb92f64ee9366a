import { describe, expect, test } from '@jest/globals';
import { Schedule } from '../../src/scrape/schedule.js';

describe('a schedule', () => {
  test('every target is due exactly once per interval', () => {
    const schedule = new Schedule<string>();
    for (let pod = 0; pod < 50; pod++) schedule.add(`pod-${pod}`, `pod-${pod}`, 15, 1000);
    const scrapes = new Map<string, number>();
    for (let now = 1000; now <= 1060; now += 0.25) {
      for (const { entry } of schedule.take(now)) scrapes.set(entry, (scrapes.get(entry) ?? 0) + 1);
    }
    expect(new Set(scrapes.values())).toEqual(new Set([4]));
    expect(scrapes.size).toBe(50);
  });

  test('neighbouring addresses are spread over the interval', () => {
    const schedule = new Schedule<string>();
    for (let pod = 0; pod < 1000; pod++) schedule.add(`job 10.0.0.${pod}:15090/metrics`, '', 10, 0);
    const perSecond = Array.from({ length: 10 }, (_, second) => schedule.take(second + 1).length);
    for (const count of perSecond) expect(count).toBeGreaterThan(60);
    for (const count of perSecond) expect(count).toBeLessThan(140);
  });

  test('the phase of a target does not depend on when it was added, nor on the others', () => {
    const early = new Schedule<string>();
    const late = new Schedule<string>();
    early.add('a', 'a', 10, 0);
    late.add('b', 'b', 10, 37);
    late.add('a', 'a', 10, 37);
    late.remove('b');
    expect((late.nextAt - early.nextAt) % 10).toBeCloseTo(0);
  });

  test('times that went by unused are told, and the phase stays', () => {
    const schedule = new Schedule<string>();
    schedule.add('a', 'a', 10, 0);
    const first = schedule.nextAt;
    expect(schedule.take(first + 35)).toEqual([{ entry: 'a', missed: 3 }]);
    expect(schedule.nextAt).toBeCloseTo(first + 40);
  });

  test('nothing is ever due without targets', () => {
    expect(new Schedule().nextAt).toBe(Infinity);
  });
});
