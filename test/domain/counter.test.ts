import { describe, expect, test } from '@jest/globals';
import { counterGrowth, processRelation } from '../../src/domain/counter.js';

describe('the growth of a counter', () => {
  test.each([
    { before: 10, now: 15, relation: 'same', growth: 5, why: 'it grew' },
    { before: 10, now: 10, relation: 'same', growth: 0, why: 'it stood still' },
    { before: 10, now: 3, relation: 'same', growth: 3, why: 'a fallen counter began again at zero' },
    { before: undefined, now: 7, relation: 'same', growth: 7, why: 'a series born late counts from zero' },
    { before: 10, now: 15, relation: 'restarted', growth: 15, why: 'a new process that has overtaken the old value' },
    { before: 10, now: 0, relation: 'restarted', growth: 0, why: 'a new process without requests' },
  ] as const)('is $growth when $why', ({ before, now, relation, growth }) => {
    expect(counterGrowth(before, now, relation)).toBe(growth);
  });
});

describe('a process seen twice', () => {
  test.each([
    { was: 100, is: 115, elapsed: 15, relation: 'same', why: 'it aged as the clock did' },
    {
      was: 100,
      is: 112,
      elapsed: 15,
      relation: 'same',
      why: 'uptime is printed in whole seconds, from the last flush',
    },
    { was: 100, is: 5, elapsed: 15, relation: 'restarted', why: 'it is younger than before' },
    {
      was: 10,
      is: 60,
      elapsed: 300,
      relation: 'restarted',
      why: 'it is older than before, but not by the time that passed',
    },
    {
      was: 500_000,
      is: 500_003,
      elapsed: 15,
      relation: 'same',
      why: 'its clock was set back by 12 s: nothing so old began in the last 15 s',
    },
    { was: 500_000, is: 499_990, elapsed: 15, relation: 'same', why: 'its clock was set back by 25 s' },
    {
      was: 500_000,
      is: 500_400,
      elapsed: 430,
      relation: 'same',
      why: 'our clock was set forward by 30 s while we were down',
    },
    { was: undefined, is: 60, elapsed: 300, relation: 'same', why: 'it did not tell its age' },
    { was: 100, is: 3700, elapsed: 15, relation: 'same', why: 'our clock was set back: nothing restarted' },
  ] as const)('is $relation when $why', ({ was, is, elapsed, relation }) => {
    const sights = [
      { at: 1000, uptimeSeconds: was },
      { at: 1000 + elapsed, uptimeSeconds: is },
    ] as const;
    expect(processRelation(sights[0], sights[1], elapsed)).toBe(relation);
  });
});
