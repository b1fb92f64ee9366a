import { type AlertName, alertNames, alertSeverities, controlPlaneAlertSeverities } from './alert-names.js';

/** While one fires, nobody needs to be told of others of the same SLO. */
export interface Inhibition {
  readonly firing: AlertName;
  readonly silences: readonly AlertName[];
}

/** Labels that two alerts of the same SLO have in common; alerts that lack one of them inhibit nothing. */
export const sameSlo = ['cluster', 'namespace', 'service', 'slo'] as const;

/** What the embedded evaluator keeps back, and what the generated Alertmanager configuration does: the same. */
export const inhibitions: readonly Inhibition[] = [
  // Who is awake for an SLO needs no ticket about it.
  { firing: 'ErrorBudgetBurnFast', silences: alertNames.filter(isTicketOfService).sort() },
  // No data at all is the least coverage.
  { firing: 'SliDataMissing', silences: ['CoverageLow'] },
];

function isTicketOfService(name: AlertName): boolean {
  return alertSeverities[name] === 'ticket' && !(name in controlPlaneAlertSeverities);
}
