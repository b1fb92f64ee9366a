import { describe, expect, test } from '@jest/globals';
import { byUrgency, sloUrgency } from '../../src/domain/urgency.js';
import { slo, status, steadily } from '../server/made-up-reader.js';

const plenty = { total: 100_000_000, bad: 10_000 };

describe('urgency', () => {
  test.each([
    {
      why: '1.44 % bad is 14.4 times 0.1 %: 2 % of 30 d in an hour',
      given: { ...plenty, recent: steadily(20, 0.01441) },
      urgency: 'burning',
    },
    {
      why: 'six times for six hours spends 5 %',
      given: { ...plenty, recent: steadily(20, 0.00601) },
      urgency: 'burning',
    },
    {
      why: 'an hour was bad, and it is over',
      given: {
        ...plenty,
        recent: [...steadily(20, 0).slice(0, 2), ...steadily(20, 0.02).slice(2, 3), ...steadily(20, 0).slice(3)],
      },
      urgency: 'healthy',
    },
    {
      why: 'one bad request of three is 333 times too many, and no evidence',
      given: {
        total: 100_000,
        bad: 1,
        recent: [
          [3, 1],
          [3, 1],
          [3, 1],
          [3, 1],
        ] as const,
      },
      urgency: 'healthy',
    },
    {
      why: 'twice the allowed for three days makes a ticket',
      given: { ...plenty, recent: steadily(20, 0.002) },
      urgency: 'at-risk',
    },
    {
      why: 'five minutes at 67 times the allowed pace, and a calm hour before',
      given: { ...plenty, recent: [[6000, 400], ...steadily(20, 0.0001).slice(1)] as const },
      urgency: 'at-risk',
    },
    {
      why: 'six bad hours are over for half an hour',
      given: { ...plenty, recent: [...steadily(20, 0).slice(0, 2), ...steadily(20, 0.00601).slice(2, 4)] },
      urgency: 'healthy',
    },
    { why: 'a fifth of the budget is left', given: { total: 1_000_000, bad: 800 }, urgency: 'at-risk' },
    { why: '1001 bad events where 1000 are allowed', given: { total: 1_000_000, bad: 1001 }, urgency: 'missed' },
    {
      why: 'missed, but still burning',
      given: { total: 1_000_000, bad: 5000, recent: steadily(1, 0.05) },
      urgency: 'burning',
    },
    { why: '999 events cannot hold one bad one', given: { total: 999, bad: 0 }, urgency: 'insufficient' },
    { why: 'nobody looked', given: { total: 0, bad: 0, coverage: 0 }, urgency: 'no-data' },
    { why: 'somebody looked and there was nothing', given: { total: 0, bad: 0 }, urgency: 'no-traffic' },
  ])('$urgency: $why', ({ given, urgency }) => {
    expect(sloUrgency(status(given)).urgency).toBe(urgency);
  });

  test('a week’s budget burns at a quarter of the factor of a month’s', () => {
    const week = slo({ window: { kind: 'rolling', seconds: 7 * 86_400 } });
    // 2 % of 7 d in 1 h is 3.36; of 30 d it would be 14.4.
    const recent = [...steadily(20, 0.0035).slice(0, 3)];
    expect(sloUrgency(status({ ...plenty, slo: week, recent })).urgency).toBe('burning');
    expect(sloUrgency(status({ ...plenty, recent })).urgency).toBe('healthy');
  });

  test('the pace says when the rest of the budget is spent', () => {
    // Half is left; at 20 times the allowed pace 30 d last 36 h, the half of them 18 h.
    const judged = sloUrgency(status({ total: 1_000_000, bad: 500, recent: steadily(20, 0.02) }));
    expect(judged.pace).toEqual({
      windowSeconds: 3600,
      burnRate: expect.closeTo(20, 6),
      exhaustedInSeconds: expect.closeTo(64_800, 0),
    });
  });

  test('the pace is that of the last five minutes where these are clearly worse, and no chance', () => {
    const pace = (recent: ReturnType<typeof steadily>) => sloUrgency(status({ ...plenty, recent })).pace?.windowSeconds;
    const calm = steadily(20, 0.001).slice(1);
    expect(pace([[6000, 30], ...calm])).toBe(300); // 5x
    expect(pace([[6000, 8], ...calm])).toBe(3600); // 1.3x, where 1x was
    expect(pace([[20, 1], ...calm])).toBe(3600); // 50x, of one bad event
  });

  test('without traffic there is no pace', () => {
    expect(sloUrgency(status({ total: 0, bad: 0 })).pace).toBeUndefined();
  });

  test('the list begins with what burns, and among equals with the least budget', () => {
    const named = (serviceName: string, numbers: Omit<Parameters<typeof status>[0], 'slo'>) =>
      status({ slo: slo({ serviceName }), ...numbers });
    const order = byUrgency([
      named('fine', { total: 1_000_000, bad: 0 }),
      named('silent', { total: 0, bad: 0 }),
      named('unseen', { total: 0, bad: 0, coverage: 0 }),
      named('rare', { total: 10, bad: 0 }),
      named('low', { total: 1_000_000, bad: 900 }),
      named('missed', { total: 1_000_000, bad: 2000 }),
      named('burning', { ...plenty, recent: steadily(20, 0.02) }),
      named('burning-empty', { total: 1_000_000, bad: 9000, recent: steadily(20, 0.02) }),
    ]).map(({ slo: { service } }) => service.name);
    expect(order).toEqual(['burning-empty', 'burning', 'missed', 'low', 'rare', 'unseen', 'silent', 'fine']);
  });
});
