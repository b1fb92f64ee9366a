import { alertNames, alertSeverities } from '../../domain/alert-names.js';
import type { AlertName } from '../../domain/alert-names.js';
import { labelIs, labelIsOneOf, labelIsThere } from './matcher.js';
import type { Section } from './receivers.js';

const sameSlo = ['cluster', 'namespace', 'service', 'slo'];

const tickets = alertNames.filter((name) => alertSeverities[name] === 'ticket');

/**
 * What nobody needs to be told while something else is told already.
 *
 * Labels that both lack are equal to Alertmanager, so every rule asks for one that its alerts have.
 */
export const inhibitRules: readonly Section[] = [
  // Who is awake for an SLO needs no ticket about it.
  {
    source_matchers: [named('ErrorBudgetBurnFast'), labelIs('severity', 'page'), labelIsThere('slo')],
    target_matchers: [
      labelIsOneOf('alertname', [...tickets].sort()),
      labelIs('severity', 'ticket'),
      labelIsThere('slo'),
    ],
    equal: sameSlo,
  },
  // No data at all is the least coverage.
  {
    source_matchers: [named('SliDataMissing'), labelIsThere('slo')],
    target_matchers: [named('CoverageLow'), labelIsThere('slo')],
    equal: sameSlo,
  },
];

function named(name: AlertName): string {
  return labelIs('alertname', name);
}
