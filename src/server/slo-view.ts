import { shownBurnRates, type SloStatus } from '../domain/slo-status.js';
import type { BurnPace, SloUrgency } from '../domain/urgency.js';
import type { PaceView, SloView } from './api-types/slo.js';

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
    burnRates: shownBurnRates(status).map(({ windowSeconds, total, bad, coverage, burnRate }) => ({
      windowSeconds,
      total,
      bad,
      coverage,
      burnRate: burnRate ?? null,
    })),
    definedSinceSeconds: status.definedSince ?? null,
    firstObservedSeconds: status.observed?.first ?? null,
    lastObservedSeconds: status.observed?.last ?? null,
  };
}

/** A pace as the API tells it. */
export function paceView(pace: BurnPace): PaceView {
  return { ...pace, exhaustedInSeconds: pace.exhaustedInSeconds ?? null };
}
