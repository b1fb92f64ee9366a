import { type BurnVerdict, type JudgedSlo } from './burn-verdict.js';
import type { PolicyStep } from './alert-policy.js';
import { burnRate } from './budget.js';
import { stepStates } from './burn-step.js';
import type { SloId } from './slo.js';
import type { BurnRate } from './slo-status.js';

/** What was counted of an SLO since its last slot. */
export interface OpenEvents {
  readonly slo: SloId;
  readonly total: number;
  readonly bad: number;
}

/** Windows this long hardly notice that they hold a part of a minute more; a window of one or two minutes is another one then. */
const leastShortSeconds = 300;

/**
 * An SLO that pages before the open minute is over; undefined where that minute changes nothing.
 *
 * Every window reaches as far back as at the last slot, and up to now: so a page comes earlier, and for no less. Nothing ends
 * early, and tickets wait. Budgets of time slices know whole slices only.
 */
export function judgedEarly(status: JudgedSlo, open: OpenEvents): JudgedSlo | undefined {
  const { slo, verdict } = status;
  if (verdict.page || open.bad === 0 || slo.budgeting.method !== 'occurrences') return undefined;
  const burnRates = status.burnRates.map((rate) => withOpen(rate, open, slo.objective));
  const policy = { ...verdict.policy, steps: verdict.policy.steps.filter(mayPageEarly) };
  const state = stepStates({ ...status, burnRates }, policy).find(({ isActive }) => isActive);
  if (!state) return undefined;
  const steps = verdict.steps.map((one) => (one.step === state.step ? state : one));
  const early: BurnVerdict = { ...verdict, steps, page: { kind: 'step', state } };
  return { ...status, burnRates, verdict: early };
}

function mayPageEarly({ severity, shortSeconds, worstMinutesLeftOut }: PolicyStep): boolean {
  return severity === 'page' && shortSeconds >= leastShortSeconds && worstMinutesLeftOut === 0;
}

function withOpen(rate: BurnRate, open: OpenEvents, objective: number): BurnRate {
  const [total, bad] = [rate.total + open.total, rate.bad + open.bad];
  return { ...rate, total, bad, burnRate: burnRate({ total, bad }, objective) };
}
