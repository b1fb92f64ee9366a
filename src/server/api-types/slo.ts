/*
 * What the HTTP API says, in all files of this folder. Field names are stable; moments are seconds since the Unix epoch,
 * ratios lie in [0, 1], what is unknown is null. No field is ever NaN.
 */

import type { SloState } from '../../domain/budget.js';
import type { RequestFacts } from '../../domain/series-meaning.js';
import type { Budgeting, Indicator, Perspective, RequestFilter } from '../../domain/slo.js';
import type { Urgency } from '../../domain/urgency.js';
import type { Window } from '../../domain/window.js';

/** One SLO: its definition, and how it stands. */
export interface SloView {
  /** `cluster/namespace/service/slo`, the path of its own resource below `/api/v1/slos/`, each part percent-encoded. */
  readonly id: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  readonly slo: string;
  readonly owner: string | null;
  readonly tier: string;
  /** `default`: of its tier; `file`: somebody wrote it. */
  readonly origin: 'default' | 'file';
  readonly indicator: Indicator;
  readonly perspective: Perspective;
  readonly filter: RequestFilter;
  readonly objective: number;
  readonly window: Window;
  readonly budgeting: Budgeting;
  readonly state: SloState;
  readonly urgency: Urgency;
  readonly atSeconds: number;
  readonly events: WindowView;
  readonly budget: BudgetView | null;
  /** The pace at which the budget is being spent; null without traffic. */
  readonly pace: PaceView | null;
  readonly burnRates: readonly BurnRateView[];
  /** When what it measures was last changed: nothing older is counted. Null where it never was. */
  readonly definedSinceSeconds: number | null;
  readonly firstObservedSeconds: number | null;
  readonly lastObservedSeconds: number | null;
}

/** The SLO's own window. Counts are slices where its budget counts slices. */
export interface WindowView {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly total: number;
  readonly bad: number;
  readonly goodRatio: number | null;
  readonly coverage: number;
  /** Of `total`: known to lie in the window, but not where in it; null where the counts are slices. */
  readonly unplaced: number | null;
  /** Of `total`: imported, not observed; null where the counts are slices. */
  readonly imported: number | null;
}

export interface BudgetView {
  readonly allowedEvents: number;
  readonly spentRatio: number;
  /** Negative when overspent. */
  readonly remainingRatio: number;
}

export interface PaceView {
  readonly windowSeconds: number;
  /** Times faster than allowed. */
  readonly burnRate: number;
  /** Null when nothing is being spent. */
  readonly exhaustedInSeconds: number | null;
}

export interface BurnRateView {
  readonly windowSeconds: number;
  readonly total: number;
  readonly bad: number;
  readonly coverage: number;
  readonly burnRate: number | null;
}

/** `GET /api/v1/slos`: most urgent first. */
export interface SloList {
  readonly slos: readonly SloView[];
}

/** `GET /api/v1/slos/{cluster}/{namespace}/{service}/{slo}?range=24h`, or `GET /api/v1/slo?id={id}&range=24h` */
export interface SloDetail {
  readonly slo: SloView;
  readonly series: {
    readonly fromSeconds: number;
    readonly toSeconds: number;
    readonly stepSeconds: number;
    readonly points: readonly SeriesPointView[];
  };
  /** Bad events of the range; the rows and the rest add up to all of them. */
  readonly breakdown: {
    readonly rows: readonly (RequestFacts & { readonly bad: number })[];
    readonly otherBad: number;
  };
}

/** Events of one step; null where nobody looked. */
export interface SeriesPointView {
  readonly atSeconds: number;
  readonly total: number | null;
  readonly bad: number | null;
}
