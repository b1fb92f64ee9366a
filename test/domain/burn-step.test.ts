import { describe, expect, test } from '@jest/globals';
import type { AlertPolicy, PolicyStep } from '../../src/domain/alert-policy.js';
import { burnRate } from '../../src/domain/budget.js';
import { burnFactor, burnOver, stepStates } from '../../src/domain/burn-step.js';
import { judged } from '../../src/domain/burn-verdict.js';
import { usualEvidence } from '../../src/domain/evidence.js';
import type { SloStatus } from '../../src/domain/slo-status.js';
import { slo, status } from '../server/made-up-reader.js';

const day = 86_400;

const step: PolicyStep = {
  name: 'hour',
  severity: 'page',
  budgetShare: 0.02,
  leastFactor: 0,
  longSeconds: 3600,
  shortSeconds: 300,
  shortPace: 1,
  leastBad: 0,
  worstMinutesLeftOut: 0,
  action: 'Look.',
};

function policy(changes: Partial<PolicyStep> = {}, rest: Partial<AlertPolicy> = {}): AlertPolicy {
  return {
    name: 'mine',
    title: 'Mine',
    evidence: usualEvidence,
    hold: { fewerEvents: 10, withinSeconds: 300, badWithinSeconds: 3600 },
    steps: [{ ...step, ...changes }],
    ...rest,
  };
}

type Events = readonly [total: number, bad: number, worstMinuteBad?: number, unplacedBad?: number];

/** A status with events in five minutes and in an hour. */
function events(five: Events, hour: Events, objective = 0.999): SloStatus {
  const rate = (windowSeconds: number, [total, bad, worstMinuteBad, unplacedBad = 0]: Events) => {
    return {
      windowSeconds,
      total,
      bad,
      coverage: 1,
      burnRate: burnRate({ total, bad }, objective),
      unplacedBad,
      worstMinuteBad,
    };
  };
  const made = status({ slo: slo({ objective }), total: 1_000_000, bad: 0 });
  return { ...made, burnRates: [rate(300, five), rate(3600, hour)] };
}

const isActive = (given: SloStatus, of = policy()): boolean => stepStates(given, of)[0]!.isActive;

describe('a step', () => {
  test.each([
    { windowDays: 30, factor: 14.4 },
    { windowDays: 28, factor: 13.44 },
    { windowDays: 7, factor: 3.36 },
  ])('that spends 2 % in an hour has the factor $factor for $windowDays days', ({ windowDays, factor }) => {
    expect(burnFactor(step, windowDays * day)).toBeCloseTo(factor, 9);
  });

  test('has no factor below the least one', () => {
    // 10 % of 7 d in 3 d are 0.23 times: such a pace leaves half of the budget.
    const slow = { budgetShare: 0.1, longSeconds: 3 * day, leastFactor: 1.2 };
    expect(burnFactor(slow, 7 * day)).toBe(1.2);
    expect(burnFactor({ ...slow, budgetShare: 0.42 }, 30 * day)).toBeCloseTo(4.2, 9);
  });

  test.each([
    { why: '1.44 % of both windows', five: [6000, 87], hour: [72_000, 1037], active: true },
    { why: 'the hour is just below', five: [6000, 87], hour: [72_000, 1036], active: false },
    { why: 'the last five minutes are better', five: [6000, 86], hour: [72_000, 1037], active: false },
    { why: 'nothing happened lately', five: [0, 0], hour: [72_000, 5000], active: false },
    { why: 'nothing happened at all', five: [0, 0], hour: [0, 0], active: false },
  ] as const)('$why: $active', ({ five, hour, active }) => {
    expect(isActive(events(five, hour))).toBe(active);
  });

  test('asks for evidence: two bad of 36 requests are none, four are', () => {
    // e = 0.036; 4 ln(4/0.036) - 4 + 0.036 = 14.9 > 9.21 = -ln 10^-4
    expect(isActive(events([3, 2], [36, 2]))).toBe(false);
    expect(isActive(events([3, 2], [36, 4]))).toBe(true);
    expect(isActive(events([3, 2], [36, 2]), policy({}, { evidence: undefined }))).toBe(true);
  });

  test('asks for two bad events in the short window: one is there now and then', () => {
    expect(isActive(events([20, 1], [3600, 60]))).toBe(false);
    expect(isActive(events([20, 2], [3600, 60]))).toBe(true);
  });

  test('may ask the short window for a share of its pace', () => {
    // 0.72 % and a little less; the hour burns 16.7 times too fast
    expect(isActive(events([1000, 8], [3600, 60]), policy({ shortPace: 0.5 }))).toBe(true);
    expect(isActive(events([1000, 7], [3600, 60]), policy({ shortPace: 0.5 }))).toBe(false);
    expect(isActive(events([1000, 8], [3600, 60]))).toBe(false);
  });

  test('asks for as many bad events as it says', () => {
    expect(isActive(events([600, 60], [3600, 60]), policy({ leastBad: 61 }))).toBe(false);
    expect(isActive(events([600, 60], [3600, 60]), policy({ leastBad: 60 }))).toBe(true);
  });

  test('that asks for trouble that lasts is not fooled by a blip in two slots', () => {
    const lasting = policy({ worstMinutesLeftOut: 2 });
    // 200 bad, 100 in each of two minutes: nothing is left of them.
    expect(isActive(events([600, 200], [3600, 200, 100]), lasting)).toBe(false);
    // Of e = 3.6, 14 are the least evidence: 14 ln(14/3.6) - 14 + 3.6 = 8.6, of 15 it is 10.0.
    expect(isActive(events([600, 64], [3600, 64, 25]), lasting)).toBe(false);
    expect(isActive(events([600, 65], [3600, 65, 25]), lasting)).toBe(true);
    // What gaps hold may be a blip as well.
    expect(isActive(events([600, 65], [3600, 165, 25, 100]), lasting)).toBe(true);
    expect(isActive(events([600, 65], [3600, 165, 25, 101]), lasting)).toBe(false);
  });

  test('whose threshold is all events or more never fires, and is told to be out of reach', () => {
    // 14.4 x 10 % = 1.44
    const [state] = stepStates(events([600, 600], [3600, 3600], 0.9), policy());
    expect(state).toMatchObject({ isReachable: false, isActive: false });
    expect(stepStates(events([600, 600], [3600, 3600], 0.94), policy())[0]).toMatchObject({ isReachable: true });
  });

  test('over a window, or worst minutes, that nobody keeps is a bug, not a step that never fires', () => {
    const given = events([600, 60], [3600, 60]);
    expect(() => burnOver(given, 7200)).toThrow(RangeError);
    expect(() => stepStates(given, policy({ worstMinutesLeftOut: 1 }))).toThrow(RangeError);
  });
});

describe('a verdict', () => {
  const firing = { page: true, ticket: false };
  const page = (given: SloStatus, before = firing, of = policy()) => judged(given, of, before).verdict.page?.kind;

  test('names the first step that fires', () => {
    expect(page(events([600, 60], [3600, 60]), { page: false, ticket: false })).toBe('step');
    expect(judged(events([600, 60], [3600, 60]), policy()).verdict.ticket).toBeUndefined();
  });

  test('holds what was firing while too few events could say that it is over', () => {
    expect(page(events([9, 0], [3600, 60]))).toBe('held');
    expect(page(events([0, 0], [100, 1]))).toBe('held');
  });

  test('does not hold what ten events call over, what had no bad event for an hour, or what never fired', () => {
    expect(page(events([10, 0], [3600, 60]))).toBeUndefined();
    expect(page(events([0, 0], [100, 0]))).toBeUndefined();
    expect(page(events([0, 0], [3600, 60]), { page: false, ticket: true })).toBeUndefined();
    expect(page(events([0, 0], [3600, 60]), firing, policy({}, { hold: undefined }))).toBeUndefined();
  });
});
