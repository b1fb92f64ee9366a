import type { Perspective } from '../domain/slo.js';
import type { Condition } from './condition.js';
import type { MetricType } from './metric-vocabulary.js';
import type { LatencyUnit } from './signal-pack.js';

/**
 * What a query of a dashboard measures, without saying in PromQL how.
 *
 * `by` holds labels of the metric; for what a mesh counts, the facts that its pack names. A mesh, or a metric, that has not
 * what is asked for gives no query, and a panel without queries is left out.
 */
export type Measure =
  FamilyMeasure | SliMeasure | SloMeasure | TrafficMeasure | ProcessMeasure | CallsMeasure | ShareMeasure | SumMeasure;

/** One metric of the vocabulary. Each way suits one type only: nobody rates a gauge. */
export interface FamilyMeasure {
  readonly kind: FamilyWay;
  readonly metric: string;
  readonly where: readonly Condition[];
  readonly by: readonly string[];
  /** Of a quantile, in (0, 1). */
  readonly at: number;
  /** Of a level: how series become one. */
  readonly join: 'sum' | 'max' | 'min' | 'avg' | 'count';
  /** Of targets only that have one of these metrics, too: many programs have `process_*`. */
  readonly beside: readonly string[];
  /** Of targets only that have none of these. */
  readonly apartFrom: readonly string[];
}

/**
 * - `rate`, `increase`: of a counter, per second, or in the shown time. - `level`: a gauge. - `quantile`, `mean`, `buckets`: of a
 *   histogram. - `until`, `since`: seconds from now to a moment, or from it.
 */
export type FamilyWay = 'rate' | 'increase' | 'level' | 'quantile' | 'mean' | 'buckets' | 'until' | 'since';

/** What a metric must be for a way to make sense of it; the rate of a histogram is that of what it observes. */
export const waysOfTypes: Readonly<Record<FamilyWay, readonly MetricType[]>> = {
  rate: ['counter', 'histogram', 'summary'],
  increase: ['counter'],
  level: ['gauge'],
  until: ['gauge'],
  since: ['gauge'],
  quantile: ['histogram'],
  mean: ['histogram', 'summary'],
  buckets: ['histogram'],
};

/** Recorded events of services, as objectives count them. */
export interface SliMeasure {
  readonly kind: 'sli';
  readonly what: 'all' | 'bad' | 'bad-share';
  readonly perspective: Perspective;
  readonly by: readonly string[];
}

/** What was promised, and what became of it. */
export interface SloMeasure {
  readonly kind: 'slo';
  readonly what: 'objective' | 'budget-left' | 'burn-rate';
  /** Of a burn rate. */
  readonly overSeconds: number;
}

/** Requests as the mesh itself counts them: dearer than what is recorded, and by any fact. */
export interface TrafficMeasure {
  readonly kind: 'traffic';
  readonly what: 'requests' | 'bad' | 'quantile' | 'buckets';
  readonly perspective: Perspective;
  readonly by: readonly TrafficFact[];
  readonly at: number;
  /** Of buckets: only of meshes that write their bounds in this unit, for nothing can convert a label. */
  readonly bounds: LatencyUnit | undefined;
  readonly where: readonly Condition[];
}

/** What a mesh may tell of a request; which labels say so stands in its pack. */
export const trafficFacts = ['service', 'caller', 'version', 'method', 'code', 'flags', 'target'] as const;

export type TrafficFact = (typeof trafficFacts)[number];

/** What proxies tell of themselves. */
export interface ProcessMeasure {
  readonly kind: 'process';
  readonly what: 'memory' | 'connections' | 'uptime' | 'version' | 'up';
  readonly by: readonly string[];
  readonly join: FamilyMeasure['join'];
}

/** Calls between services, as recorded from callers' proxies. */
export interface CallsMeasure {
  readonly kind: 'calls';
  readonly what: 'all' | 'bad' | 'bad-share';
  /** `service`, or `dependency`: the side that the board's own scope is about. */
  readonly scope: 'service' | 'dependency' | 'both';
  readonly by: readonly string[];
  /** Gives `id`, `source` and `target`, or `id` and `title`, as a graph wants them. */
  readonly graph: 'edges' | 'nodes' | undefined;
}

/** Several counts as one; those that are not there yet add nothing. All have the labels of `by`. */
export interface SumMeasure {
  readonly kind: 'sum';
  readonly of: readonly Measure[];
  readonly by: readonly string[];
}

/** One measure for each unit of another. */
export interface ShareMeasure {
  readonly kind: 'share';
  readonly of: Measure;
  readonly in: Measure;
}
