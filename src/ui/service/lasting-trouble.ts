import { burnRateInWords } from '../../domain/in-words.js';
import type { ServiceSloView } from '../../server/api-types/service-detail.js';
import { burnWindowText } from '../words/slo-words.js';

/** Whose SLO it is that spends too much. */
const whose: Readonly<Record<ServiceSloView['perspective'], string>> = {
  server: 'it is the service',
  client: 'its clients see it fail',
  'mesh-failures': 'it is the mesh',
  union: 'it is the service or the mesh',
};

/**
 * What the last hour does not show, and what a ticket is open for: a budget that goes steadily over days, or one that is gone.
 * Empty where there is neither.
 */
export function lastingTrouble(slos: readonly ServiceSloView[]): string {
  const steady = slos.flatMap((slo) => {
    const step = slo.steps.find(({ isActive, severity }) => isActive && severity === 'ticket');
    return step?.longBurnRate == null ? [] : [{ slo, step, burnRate: step.longBurnRate }];
  });
  const worst = steady.toSorted((a, b) => b.burnRate - a.burnRate)[0];
  if (worst) {
    const { slo, step, burnRate } = worst;
    const times = burnRateInWords(burnRate).replace('x', ' times');
    return ` Over the last ${burnWindowText(step.longSeconds)} ${whose[slo.perspective]}: ${slo.slo} spent its budget ${times} as fast as allowed.`;
  }
  const spent = slos.find(({ budget }) => budget !== null && budget.remainingRatio < 0);
  return spent ? ` The budget of ${spent.slo} was gone before that.` : '';
}
