import type { ServiceId } from '../domain/service-id.js';
import { serviceKey } from '../domain/service-id.js';
import type { SloStatus } from '../domain/slo-status.js';
import type { BurnPace, SloUrgency } from '../domain/urgency.js';
import type { PaceView, ServiceView, SloView, TrafficView } from './api-types.js';
import type { ServiceTraffic } from './status-reader.js';

/** An SLO as the API tells it; unknown numbers become null. */
export function sloView(status: SloStatus & SloUrgency): SloView {
  const { slo, window } = status;
  return {
    id: status.id,
    cluster: slo.service.cluster,
    namespace: slo.service.namespace,
    service: slo.service.name,
    slo: slo.name,
    owner: slo.owner ?? null,
    tier: slo.tier,
    origin: slo.origin,
    indicator: slo.indicator,
    perspective: slo.perspective,
    filter: slo.filter,
    objective: slo.objective,
    window: slo.window,
    budgeting: slo.budgeting,
    state: status.state,
    urgency: status.urgency,
    atSeconds: status.at,
    events: {
      fromSeconds: window.from,
      toSeconds: window.to,
      total: window.total,
      bad: window.bad,
      goodRatio: window.goodRatio ?? null,
      coverage: window.coverage,
      unplaced: window.unplaced ?? null,
      imported: window.imported ?? null,
    },
    budget: status.budget ?? null,
    pace: status.pace ? paceView(status.pace) : null,
    burnRates: status.burnRates.map((rate) => ({ ...rate, burnRate: rate.burnRate ?? null })),
    definedSinceSeconds: status.definedSince ?? null,
    firstObservedSeconds: status.observed?.first ?? null,
    lastObservedSeconds: status.observed?.last ?? null,
  };
}

function paceView(pace: BurnPace): PaceView {
  return { ...pace, exhaustedInSeconds: pace.exhaustedInSeconds ?? null };
}

/**
 * Every service that has SLOs or traffic, by cluster, namespace and name.
 *
 * @param statuses most urgent first
 */
export function serviceViews(
  statuses: readonly (SloStatus & SloUrgency)[],
  traffic: readonly ServiceTraffic[],
): readonly ServiceView[] {
  const views = new Map<string, ServiceView>();
  for (const each of traffic) {
    views.set(serviceKey(each.service), { ...emptyView(each.service), traffic: trafficView(each) });
  }
  for (const { slo, urgency } of statuses) {
    const key = serviceKey(slo.service);
    const known = views.get(key) ?? emptyView(slo.service);
    views.set(key, {
      ...known,
      owner: known.owner ?? slo.owner ?? null,
      slos: known.slos + 1,
      urgency: known.urgency ?? urgency,
    });
  }
  return [...views].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, view]) => view);
}

function emptyView({ cluster, namespace, name }: ServiceId): ServiceView {
  return { cluster, namespace, service: name, owner: null, slos: 0, urgency: null, traffic: null };
}

function trafficView({ from, stepSeconds, requests }: ServiceTraffic): TrafficView {
  return {
    fromSeconds: from,
    stepSeconds,
    requestsPerSecond: requests.map((count) => (count === undefined ? null : count / stepSeconds)),
  };
}
