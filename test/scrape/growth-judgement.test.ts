import { describe, expect, test } from '@jest/globals';
import { judgeFirst, judgeNext, type LastScrape } from '../../src/scrape/growth-judgement.js';

/** 12:00:00 of some day; intervals are 15 s, so that growth over more than 37.5 s has no place. */
const noon = 1_800_014_400;
const interval = 15;

function scrape(secondsAfterNoon: number, uptimeSeconds: number | undefined, monotonic = 1000 + secondsAfterNoon) {
  return { startedAt: noon + secondsAfterNoon, startedMonotonic: monotonic, uptimeSeconds };
}

const last: LastScrape = { endedAt: noon, endedMonotonic: 1000, uptimeSeconds: 600 };

describe('a target seen for the first time', () => {
  test.each([
    { why: 'nobody knows since when the list is without it', uptime: 5, absentAt: undefined, counts: 'remember' },
    { why: 'its process does not tell its age', uptime: undefined, absentAt: noon - 10, counts: 'remember' },
    { why: 'its process is older than our watch', uptime: 600, absentAt: noon - 10, counts: 'remember' },
    { why: 'its process began after the last list without it', uptime: 8, absentAt: noon - 10, counts: 'from-zero' },
    { why: 'it was ready, and listed, only 30 s after it began', uptime: 40, absentAt: noon - 10, counts: 'from-zero' },
  ])('$why: $counts', ({ uptime, absentAt, counts }) => {
    expect(judgeFirst(scrape(0, uptime), absentAt, interval).counts).toBe(counts);
  });

  test('the growth of a process that is at most 2.5 intervals old has a place', () => {
    expect(judgeFirst(scrape(0, 37), noon - 60, interval).gap).toBeUndefined();
  });

  test('an older one may have grown at any time since it began', () => {
    expect(judgeFirst(scrape(0, 300), noon - 3600, interval).gap).toEqual({ from: noon - 300, to: noon });
  });
});

describe('a target that was scraped before', () => {
  test('the same process grows into the slot', () => {
    expect(judgeNext(last, scrape(15, 615), interval)).toEqual({ counts: 'growth', gap: undefined, unseen: undefined });
  });

  test('over a gap of 5 min it has grown at any time in it, which is told in whole minutes', () => {
    const { counts, gap } = judgeNext(last, scrape(290, 890), interval);
    expect({ counts, gap }).toEqual({ counts: 'growth', gap: { from: noon, to: noon + 300 } });
  });

  test('one failed scrape is no gap', () => {
    expect(judgeNext(last, scrape(30, 630), interval).gap).toBeUndefined();
  });

  test('a restarted process counts from zero, and its former end was not seen', () => {
    expect(judgeNext(last, scrape(15, 5), interval)).toEqual({
      counts: 'from-zero',
      gap: undefined,
      unseen: { from: noon, to: noon + 10 },
    });
  });

  test('a process that restarted right after its last scrape has an unseen end all the same', () => {
    // Its coarse uptime puts its begin before the last scrape.
    expect(judgeNext(last, scrape(15, 17), interval).unseen).toEqual({ from: noon, to: noon + 1 });
  });

  test('a process that restarted long ago counts from its begin', () => {
    expect(judgeNext(last, scrape(600, 240), interval)).toEqual({
      counts: 'from-zero',
      gap: { from: noon + 360, to: noon + 600 },
      unseen: { from: noon, to: noon + 360 },
    });
  });

  test('a process that has already outlived the former one is betrayed by its uptime', () => {
    expect(judgeNext({ ...last, uptimeSeconds: 20 }, scrape(300, 120), interval).counts).toBe('from-zero');
  });

  test('a slow answer does not make a process look restarted', () => {
    // The last answer took 9 s and was printed at its end, this one at once: its uptime grew 9 s less than the time between.
    const slow: LastScrape = { endedAt: noon + 9, endedMonotonic: 1009, uptimeSeconds: 609 };
    expect(judgeNext(slow, scrape(15, 610), interval).counts).toBe('growth');
  });
});

describe('clocks that jump', () => {
  test.each([
    { why: 'an hour forward', jump: 3600 },
    { why: 'an hour back', jump: -3600 },
  ])('the wall clock, $why, changes nothing between two scrapes of one run', ({ jump }) => {
    const now = { startedAt: noon + 15 + jump, startedMonotonic: 1015, uptimeSeconds: 615 };
    expect(judgeNext(last, now, interval)).toEqual({ counts: 'growth', gap: undefined, unseen: undefined });
  });

  test('over a restart of meshslo the wall clock set back makes no gap that ends before it begins', () => {
    const restored: LastScrape = { ...last, endedMonotonic: undefined };
    // Half an hour passed by the process' own uptime; the wall clock went back by one. Its tolerance is 10 s.
    const { counts, gap } = judgeNext(restored, scrape(-1800, 2400), interval);
    expect({ counts, gap }).toEqual({ counts: 'growth', gap: { from: noon - 1800 - 1800, to: noon - 1800 } });
  });

  test('a machine that slept finds its gap by the uptime of the target', () => {
    expect(judgeNext(last, scrape(15, 600 + 7200), interval).gap).toEqual({ from: noon - 7200 + 0, to: noon + 60 });
  });
});
