import type { RequestFacts } from '../../domain/series-meaning.js';
import type { Urgency } from '../../domain/urgency.js';
import type { AlertView } from './alert.js';
import type { FindingView } from './finding.js';
import type { MeshEventView } from './mesh-event.js';
import type { SloView } from './slo.js';
import type { TargetView } from './target.js';

/**
 * `GET /api/v1/services/{cluster}/{namespace}/{service}?from=&to=&slo=`, or `GET /api/v1/service?id={id}&from=&to=&slo=`
 *
 * `from` and `to` are seconds since the epoch; without them the last three hours. The answer holds whole steps.
 */
export interface ServiceDetail {
  /** `cluster/namespace/service`, each part percent-encoded. */
  readonly id: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  /** Signal pack through which it is counted; null while that is not known. */
  readonly mesh: string | null;
  readonly owner: string | null;
  readonly tier: string | null;
  readonly urgency: Urgency | null;
  /** What every series of this answer is about. */
  readonly range: StepRange;
  /** Most urgent first. `mesh-failures` beside `server` answers whether it is the service or the mesh. */
  readonly slos: readonly ServiceSloView[];
  readonly signals: SignalsView;
  /** The SLO that was asked for, or the most urgent one; null without SLOs. */
  readonly chosen: ChosenSloView | null;
  /** Proxies that are scraped for this service. */
  readonly proxies: readonly TargetView[];
  /** Alerts of this service that fired within the range, newest first; at most a hundred. */
  readonly alerts: readonly AlertView[];
  /** Findings about this service that go on now or ended within the range, what matters most first; at most fifty. */
  readonly findings: readonly FindingView[];
  /** Deploys, and changes of its mesh, within the range, oldest first; at most a hundred. */
  readonly events: readonly MeshEventView[];
  /** Stretches of the range in which nobody counted anything at all. */
  readonly gaps: readonly RangeView[];
  /** Where imported history ends and what is observed begins; null where nothing is imported. */
  readonly importedUntilSeconds: number | null;
}

export interface RangeView {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** A stretch in steps of equal length. */
export interface StepRange extends RangeView {
  readonly stepSeconds: number;
}

/** An SLO, its windows against the thresholds of its policy, and how the range was for it. */
export interface ServiceSloView extends SloView {
  /** Name of its alert policy. */
  readonly policy: string;
  readonly steps: readonly StepView[];
  /** Alerts that go on although no step of theirs is active: silence after an incident is no recovery. */
  readonly held: readonly ('page' | 'ticket')[];
  readonly range: SloRangeView;
}

/** Events of one SLO in every step of the range. */
export interface SloRangeView {
  /** Null where nobody looked. Events, also where the budget counts slices. */
  readonly total: readonly (number | null)[];
  readonly bad: readonly (number | null)[];
}

/** One step of the alert policy, as it stands now. */
export interface StepView {
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  /** Share of the budget that is gone within the long window at this pace. */
  readonly budgetShare: number;
  /** The burn rate from which it fires, for the SLO's own window. */
  readonly factor: number;
  readonly longSeconds: number;
  readonly shortSeconds: number;
  /** Null without events. */
  readonly longBurnRate: number | null;
  readonly shortBurnRate: number | null;
  /** Whether the bad events of the long window are enough of them, more than chance, and more than a blip. */
  readonly isEvidence: boolean;
  /** Whether it fires. */
  readonly isActive: boolean;
  /** False where the objective is so low that no burn rate reaches the factor. */
  readonly isReachable: boolean;
  /** What people do next. */
  readonly action: string;
}

/**
 * Why something is unknown in the whole range.
 *
 * - `no-data`: nobody looked. - `no-traffic`: somebody looked, and there was nothing to measure.
 * - `not-told`: there were requests, and the proxies do not tell.
 */
export type UnknownReason = 'no-data' | 'no-traffic' | 'not-told';

/** Golden signals in every step of the range; null where unknown. For looking at: budgets come from events. */
export interface SignalsView {
  readonly requestsPerSecond: readonly (number | null)[];
  /** Failed of all requests; null without requests, too. */
  readonly errorRatio: readonly (number | null)[];
  /** Requests whose client went away, of all requests with them: no SLI counts these. */
  readonly leftOutRatio: readonly (number | null)[];
  readonly latency: LatencyView;
  /** Summed over the service's proxies, at the end of the step. */
  readonly memoryBytes: readonly (number | null)[];
  readonly connections: readonly (number | null)[];
  /** Proxies that were read. */
  readonly proxies: readonly (number | null)[];
  /** For what is unknown in every step: why. Null where something is known. */
  readonly unknown: {
    readonly requests: UnknownReason | null;
    readonly latency: UnknownReason | null;
    readonly memory: UnknownReason | null;
    readonly connections: UnknownReason | null;
  };
}

/** Latency quantiles, by interpolation within a bucket as Prometheus does it; null without requests or buckets. */
export interface LatencyView {
  readonly p50Seconds: readonly (number | null)[];
  readonly p90Seconds: readonly (number | null)[];
  readonly p99Seconds: readonly (number | null)[];
  /** The last finite bound: a quantile that reaches it may lie anywhere above. Null where there are no buckets. */
  readonly highestBoundSeconds: number | null;
}

/** What only one SLO at a time is asked for. */
export interface ChosenSloView {
  readonly id: string;
  readonly slo: string;
  readonly breakdown: BreakdownView;
  readonly burnDown: BurnDownView;
}

/** Bad events of a range by what is known of them; the rows and the rest add up to all of them. */
export interface BreakdownView extends RangeView {
  /** Largest first. */
  readonly rows: readonly (RequestFacts & { readonly bad: number })[];
  readonly otherBad: number;
}

/**
 * How the budget went down over the week before the newest slot: at each whole hour, what was left of it over the window
 * that ended then. What is left now stands in the SLO itself.
 */
export interface BurnDownView extends StepRange {
  /** The first stands for `fromSeconds`, the last for `toSeconds`; null where the window held no events. */
  readonly remainingRatio: readonly (number | null)[];
  /**
   * From here on the window lies wholly in time that is known. Before, it reaches back to when nobody had seen this SLO yet, or
   * when it measured something else, and holds less than it should. Null where the SLO was never seen.
   */
  readonly completeFromSeconds: number | null;
  /** Beginnings of calendar windows within the week: the budget is whole again. */
  readonly resetsSeconds: readonly number[];
}
