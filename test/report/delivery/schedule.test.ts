import { expect, test } from '@jest/globals';
import { isoWeekName, parseIsoWeek } from '../../../src/domain/iso-week.js';
import { reportDueAt, weeksDue } from '../../../src/report/delivery/schedule.js';

const berlin = { timeZone: 'Europe/Berlin', schedule: { weekday: 1, minute: 480 } };

function at(iso: string): number {
  return Date.parse(iso) / 1000;
}

function dueAt(week: string, settings = berlin): string {
  return new Date(reportDueAt(parseIsoWeek(week)!, settings) * 1000).toISOString();
}

test.each([
  ['2026-W47', berlin, '2026-11-23T07:00:00.000Z', 'Monday at eight in winter'],
  ['2026-W22', berlin, '2026-06-01T06:00:00.000Z', 'Monday at eight in summer'],
  ['2026-W13', berlin, '2026-03-30T06:00:00.000Z', 'on the morning after clocks went forward'],
  ['2026-W43', berlin, '2026-10-26T07:00:00.000Z', 'on the morning after they went back'],
  ['2026-W53', berlin, '2027-01-04T07:00:00.000Z', 'a year of 53 weeks'],
  ['2026-W47', { ...berlin, schedule: { weekday: 0, minute: 150 } }, '2026-11-29T01:30:00.000Z', 'six days later'],
  [
    '2026-W12',
    { ...berlin, schedule: { weekday: 0, minute: 150 } },
    '2026-03-29T01:00:00.000Z',
    '02:30 that there is not: when clocks go forward',
  ],
  [
    '2026-W42',
    { ...berlin, schedule: { weekday: 0, minute: 150 } },
    '2026-10-25T00:30:00.000Z',
    '02:30 that there is twice: the first',
  ],
  [
    '2026-W47',
    { timeZone: 'UTC', schedule: { weekday: 1, minute: 0 } },
    '2026-11-23T00:05:00.000Z',
    'at once, but for the last slots to be written',
  ],
  [
    '2026-W47',
    { timeZone: 'Asia/Kathmandu', schedule: { weekday: 1, minute: 480 } },
    '2026-11-23T02:15:00.000Z',
    'a zone of 5:45',
  ],
])('%s is due %j: %s (%s)', (week, settings, due) => {
  expect(dueAt(week, settings)).toBe(due);
});

test.each([
  ['2026-11-23T06:59:59Z', '2026-11-23T07:00:00Z', ['2026-W47'], 'the very moment'],
  ['2026-11-23T07:00:00Z', '2026-11-30T06:59:59Z', [], 'once each'],
  [
    '2026-11-01T00:00:00Z',
    '2026-11-30T07:00:00Z',
    ['2026-W44', '2026-W45', '2026-W46', '2026-W47', '2026-W48'],
    'missed',
  ],
  ['2020-01-01T00:00:00Z', '2026-11-30T07:00:00Z', ['2026-W46', '2026-W47', '2026-W48'], 'at most three here'],
])('after %s and up to %s: %j (%s)', (after, upTo, weeks) => {
  const most = weeks.length === 5 ? 9 : 3;
  expect(weeksDue(berlin, { after: at(after), upTo: at(upTo), most }).map(isoWeekName)).toEqual(weeks);
});
