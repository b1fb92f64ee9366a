import type { ActiveAlert } from '../domain/alert.js';
import { inhibitions, sameSlo } from '../domain/alert-inhibition.js';

/**
 * Keys of the alerts that need call nobody: another one of the same SLO fires, and whoever looks after that sees them.
 *
 * @param active by their keys
 * @see https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule
 */
export function inhibitedTickets(active: ReadonlyMap<string, ActiveAlert>): ReadonlySet<string> {
  const silenced = new Set<string>();
  for (const alert of active.values()) {
    const slo = sloOf(alert);
    if (slo === undefined) continue;
    for (const { firing, silences } of inhibitions) {
      if (firing === alert.name) for (const name of silences) silenced.add(`${name} ${slo}`);
    }
  }
  const inhibited = new Set<string>();
  for (const [key, alert] of active) if (silenced.has(`${alert.name} ${sloOf(alert) ?? ''}`)) inhibited.add(key);
  return inhibited;
}

/** Which SLO an alert is about; undefined for one that is about none. */
function sloOf({ labels }: ActiveAlert): string | undefined {
  const values = sameSlo.map((label) => labels[label]);
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}
