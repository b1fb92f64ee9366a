import { type ActiveAlert, alertKey } from '../domain/alert.js';

/** Labels that two alerts of one SLO have in common; the generated Alertmanager configuration compares the same ones. */
const sloLabels = ['cluster', 'namespace', 'service', 'slo'] as const;

/**
 * Keys of the tickets that need call nobody: a page of the same SLO fires, and whoever is woken by it sees them.
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule
 */
export function inhibitedTickets(active: readonly ActiveAlert[]): ReadonlySet<string> {
  const paged = new Set(active.filter(({ severity }) => severity === 'page').flatMap(sloOf));
  const tickets = active.filter((alert) => alert.severity === 'ticket' && sloOf(alert).some((slo) => paged.has(slo)));
  return new Set(tickets.map(alertKey));
}

/** Which SLO an alert is about; nothing for one that is about no SLO. */
function sloOf({ labels }: ActiveAlert): readonly string[] {
  const values = sloLabels.map((label) => labels[label]);
  return values.includes(undefined) ? [] : [JSON.stringify(values)];
}
