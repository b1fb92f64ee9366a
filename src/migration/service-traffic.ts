import type { EpochSeconds } from '../domain/clock.js';
import type { MigrationPhase } from '../domain/catalog-service.js';
import type { ServicePaths } from '../domain/slot-batch.js';

/** The ways that a service's requests took in the last hours. */
export type SeenPaths = Omit<ServicePaths, 'service'>;

export const noPaths: SeenPaths = { received: 0, authenticated: 0, plain: 0, sent: 0 };

/** What was seen of a service in traffic. */
export interface SeenTraffic {
  /** When its newest request was counted, to some minutes; undefined where none was in the last hours. */
  readonly lastRequestAt: EpochSeconds | undefined;
  /** Whether it has SLOs. */
  readonly hasSlos: boolean;
  /** Whether anything was ever counted for any of these. */
  readonly hasData: boolean;
  readonly owner: string | undefined;
  readonly mesh: string | undefined;
  /** Requests to it went through its own proxy. */
  readonly isServedInMesh: boolean;
  readonly paths: SeenPaths;
}

/**
 * How far a service is by its requests of the last hours; undefined where there were none.
 *
 * `mtls` where all that it took in and anybody knows of was authenticated by both ends. A service that was not seen calling
 * anybody is not held back by that.
 */
export function seenPhase({ lastRequestAt, isServedInMesh, paths }: SeenTraffic): MigrationPhase | undefined {
  const { authenticated, plain, sent } = paths;
  if (lastRequestAt === undefined && sent === 0) return undefined;
  // Its callers' proxies counted them, and its own, if any, only what it calls.
  if (!isServedInMesh) return sent > 0 ? 'injected' : 'not-migrated';
  if (authenticated > 0 && plain === 0) return 'mtls';
  return sent > 0 ? 'egress' : 'ingress';
}
