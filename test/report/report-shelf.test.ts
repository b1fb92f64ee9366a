import { afterEach, expect, jest, test } from '@jest/globals';
import { ReportShelf } from '../../src/report/report-shelf.js';
import { madeUpReport, mondayAtEight } from './delivery/made-up-report.js';

afterEach(() => void jest.useRealTimers());

test('a week that was looked at is kept for a minute, and then for nobody', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
  const read: string[] = [];
  const shelf = new ReportShelf({
    store: { get: () => undefined, latest: () => undefined } as never,
    readWeek: ({ year, week }) => {
      read.push(`${year} ${week}`);
      return Promise.resolve({ owners: [], report: () => Promise.resolve(madeUpReport()) });
    },
    timeZone: () => 'Europe/Berlin',
    knownSince: () => 0,
    owners: () => [],
    // It stands still: what is dropped is dropped though nobody looks at a clock.
    clock: { now: () => mondayAtEight },
  });
  await shelf.get('2026-W47');
  await shelf.get('2026-W47');
  expect(read).toEqual(['2026 47']);
  jest.advanceTimersByTime(60_000);
  await shelf.get('2026-W47');
  expect(read).toEqual(['2026 47', '2026 47']);
});
