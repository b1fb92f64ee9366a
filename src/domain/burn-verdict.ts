import type { AlertPolicy } from './alert-policy.js';
import { burnOver, type StepState, stepStates } from './burn-step.js';
import { type BurnWindow, burnWindowsSeconds, type SloStatus } from './slo-status.js';

/** What a policy says of one SLO at one moment. */
export interface BurnVerdict {
  readonly policy: AlertPolicy;
  readonly steps: readonly StepState[];
  /** Undefined while nothing would wake anybody. */
  readonly page: Burning | undefined;
  readonly ticket: Burning | undefined;
}

/** Why an alert fires: the first of its steps that does, or that nothing says that it is over. */
export type Burning = { readonly kind: 'step'; readonly state: StepState } | { readonly kind: 'held' };

/** Which alerts of an SLO were firing at the look before this one. */
export type FiringBefore = Readonly<Record<'page' | 'ticket', boolean>>;

/** Nothing was. */
export const nothingFiring: FiringBefore = { page: false, ticket: false };

/** A status, and what its SLO's policy says of it. */
export type JudgedSlo = SloStatus & { readonly verdict: BurnVerdict };

/** Judges an SLO by a policy. */
export function judged(status: SloStatus, policy: AlertPolicy, before: FiringBefore = nothingFiring): JudgedSlo {
  const steps = stepStates(status, policy);
  const isHeld = mayHold(status, policy);
  const burning = (severity: 'page' | 'ticket'): Burning | undefined => {
    const state = steps.find(({ step, isActive }) => isActive && step.severity === severity);
    if (state) return { kind: 'step', state };
    return before[severity] && isHeld ? { kind: 'held' } : undefined;
  };
  return { ...status, verdict: { policy, steps, page: burning('page'), ticket: burning('ticket') } };
}

/** Whether there are too few events to call an alert over, and bad ones not long ago. */
function mayHold(status: SloStatus, { hold }: AlertPolicy): boolean {
  if (!hold) return false;
  return (
    burnOver(status, hold.withinSeconds).total < hold.fewerEvents && burnOver(status, hold.badWithinSeconds).bad > 0
  );
}

/** The windows that are shown, and those that some policies look at, shortest first. */
export function burnWindows(policies: Iterable<AlertPolicy>): readonly BurnWindow[] {
  const seconds = new Set<number>(burnWindowsSeconds);
  const withWorstMinute = new Set<number>();
  for (const { hold, steps } of policies) {
    for (const { longSeconds, shortSeconds, worstMinutesLeftOut } of steps) {
      seconds.add(longSeconds).add(shortSeconds);
      if (worstMinutesLeftOut > 0) withWorstMinute.add(longSeconds);
    }
    if (hold) seconds.add(hold.withinSeconds).add(hold.badWithinSeconds);
  }
  return [...seconds].sort((a, b) => a - b).map((one) => ({ seconds: one, withWorstMinute: withWorstMinute.has(one) }));
}
