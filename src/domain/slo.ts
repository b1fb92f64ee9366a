import type { ServiceId } from './service-id.js';
import { encodePart, serviceKey } from './service-id.js';
import type { Window } from './window.js';

/**
 * Whose eyes an SLI looks through.
 *
 * - `server`: what the destination's proxy saw. The default.
 * - `mesh-failures`: requests that a client's proxy failed without the server's proxy seeing them.
 * - `client`: what the client's proxy saw; for destinations without a proxy, and for outside-in SLOs.
 * - `union`: `server` plus the mesh failures and the client timeouts as further events.
 */
export type Perspective = 'server' | 'mesh-failures' | 'client' | 'union';

export const perspectives: readonly Perspective[] = ['server', 'mesh-failures', 'client', 'union'];

/**
 * What is counted: requests that succeed, requests that are answered within a threshold, or, where a mesh tells no more than
 * quantiles, minutes of single proxies in which a quantile stayed within it.
 */
export type Indicator =
  | {
      readonly kind: 'availability';
      /** What is counted where the proxies know nothing of the requests inside it. */
      readonly of?: 'connections';
    }
  | {
      readonly kind: 'latency';
      /** A bucket bound of the mesh's histogram, in seconds. A slower, failed or too late aborted request is bad. */
      readonly thresholdSeconds: number;
    }
  | {
      readonly kind: 'latency-windows';
      /** Any; seconds. A minute of a proxy whose quantile was above it is bad, one without requests is none. */
      readonly thresholdSeconds: number;
      /** One that the mesh's proxies print; in (0, 1). */
      readonly quantile: number;
    };

/** The requests that an SLO is about; every value that is given must match exactly. */
export interface RequestFilter {
  /** The calling service's name, as the mesh's pack defines it. */
  readonly caller?: string;
  /** Version label of the serving workload. */
  readonly version?: string;
  /** gRPC or HTTP method, where the mesh has such a label. */
  readonly method?: string;
}

/** How a budget is counted: events weigh alike, or slices of time are good or bad as a whole. */
export type Budgeting =
  | { readonly method: 'occurrences' }
  | {
      readonly method: 'time-slices';
      /** Length of a slice; 60, 300 or 900. */
      readonly sliceSeconds: number;
      /** A slice is bad when its ratio of good events is below this; in (0, 1). */
      readonly sliceObjective: number;
    };

/** How an SLO's alerts are judged. */
export interface SloAlerts {
  /** Name of the alert policy. */
  readonly policy: string;
  /** Whether anybody may be woken: without, the policy's tickets are all there is. */
  readonly pages: boolean;
}

/** What nobody said otherwise. */
export const usualAlerts: SloAlerts = { policy: 'standard', pages: true };

/** One objective for one service (or for some of its requests): the unit of the ledger. */
export interface Slo {
  readonly service: ServiceId;
  /**
   * Name of the signal pack whose series are counted; undefined until somebody has met the service, and in definitions
   * of a meshslo that knew one mesh only.
   */
  readonly mesh: string | undefined;
  /** Unique within the service; `availability`, `latency`, ... */
  readonly name: string;
  readonly indicator: Indicator;
  readonly perspective: Perspective;
  readonly filter: RequestFilter;
  /** Wanted ratio of good events, in (0, 1): 0.999 for 99.9 %. */
  readonly objective: number;
  readonly window: Window;
  readonly budgeting: Budgeting;
  readonly alerts: SloAlerts;
  /** Team that is called; undefined where nobody is known. */
  readonly owner: string | undefined;
  /** Name of the tier whose defaults apply. */
  readonly tier: string;
  /** Whether it came from the defaults of its tier or from somebody's file. */
  readonly origin: 'default' | 'file';
}

/** `cluster/namespace/service/slo`, encoded like a service's key: the key of ledger, API and pages. */
export type SloId = string;

/** The id of an SLO; stable over restarts and changes of its objective. */
export function sloId(slo: Pick<Slo, 'service' | 'name'>): SloId {
  return `${serviceKey(slo.service)}/${encodePart(slo.name)}`;
}

/**
 * The rolling window over which an SLO sums events up; undefined for calendar windows and slices of time, which the ledger
 * alone can keep: PromQL knows neither.
 */
export function summedSeconds({ window, budgeting }: Pick<Slo, 'window' | 'budgeting'>): number | undefined {
  return window.kind === 'rolling' && budgeting.method === 'occurrences' ? window.seconds : undefined;
}
