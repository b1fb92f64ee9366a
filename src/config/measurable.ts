import type { Indicator } from '../domain/slo.js';
import type { SignalPack } from '../packs/signal-pack.js';
import type { SloTerms } from './slo-rules.js';

/** The part of an SLO's terms that a mesh's metrics must be able to answer. */
export type MeasuredTerms = Pick<SloTerms, 'indicator' | 'filter' | 'perspective'>;

/** Why a mesh cannot measure something. */
export type Obstacle =
  | { readonly kind: 'no-latency' }
  | { readonly kind: 'no-windows' }
  | { readonly kind: 'no-such-quantile'; readonly quantile: number; readonly quantiles: readonly number[] }
  | { readonly kind: 'no-such-bound'; readonly thresholdSeconds: number; readonly boundsSeconds: readonly number[] }
  | { readonly kind: 'no-label'; readonly fact: 'caller' | 'version' | 'method' }
  | { readonly kind: 'no-perspective' };

/** What stands in the way of measuring an SLO through a mesh; empty when nothing does. */
export function obstacles(pack: SignalPack, { indicator, filter, perspective }: MeasuredTerms): readonly Obstacle[] {
  const found = [...ofIndicator(pack, measuredBy(pack, indicator))];
  for (const fact of ['caller', 'version', 'method'] as const) {
    if (filter[fact] !== undefined && pack.facts[fact] === undefined) found.push({ kind: 'no-label', fact });
  }
  const hasView = perspective === undefined || pack.views.some((view) => view.perspective === perspective);
  return hasView ? found : [...found, { kind: 'no-perspective' }];
}

/**
 * What a mesh measures of an indicator: a latency of requests becomes one of minutes, with the mesh's usual quantile, where it
 * has no buckets but tells quantiles; and what succeeds are connections where it knows of nothing else.
 */
export function measuredBy({ requests, latency, latencyWindows }: SignalPack, indicator: Indicator): Indicator {
  if (indicator.kind === 'availability' && requests.of === 'connections') return { ...indicator, of: requests.of };
  if (indicator.kind !== 'latency' || latency !== undefined || latencyWindows === undefined) return indicator;
  return { kind: 'latency-windows', thresholdSeconds: indicator.thresholdSeconds, quantile: latencyWindows.usual };
}

function ofIndicator({ latency, latencyWindows }: SignalPack, indicator: Indicator): readonly Obstacle[] {
  switch (indicator.kind) {
    case 'availability':
      return [];
    case 'latency-windows': {
      if (latencyWindows === undefined) return [{ kind: 'no-windows' }];
      const { quantile } = indicator;
      const { quantiles } = latencyWindows;
      return quantiles.includes(quantile) ? [] : [{ kind: 'no-such-quantile', quantile, quantiles }];
    }
    case 'latency': {
      if (latency === undefined) return [{ kind: 'no-latency' }];
      const { thresholdSeconds } = indicator;
      const { boundsSeconds } = latency;
      return boundsSeconds.includes(thresholdSeconds)
        ? []
        : [{ kind: 'no-such-bound', thresholdSeconds, boundsSeconds }];
    }
  }
}

/** Whether an SLO can be measured through a mesh. */
export function isMeasurable(pack: SignalPack, terms: MeasuredTerms): boolean {
  return obstacles(pack, terms).length === 0;
}
