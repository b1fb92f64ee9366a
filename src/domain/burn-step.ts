import { type EvidenceTerms, isEvidence } from './evidence.js';
import type { AlertPolicy, PolicyStep } from './alert-policy.js';
import type { BurnRate, SloStatus } from './slo-status.js';
import { windowSeconds } from './window.js';

/** How one step of a policy stands for one SLO at one moment. */
export interface StepState {
  readonly step: PolicyStep;
  /** The burn rate from which on it fires. */
  readonly factor: number;
  /** Whether so many events can be bad at all: `factor x (1 - objective) < 1`. */
  readonly isReachable: boolean;
  readonly long: BurnRate;
  readonly short: BurnRate;
  /** Whether the bad events are enough of them, more than chance, more than a blip, and still coming. */
  readonly isEvidence: boolean;
  /** All of it, and not in silence: as good events leave the long window, its ratio rises without anything happening. */
  readonly isActive: boolean;
}

/** The burn rate that spends the step's share within its long window: 14.4 for 2 % of 30 days in an hour; or the least one. */
export function burnFactor(
  { budgetShare, longSeconds, leastFactor }: Pick<PolicyStep, 'budgetShare' | 'longSeconds' | 'leastFactor'>,
  budgetSeconds: number,
): number {
  return Math.max(leastFactor, (budgetShare * budgetSeconds) / longSeconds);
}

/** Whether a burn rate of this factor can exist: no more than all events are bad. */
export function isReachable(factor: number, objective: number): boolean {
  return factor * (1 - objective) < 1;
}

/** Every step of a policy for one SLO, in the policy's order: what fires, and what the figures are held against. */
export function stepStates(status: SloStatus, policy: AlertPolicy): readonly StepState[] {
  const { slo, at } = status;
  const budgetSeconds = windowSeconds(slo.window, at);
  const isSilent = policy.hold !== undefined && burnOver(status, policy.hold.withinSeconds).total === 0;
  return policy.steps.map((step) => {
    const factor = burnFactor(step, budgetSeconds);
    const [long, short] = [burnOver(status, step.longSeconds), burnOver(status, step.shortSeconds)];
    const state = {
      step,
      factor,
      isReachable: isReachable(factor, slo.objective),
      long,
      short,
      isEvidence: isLately(short, policy) && isEnough(long, slo.objective, step, policy.evidence),
    };
    const isFast = (long.burnRate ?? 0) >= factor && (short.burnRate ?? 0) >= factor * step.shortPace;
    return { ...state, isActive: state.isReachable && isFast && state.isEvidence && !isSilent };
  });
}

/**
 * The burn rate of one window.
 *
 * @throws RangeError for a window that the status does not hold: a step over it would never fire, and nobody would know
 */
export function burnOver(status: SloStatus, seconds: number): BurnRate {
  const found = status.burnRates.find((rate) => rate.windowSeconds === seconds);
  if (found) return found;
  throw new RangeError(`burn rates over ${seconds} s are not kept`);
}

function isLately(short: BurnRate, { evidence }: AlertPolicy): boolean {
  return evidence === undefined || short.bad >= evidence.leastBadLately;
}

function isEnough(long: BurnRate, objective: number, step: PolicyStep, evidence: EvidenceTerms | undefined): boolean {
  const { total, bad } = long;
  if (bad < step.leastBad) return false;
  if (step.worstMinutesLeftOut === 0) return evidence === undefined || isEvidence({ total, bad }, objective, evidence);
  if (long.worstMinuteBad === undefined)
    throw new RangeError(`worst minutes over ${long.windowSeconds} s are not kept`);
  const lasting = bad - long.unplacedBad - step.worstMinutesLeftOut * long.worstMinuteBad;
  return isEvidence({ total, bad: lasting }, objective, evidence);
}
