import type { Indicator } from '../domain/slo.js';
import type { SignalPack } from '../packs/signal-pack.js';
import type { SloTerms } from './slo-rules.js';

/** The part of an SLO's terms that a mesh's metrics must be able to answer. */
export type MeasuredTerms = Pick<SloTerms, 'indicator' | 'filter' | 'perspective'>;

/** Why a mesh cannot measure something. */
export type Obstacle =
  | { readonly kind: 'no-latency' }
  | { readonly kind: 'no-such-bound'; readonly thresholdSeconds: number; readonly boundsSeconds: readonly number[] }
  | { readonly kind: 'no-label'; readonly fact: 'caller' | 'version' | 'method' }
  | { readonly kind: 'no-perspective' };

/** What stands in the way of measuring an SLO through a mesh; empty when nothing does. */
export function obstacles(pack: SignalPack, { indicator, filter, perspective }: MeasuredTerms): readonly Obstacle[] {
  const found = [...ofIndicator(pack, indicator)];
  for (const fact of ['caller', 'version', 'method'] as const) {
    if (filter[fact] !== undefined && pack.facts[fact] === undefined) found.push({ kind: 'no-label', fact });
  }
  const hasView = perspective === undefined || pack.views.some((view) => view.perspective === perspective);
  return hasView ? found : [...found, { kind: 'no-perspective' }];
}

function ofIndicator({ latency }: SignalPack, indicator: Indicator): readonly Obstacle[] {
  switch (indicator.kind) {
    case 'availability':
      return [];
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
