import type { AlertPolicy, PolicyStep } from '../domain/alert-policy.js';
import { burnFactor, isReachable } from '../domain/burn-step.js';
import { burnRateInWords, percentInWords, windowInWords } from '../domain/in-words.js';
import { usualAlerts } from '../domain/slo.js';
import type { Window } from '../domain/window.js';
import type { Config } from './config.js';
import { SloCatalogue } from './slo-catalogue.js';
import type { SloTerms } from './slo-rules.js';

/** Calendar windows are not all alike; a step near the edge is in reach in some months. */
const nominalDays = { week: 7, month: 30, quarter: 91 };

/** What of an SLO decides about the reach of steps. */
type Promised = Pick<SloTerms, 'objective' | 'window' | 'alerts'>;

/**
 * Steps of alert policies that can never fire for some SLOs, a sentence each: more than all events would have to be bad.
 *
 * Of the defaults of all tiers and of the services that files name.
 */
export function outOfReach({ slos, policies }: Config): readonly string[] {
  const promised: readonly Promised[] = [
    ...[...slos.tiers.values()].flatMap((terms) => [...terms.values()]),
    ...new SloCatalogue(slos).all(),
  ];
  const found = new Map<string, Set<number>>();
  for (const { objective, window, alerts } of promised) {
    const policy = policies.get(alerts.policy ?? usualAlerts.policy)!;
    for (const sentence of sentences(policy, objective, window)) {
      const objectives = found.get(sentence) ?? new Set();
      found.set(sentence, objectives.add(objective));
    }
  }
  return [...found].map(([sentence, objectives]) => {
    const listed = [...objectives].sort((a, b) => a - b).map(percentInWords);
    return sentence.replace('{objectives}', listed.join(', '));
  });
}

function sentences(policy: AlertPolicy, objective: number, window: Window): readonly string[] {
  const factorOf = (step: PolicyStep): number => burnFactor(step, nominalSeconds(window));
  const never = policy.steps.filter((step) => !isReachable(factorOf(step), objective));
  const of = `of policy ${policy.name}`;
  const where = `at {objectives} ${windowInWords(window)}`;
  const pages = policy.steps.filter(({ severity }) => severity === 'page');
  const isSilent = pages.length > 0 && pages.every((step) => never.includes(step));
  const told = isSilent ? never.filter((step) => !pages.includes(step)) : never;
  const each = told.map((step) => {
    const factor = burnRateInWords(factorOf(step));
    return `step ${step.name} ${of} never fires ${where}: it asks for ${factor} what the objective allows`;
  });
  return isSilent ? [`no step ${of} can page ${where}`, ...each] : each;
}

function nominalSeconds(window: Window): number {
  return window.kind === 'rolling' ? window.seconds : nominalDays[window.period] * 86_400;
}
