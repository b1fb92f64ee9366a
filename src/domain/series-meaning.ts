import type { ServiceId } from './service-id.js';
import type { Perspective } from './slo.js';

/** What a request means for a service from one perspective. `left-out` is neither good nor bad: a client's own abort. */
export type Verdict = 'good' | 'bad' | 'left-out';

/** How the requests of one series count, for one service and from one perspective. */
export interface View {
  /** Name of the signal pack that says so: a service may be seen through two meshes, and counts through one of them. */
  readonly mesh: string;
  readonly perspective: Perspective;
  readonly service: ServiceId;
  readonly verdict: Verdict;
  /** Name of the pack's class that decided: `server-error`, `client-abort`, ... */
  readonly className: string;
}

/** What is known of the requests of one series; the dimensions of filters and of the breakdown. Empty where unknown. */
export interface RequestFacts {
  readonly caller: string;
  readonly callerCluster: string;
  readonly version: string;
  readonly method: string;
  /** Response flags as printed, such as `-` or `UF,URX`. */
  readonly flags: string;
  /** HTTP status, or `grpc 14` for a gRPC status of a request that HTTP calls a success. */
  readonly code: string;
}

const everyFact: Readonly<Record<keyof RequestFacts, true>> = {
  caller: true,
  callerCluster: true,
  version: true,
  method: true,
  flags: true,
  code: true,
};

/** Every fact, in the one order in which they are written. */
export const factNames = Object.keys(everyFact) as readonly (keyof RequestFacts)[];

/** The same for the same facts, and for no others: values are the network's, and may hold any character. */
export function factsKey(facts: RequestFacts): string {
  return JSON.stringify(factNames.map((name) => facts[name]));
}

/** The way that the requests of one series took; what nobody tells is undefined. */
export interface RequestPath {
  /** Who sent them, where the reporting proxy is the sender's. */
  readonly sender?: ServiceId | undefined;
  /** Whether they came over connections that both ends authenticated. */
  readonly isAuthenticated?: boolean | undefined;
}

/** What the growth of one counter says of the connections over which a service was reached; each is 1, 0, or -1 for what others counted too much. */
export interface ArrivalShares {
  readonly service: ServiceId;
  /** Whether it also counts what the service's own proxies took in, where no series of requests does. */
  readonly received: 0 | 1;
  readonly authenticated: -1 | 0 | 1;
  readonly plain: -1 | 0 | 1;
}

/**
 * What one series of a proxy's metrics tells: the contract between signal packs and everything that counts.
 *
 * The series of a histogram tell of cumulative buckets: `latency-bucket` counts the requests that took at most
 * `boundSeconds`, `latency-count` all of them.
 */
export type SeriesMeaning =
  | {
      readonly kind: 'requests';
      readonly views: readonly View[];
      readonly facts: RequestFacts;
      readonly path?: RequestPath;
    }
  | { readonly kind: 'latency-count'; readonly views: readonly View[]; readonly facts: RequestFacts }
  | {
      readonly kind: 'latency-bucket';
      readonly boundSeconds: number;
      readonly views: readonly View[];
      readonly facts: RequestFacts;
    }
  /** Connections that nobody counts for an SLO; they tell the way over which requests came. */
  | ({ readonly kind: 'arrivals' } & ArrivalShares)
  /** Nothing that is counted: it only shows that the answer is one of a proxy of this mesh. */
  | { readonly kind: 'presence' }
  /** A quantile of the requests of the window that ended last, in a unit of which so many are a second. */
  | {
      readonly kind: 'window-quantile';
      readonly quantile: number;
      readonly perSecond: number;
      /** The same for all series of the same requests. */
      readonly window: string;
      readonly views: readonly View[];
      readonly facts: RequestFacts;
    }
  /** How many requests that window had. */
  | { readonly kind: 'window-count'; readonly window: string }
  /** Time since the start of the process that holds the counters, in a unit of which so many are a second. */
  | { readonly kind: 'process-uptime'; readonly perSecond: number }
  /** When that process started, epoch seconds. */
  | { readonly kind: 'process-start-time' }
  /** Saturation of the proxy; a gauge. Several series of one resource add up. */
  | { readonly kind: 'saturation'; readonly resource: 'memory-bytes' | 'connections' };

/** Reads the series of one mesh, for one target's configured cluster; made from a signal pack. */
export interface SeriesInterpreter {
  /** Name of the pack. */
  readonly mesh: string;
  /** The samples that can have a meaning at all, by their full names (`..._bucket` included). */
  readonly sampleNames: ReadonlySet<string>;
  /** What the series means; undefined when nothing that meshslo counts. */
  meaning(sampleName: string, labels: ReadonlyMap<string, string>): SeriesMeaning | undefined;
}
