import type { ActiveAlert } from '../domain/alert.js';

/** Labels that two alerts of one SLO have in common; the generated Alertmanager configuration compares the same ones. */
const sloLabels = ['cluster', 'namespace', 'service', 'slo'] as const;

/**
 * Keys of the tickets that need call nobody: a page of the same SLO fires, and whoever is woken by it sees them.
 *
 * @param active by their keys
 * @see https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule
 */
export function inhibitedTickets(active: ReadonlyMap<string, ActiveAlert>): ReadonlySet<string> {
  const paged = new Set<string | undefined>();
  for (const alert of active.values()) if (alert.severity === 'page') paged.add(sloOf(alert));
  paged.delete(undefined);
  const inhibited = new Set<string>();
  for (const [key, alert] of active) if (alert.severity === 'ticket' && paged.has(sloOf(alert))) inhibited.add(key);
  return inhibited;
}

/** Which SLO an alert is about; undefined for one that is about none. */
function sloOf({ labels }: ActiveAlert): string | undefined {
  const values = sloLabels.map((label) => labels[label]);
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}
