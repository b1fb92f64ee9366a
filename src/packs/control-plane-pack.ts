/** Kinds of control planes that meshslo knows how to look at. */
export const controlPlaneKinds = ['istio', 'linkerd2', 'linkerd1', 'envoy-control', 'consul'] as const;

/** Which program steers the proxies. `linkerd1` is Linkerd 1 with Namerd. */
export type ControlPlaneKind = (typeof controlPlaneKinds)[number];

/** What people ask of a control plane: GoPay's six signals, and what else went wrong in meshes. */
export const controlPlaneQuestions = [
  'push-latency',
  'push-errors',
  'resources',
  'certificate-errors',
  'certificate-expiry',
  'sync',
  'version-drift',
  'consistency',
  'warming',
  'hot-restart',
] as const;

export type ControlPlaneQuestion = (typeof controlPlaneQuestions)[number];

/**
 * What one kind of control plane tells, said once: the vocabulary of alerts, dashboards and collectors.
 *
 * @see docs/control-planes.md
 */
export interface ControlPlanePack {
  readonly kind: ControlPlaneKind;
  readonly title: string;
  /** The releases whose sources were read, as `major.minor`; others are read with care. */
  readonly versions: { readonly from: string; readonly until: string } | undefined;
  readonly target: { readonly path: string; readonly port: number };
  /** Containers of its pods, as cAdvisor and kube-state-metrics call them; empty where it does not run in pods. */
  readonly containers: readonly string[];
  /** Every question has its answer, if only why there is none. */
  readonly answers: ReadonlyMap<ControlPlaneQuestion, ControlPlaneAnswer>;
  readonly metrics: ReadonlyMap<string, ControlPlaneMetric>;
  /** Names that others use although no release, or none that is known, has them; and what to take instead. */
  readonly absent: ReadonlyMap<string, string>;
}

/** Where the answer to a question comes from. */
export type ControlPlaneAnswer =
  | {
      readonly kind: 'told';
      /** Names of `metrics`; empty where only a collector knows. */
      readonly metrics: readonly string[];
      /** What a collector asks, for people; undefined where metrics say it all. */
      readonly polled: string | undefined;
    }
  | { readonly kind: 'untold'; readonly why: string };

/** One metric of the vocabulary. */
export interface ControlPlaneMetric {
  /** Of the family: of a histogram without `_bucket`, `_sum` and `_count`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  /** Undefined for a plain number. */
  readonly unit: string | undefined;
  /** Who exposes it: the control plane, its proxies, or Kubernetes (cAdvisor, kube-state-metrics). */
  readonly of: 'control-plane' | 'proxy' | 'kubernetes';
  /** Its own labels, without those of the target. */
  readonly labels: readonly string[];
  /** Of a histogram, ascending, without the infinite one. */
  readonly bounds: readonly number[];
  /** The first and the last release that have it; undefined for all that are known. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** Whether its series are absent until there is something to count: then nothing is not zero to Prometheus. */
  readonly absentUntilFirstEvent: boolean;
  readonly meaning: string;
  /** How it misleads. */
  readonly trap: string | undefined;
}

/** The metric that a series belongs to; undefined for a name that is not in the vocabulary. */
export function metricOfSeries({ metrics }: ControlPlanePack, series: string): ControlPlaneMetric | undefined {
  const plain = metrics.get(series);
  if (plain) return plain.type === 'histogram' ? undefined : plain;
  const [, family, suffix] = /^(.+)_(bucket|sum|count)$/.exec(series) ?? [];
  const metric = family === undefined ? undefined : metrics.get(family);
  if (metric?.type === 'histogram') return metric;
  return metric?.type === 'summary' && suffix !== 'bucket' ? metric : undefined;
}
