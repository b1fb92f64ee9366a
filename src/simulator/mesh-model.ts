import type { LatencyProfile } from './latency.js';
import type { OutcomeKind, Protocol } from './outcome.js';

/** `namespace/name` of a service. */
export type ServiceKey = string;

/** What is simulated: services, who calls whom and how often, and what goes wrong. */
export interface MeshModel {
  /** Istio's release, as in `istio_build{tag}`. */
  readonly istioVersion: string;
  readonly clusterId: string;
  readonly services: readonly ServiceModel[];
  readonly edges: readonly EdgeModel[];
  /** Series that nobody needs: how many outbound clusters every proxy keeps statistics of. About 6 KB each. */
  readonly fillerClusters: number;
  /** Envoy's statsEvictionInterval; absent: idle series stay. */
  readonly evictionIntervalSeconds?: number;
}

export interface ServiceModel {
  readonly name: string;
  readonly namespace: string;
  readonly app: string;
  readonly protocol: Protocol;
  /** False: no sidecar, so only its callers' proxies know of it. */
  readonly proxied: boolean;
  readonly versions: readonly { readonly version: string; readonly replicas: number }[];
  readonly latency: LatencyProfile;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** One caller of one service. */
export interface EdgeModel {
  /** Absent: a caller outside the mesh, without a proxy of its own. */
  readonly source: ServiceKey | undefined;
  readonly destination: ServiceKey;
  /** At the height of an ordinary working day. */
  readonly requestsPerSecond: number;
  readonly curve: TrafficCurve;
  /** Share of every way to end; what is left over ends well. */
  readonly shares: OutcomeShares;
  readonly degradations: readonly Degradation[];
}

export type OutcomeShares = Readonly<Partial<Record<Exclude<OutcomeKind, 'ok'>, number>>>;

/** How traffic goes up and down; all shares in [0, 1], all hours UTC. */
export interface TrafficCurve {
  /** Share of the traffic that is missing at the lowest hour. */
  readonly dailySwing: number;
  readonly peakHour: number;
  /** Share that is left on Saturday and Sunday. */
  readonly weekendShare: number;
  /** From the first hour until the second there is no request at all; it may wrap over midnight. */
  readonly silentHours?: readonly [from: number, until: number];
}

/** A stretch of trouble, once or again and again. */
export interface Degradation {
  readonly firstSeconds: number;
  readonly lastsSeconds: number;
  readonly everySeconds?: number;
  /** On top of the edge's own shares. */
  readonly shares: OutcomeShares;
  /** The median latency is multiplied by it. */
  readonly slowdown: number;
}

export const evenCurve: TrafficCurve = { dailySwing: 0, peakHour: 12, weekendShare: 1 };

export function keyOf({ namespace, name }: Pick<ServiceModel, 'namespace' | 'name'>): ServiceKey {
  return `${namespace}/${name}`;
}

/** The service of a key; throws a RangeError for one that the model does not have. */
export function serviceOf(model: MeshModel, key: ServiceKey): ServiceModel {
  const service = model.services.find((candidate) => keyOf(candidate) === key);
  if (!service) throw new RangeError(`the mesh has no service ${key}`);
  return service;
}
