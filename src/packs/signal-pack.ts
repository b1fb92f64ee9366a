import type { Perspective } from '../domain/slo.js';
import type { Verdict } from '../domain/series-meaning.js';
import type { Condition } from './condition.js';
import type { ExtractionPattern } from './extraction-pattern.js';

/**
 * What one mesh's metrics mean, said once: checked, immutable, and the source of both engines.
 *
 * @see docs/signal-packs.md
 */
export interface SignalPack {
  /** What jobs name as their `mesh`. */
  readonly name: string;
  readonly title: string;
  /** Series that only this mesh has: how `inspect` recognises it. */
  readonly detect: readonly SeriesPattern[];
  /** Names of packs that also fit what this one fits, and say less of it. */
  readonly ratherThan: readonly string[];
  readonly version: VersionLabel | undefined;
  readonly target: TargetDefaults;
  readonly requests: RequestsFamilies;
  readonly latency: LatencyFamily | undefined;
  /** Where there are no histograms. */
  readonly latencyWindows: LatencyWindows | undefined;
  readonly process: ProcessFamilies;
  readonly facts: RequestFactLabels;
  /** Undefined where a proxy's series of requests do not tell. */
  readonly mtls: MutualTls | undefined;
  /** Counters of connections that tell instead; empty where there are none. */
  readonly arrivals: readonly ArrivalCounter[];
  readonly views: readonly PackView[];
}

/** The series of a family that pass conditions. */
export interface SeriesPattern {
  readonly family: string;
  readonly where: readonly Condition[];
}

/** The series whose label tells the version of the proxy. */
export interface VersionLabel extends SeriesPattern {
  readonly label: string;
}

/** How a target of this mesh is scraped unless its job says otherwise. */
export interface TargetDefaults {
  readonly path: string;
  readonly port: number | undefined;
  /** Query parameter with which the target itself leaves out what meshslo does not read. */
  readonly filter: { readonly parameter: string; readonly value: string } | undefined;
  /** Target labels that name the service a target stands for; the first that is there counts. */
  readonly namespaceLabels: readonly string[];
  readonly serviceLabels: readonly string[];
}

/** Counters of requests, one event each. */
export interface RequestsFamilies {
  /** What one event is; `connections` where a proxy knows nothing of what is inside them. */
  readonly of: 'requests' | 'connections';
  readonly families: readonly string[];
}

/** Which series count requests over connections that both ends authenticated, and which those over others; of the rest nobody tells. */
export interface MutualTls {
  readonly authenticated: readonly Condition[];
  readonly plain: readonly Condition[];
}

/** A counter of connections to a service, of which some were authenticated by both ends. */
export interface ArrivalCounter extends SeriesPattern {
  readonly service: ServiceLabels;
  readonly isAuthenticated: boolean;
  /** Whether another counter of the same has these, too: they are taken away again. */
  readonly isLess: boolean;
}

/** Quantiles of the requests of the last window, and how many these were; gauges, computed by the proxy once a window. */
export interface LatencyWindows {
  readonly family: string;
  readonly count: string;
  readonly unit: LatencyUnit;
  readonly quantileLabel: string;
  /** Those that are printed; ascending, in (0, 1). */
  readonly quantiles: readonly number[];
  /** The one that stands for "within the threshold" where nobody chose. */
  readonly usual: number;
}

/** Histograms of request durations; they share unit and bounds. */
export interface LatencyFamily {
  readonly families: readonly string[];
  readonly unit: LatencyUnit;
  /** Ascending, without the infinite one. */
  readonly boundsSeconds: readonly number[];
}

export const latencyUnits = ['seconds', 'milliseconds', 'microseconds'] as const;

export type LatencyUnit = (typeof latencyUnits)[number];

/** Units in a second. Seconds are values divided by it: 0.001 is no exact factor. */
export const unitsPerSecond: Readonly<Record<LatencyUnit, number>> = {
  seconds: 1,
  milliseconds: 1000,
  microseconds: 1_000_000,
};

/** What the proxy tells of its own process. */
export interface ProcessFamilies {
  /** Gauge of the time since its start, in a unit of its own. */
  readonly uptime: { readonly family: string; readonly unit: LatencyUnit } | undefined;
  /** Gauge of the moment of its start, epoch seconds; for proxies that do not tell the former. */
  readonly startTimeSeconds: string | undefined;
  /** Gauges; several series add up. */
  readonly memoryBytes: SeriesPattern | undefined;
  readonly connections: SeriesPattern | undefined;
}

/** The first of the labels whose value is usable; values that are as good as none are `unusable`, the empty one always. */
export interface LabelChoice {
  readonly labels: readonly LabelSource[];
  readonly unusable: readonly string[];
  /** The value where no label is usable; undefined: then there is none. */
  readonly otherwise?: string | undefined;
}

/** A label, or the part of its value that a pattern takes out; where the pattern does not match, it is not usable. */
export interface LabelSource {
  readonly label: string;
  readonly pattern?: ExtractionPattern | undefined;
  /** What other labels must be, for facts that stand elsewhere in a client's series than in a server's. */
  readonly where: readonly Condition[];
}

/** Where the facts of a request stand; undefined where the mesh has no such label. */
export interface RequestFactLabels {
  readonly caller: LabelChoice | undefined;
  readonly callerCluster: ClusterChoice | undefined;
  /** With `caller`, which service it was; rules count calls between services by it. */
  readonly callerNamespace: LabelChoice | undefined;
  readonly version: LabelChoice | undefined;
  readonly method: MethodChoice | undefined;
  readonly flags: LabelChoice | undefined;
  readonly httpCode: LabelChoice | undefined;
  readonly grpcCode: LabelChoice | undefined;
}

/** A cluster's label. Ids that every mesh has until somebody names its clusters stand for the configured one. */
export interface ClusterChoice extends LabelChoice {
  readonly defaultIds: readonly string[];
}

/** A method's label. With `onlyWhen` it exists only where somebody asked the mesh for it. */
export interface MethodChoice extends LabelChoice {
  readonly onlyWhen: string | undefined;
}

/** The same value for every series. */
export interface Constant {
  readonly constant: string;
}

/** Where the service of a series stands; without a cluster label it is the configured one. */
export interface ServiceLabels {
  readonly name: LabelChoice | Constant;
  readonly namespace: LabelChoice | Constant;
  readonly cluster: ClusterChoice | undefined;
}

/** How the series that pass `where` count for one perspective; several views of a perspective add up. */
export interface PackView {
  readonly perspective: Perspective;
  readonly where: readonly Condition[];
  readonly service: ServiceLabels;
  /** In order; the first whose conditions hold decides, and the last has none. */
  readonly classes: readonly RequestClass[];
  /** The same for series of the latency family, where these lack the labels that the classes ask for. */
  readonly latencyClasses: readonly RequestClass[];
}

/** A kind of request and its verdict. */
export interface RequestClass {
  readonly name: string;
  readonly verdict: Verdict;
  readonly where: readonly Condition[];
}

/** Whether a value of a chosen label can be used. */
export function isUsable(choice: Pick<LabelChoice, 'unusable'>, value: string): boolean {
  return value !== '' && !choice.unusable.includes(value);
}

/** Names of the labels that a choice looks at, each once. */
export function labelNames(choice: LabelChoice): readonly string[] {
  return [...new Set(choice.labels.map(({ label }) => label))];
}
