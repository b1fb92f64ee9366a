import { expect, test } from '@jest/globals';
import type { ServiceSloView } from '../../../src/server/api-types/service-detail.js';
import { stateSentence } from '../../../src/ui/service/state-sentence.js';
import { burningDetail } from '../made-up-world.js';

const slo = burningDetail().slos[0]!;
const budget = (remainingRatio: number) => ({ allowedEvents: 1000, spentRatio: 1 - remainingRatio, remainingRatio });
const pace = (burnRate: number, exhaustedInSeconds: number | null = null) => ({
  windowSeconds: 3600,
  burnRate,
  exhaustedInSeconds,
});

test.each<{ given: Partial<ServiceSloView>; says: string }>([
  {
    given: {},
    says: 'availability spends its budget 48 times as fast as allowed; 47.6 % is left, gone in 7 hours at this pace.',
  },
  {
    given: { pace: { ...pace(67, 600), windowSeconds: 300 } },
    says: 'availability spends its budget 67 times as fast as allowed (last 5 minutes); 47.6 % is left, gone in 10 minutes at this pace.',
  },
  {
    given: { pace: { ...pace(202, 3600), windowSeconds: 1800 } },
    says: 'availability spends its budget 202 times as fast as allowed (last 30 minutes); 47.6 % is left, gone in 1 hour at this pace.',
  },
  {
    given: { budget: budget(-0.1), pace: pace(20, 0) },
    says: 'availability spends its budget 20 times as fast as allowed; nothing of it is left.',
  },
  {
    given: { urgency: 'missed', budget: budget(-0.707), pace: pace(0.3) },
    says: 'availability has missed its objective over 30 days: 70.7 % more than its budget is spent.',
  },
  {
    given: { urgency: 'missed', budget: budget(-12.42), pace: pace(0.3) },
    says: 'availability has missed its objective over 30 days: 13 times its budget is spent.',
  },
  {
    given: { urgency: 'at-risk', budget: budget(0.022), pace: pace(1) },
    says: 'availability has 2.2 % of its budget left.',
  },
  {
    given: { urgency: 'at-risk', budget: budget(0.5), pace: pace(1.7, 172_800) },
    says: 'availability spends its budget 1.7 times as fast as allowed; 50 % is left, gone in 2 days at this pace.',
  },
  {
    given: { urgency: 'insufficient', events: { ...slo.events, coverage: 0.43 } },
    says: 'only 43 % of the time was observed over 30 days: too little to judge availability.',
  },
  {
    given: { urgency: 'no-data', budget: null, pace: null, lastObservedSeconds: null },
    says: 'nobody has ever seen availability.',
  },
  {
    given: { urgency: 'no-traffic', budget: null, pace: null },
    says: 'there was nothing to judge availability by: no requests over 30 days.',
  },
  {
    given: { urgency: 'healthy', budget: budget(0.93) },
    says: 'every SLO is kept; availability has 93 % of its budget left.',
  },
])('$says', ({ given, says }) => {
  expect(stateSentence({ ...slo, ...given })).toBe(says);
});
