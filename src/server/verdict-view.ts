import type { StepState } from '../domain/burn-step.js';
import type { BurnVerdict } from '../domain/burn-verdict.js';
import type { ServiceSloView, StepView } from './api-types/service-detail.js';

/** What an SLO's alert policy says of it, as the API tells it. */
export function verdictView(verdict: BurnVerdict): Pick<ServiceSloView, 'policy' | 'steps' | 'held'> {
  const severities = ['page', 'ticket'] as const;
  return {
    policy: verdict.policy.name,
    steps: verdict.steps.map(stepView),
    held: severities.filter((severity) => verdict[severity]?.kind === 'held'),
  };
}

function stepView({ step, factor, long, short, isEvidence, isActive, isReachable }: StepState): StepView {
  return {
    name: step.name,
    severity: step.severity,
    budgetShare: step.budgetShare,
    factor,
    longSeconds: step.longSeconds,
    shortSeconds: step.shortSeconds,
    longBurnRate: long.burnRate ?? null,
    shortBurnRate: short.burnRate ?? null,
    isEvidence,
    isActive,
    isReachable,
    action: step.action,
  };
}
