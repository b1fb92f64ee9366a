import { type ActiveAlert, type AlertEpisode, alertKey } from '../../src/domain/alert.js';

/** 2026-06-01T00:00:00Z, a Monday. */
export const monday = Date.UTC(2026, 5, 1) / 1000;

const owned = { cluster: 'eu', namespace: 'shop', slo: 'availability', owner: 'team-shop' };

/** A page of a service's availability. */
export function page(service: string, changes: Partial<ActiveAlert> = {}): ActiveAlert {
  const labels = { ...owned, service };
  return {
    name: 'ErrorBudgetBurnFast',
    severity: 'page',
    labels,
    annotations: { summary: `${service} burns` },
    ...changes,
  };
}

/** A ticket of the same SLO as {@link page}. */
export function ticket(service: string): ActiveAlert {
  return page(service, { name: 'ErrorBudgetBurnSlow', severity: 'ticket' });
}

/** An episode of an alert that goes on. */
export function episodeOf(alert: ActiveAlert, id: string, startedAt: number): AlertEpisode {
  return { ...alert, id, startedAt, endedAt: undefined, inhibited: false, acknowledged: undefined, noise: undefined };
}

/** Alerts by their keys. */
export function byKey<T extends ActiveAlert>(alerts: readonly T[]): ReadonlyMap<string, T> {
  return new Map(alerts.map((alert) => [alertKey(alert), alert]));
}
