import { describe, expect, test } from '@jest/globals';
import { describeWindow, isTimeZone, type Window, windowAt, windowSeconds } from '../../src/domain/window.js';

const at = (iso: string): number => Date.parse(iso) / 1000;

describe('a window', () => {
  test('that rolls ends now', () => {
    expect(windowAt({ kind: 'rolling', seconds: 3600 }, 7200)).toEqual({ from: 3600, to: 7200, ends: 7200 });
  });

  test.each([
    {
      period: 'week',
      zone: 'UTC',
      now: '2026-11-21T10:00Z',
      from: '2026-11-16T00:00Z',
      ends: '2026-11-23T00:00Z',
      why: 'ISO weeks begin on Monday',
    },
    {
      period: 'week',
      zone: 'UTC',
      now: '2026-11-22T23:59Z',
      from: '2026-11-16T00:00Z',
      ends: '2026-11-23T00:00Z',
      why: 'Sunday is the last day',
    },
    {
      period: 'week',
      zone: 'Europe/Berlin',
      now: '2026-03-29T12:00Z',
      from: '2026-03-22T23:00Z',
      ends: '2026-03-29T22:00Z',
      why: 'the week of the spring change has 167 hours',
    },
    {
      period: 'week',
      zone: 'Europe/Berlin',
      now: '2026-10-25T12:00Z',
      from: '2026-10-18T22:00Z',
      ends: '2026-10-25T23:00Z',
      why: 'the week of the autumn change has 169 hours',
    },
    {
      period: 'month',
      zone: 'Asia/Kolkata',
      now: '2026-10-31T18:30Z',
      from: '2026-10-31T18:30Z',
      ends: '2026-11-30T18:30Z',
      why: 'a zone at half an hour, at its own midnight',
    },
    {
      period: 'month',
      zone: 'Asia/Kathmandu',
      now: '2026-10-31T18:14Z',
      from: '2026-09-30T18:15Z',
      ends: '2026-10-31T18:15Z',
      why: 'a zone at three quarters, a minute before midnight',
    },
    {
      period: 'quarter',
      zone: 'America/New_York',
      now: '2026-12-31T23:00Z',
      from: '2026-10-01T04:00Z',
      ends: '2027-01-01T05:00Z',
      why: 'a quarter that begins in summer time and ends in winter time',
    },
    {
      period: 'month',
      zone: 'America/Asuncion',
      now: '2023-10-05T12:00Z',
      from: '2023-10-01T04:00Z',
      ends: '2023-11-01T03:00Z',
      why: 'Paraguay skipped midnight of 1 October 2023: the month began at 01:00',
    },
  ] as const)('$period in $zone: $why', ({ period, zone, now, from, ends }) => {
    const window: Window = { kind: 'calendar', period, timeZone: zone };
    expect(windowAt(window, at(now))).toEqual({ from: at(from), to: at(now), ends: at(ends) });
    expect(windowSeconds(window, at(now))).toBe(at(ends) - at(from));
  });

  test('says what it is', () => {
    expect(describeWindow({ kind: 'rolling', seconds: 30 * 86_400 })).toBe('30d');
    expect(describeWindow({ kind: 'calendar', period: 'month', timeZone: 'Europe/Berlin' })).toBe(
      'month in Europe/Berlin',
    );
  });

  test('knows a time zone from a typing mistake', () => {
    expect([isTimeZone('Europe/Berlin'), isTimeZone('Europe/Berlni')]).toEqual([true, false]);
  });
});
