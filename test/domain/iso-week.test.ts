import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isoWeekAfter, isoWeekName, isoWeekOf, isoWeekRange, parseIsoWeek } from '../../src/domain/iso-week.js';

const at = (iso: string): number => Date.parse(iso) / 1000;
const hour = 3600;

describe('an ISO week', () => {
  test.each([
    { day: '2026-11-21', name: '2026-W47', why: 'a Saturday' },
    { day: '2026-11-23', name: '2026-W48', why: 'weeks begin on Monday' },
    { day: '2026-01-01', name: '2026-W01', why: 'a Thursday is in the first week' },
    { day: '2027-01-01', name: '2026-W53', why: 'a Friday belongs to the year before, which has 53 weeks' },
    { day: '2027-01-04', name: '2027-W01', why: 'the Monday after' },
    { day: '2024-12-30', name: '2025-W01', why: 'a Monday whose Thursday is in the next year' },
    { day: '2021-01-03', name: '2020-W53', why: 'the Sunday of a long year' },
  ])('$day is in $name: $why', ({ day, name }) => {
    expect(isoWeekName(isoWeekOf(at(`${day}T12:00Z`), 'UTC'))).toBe(name);
  });

  test.each([
    ['Pacific/Kiritimati', '2026-11-15T10:00Z'],
    ['Etc/GMT+12', '2026-11-16T12:00Z'],
    ['Asia/Kolkata', '2026-11-15T18:30Z'],
    ['Asia/Kathmandu', '2026-11-15T18:15Z'],
    ['America/New_York', '2026-11-16T05:00Z'],
  ])('begins at midnight of %s', (zone, begins) => {
    const week = parseIsoWeek('2026-W47')!;
    const range = isoWeekRange(week, zone);
    expect(range).toEqual({ from: at(begins), to: at(begins) + 168 * hour });
    expect(isoWeekOf(range.from, zone)).toEqual(week);
    expect(isoWeekOf(range.from - 1, zone)).toEqual({ year: 2026, week: 46 });
  });

  test('is as long as the clocks make it', () => {
    const hours = (name: string): number => {
      const { from, to } = isoWeekRange(parseIsoWeek(name)!, 'Europe/Berlin');
      return (to - from) / hour;
    };
    // Clocks went forward on 2026-03-29 and back on 2026-10-25, both the Sunday of their week.
    expect(['2026-W13', '2026-W43', '2026-W44'].map(hours)).toEqual([167, 169, 168]);
  });

  test.each(['2026-W00', '2026-W54', '2025-W53', '2026-47', '2026-W7', ' 2026-W47', '1969-W50', '2026-W47\n', ''])(
    'is not named by %j',
    (text) => {
      expect(parseIsoWeek(text)).toBeUndefined();
    },
  );

  test('is followed by the next, over years', () => {
    const last = parseIsoWeek('2026-W53')!;
    expect(isoWeekName(isoWeekAfter(last))).toBe('2027-W01');
    expect(isoWeekName(isoWeekAfter(parseIsoWeek('2027-W01')!, -1))).toBe('2026-W53');
    expect(isoWeekName(isoWeekAfter(last, -52))).toBe('2026-W01');
  });

  test('meets the next one without a gap, and its name names it', () => {
    const zones = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Africa/Cairo', 'America/St_Johns', 'Pacific/Apia'];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), fc.constantFrom(...zones), (moment, zone) => {
        const week = isoWeekOf(moment + 30 * 86_400, zone);
        const range = isoWeekRange(week, zone);
        expect(range.from <= moment + 30 * 86_400 && moment + 30 * 86_400 < range.to).toBe(true);
        expect(isoWeekRange(isoWeekAfter(week), zone).from).toBe(range.to);
        expect(parseIsoWeek(isoWeekName(week))).toEqual(week);
      }),
    );
  });
});
