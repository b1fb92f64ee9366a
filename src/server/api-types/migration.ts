import type { MigrationPhase } from '../../domain/catalog-service.js';
import type { ErrorView } from './problem.js';

/** `GET /api/v1/migration`: every service that the catalogue knows, and how far it is on its way into the mesh. */
export interface MigrationList {
  /** Those that are not yet where they are wanted first; then by name. */
  readonly services: readonly MigrationView[];
  /** Where the catalogue comes from. */
  readonly places: readonly CatalogPlaceView[];
}

/** One service's way into the mesh. */
export interface MigrationView {
  /** `cluster/namespace/service`, each part percent-encoded. */
  readonly id: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  readonly owner: string | null;
  readonly mesh: string | null;
  /** Null where nobody said how far it is to go. */
  readonly wanted: MigrationPhase | null;
  /** As its instances say; null without instances. */
  readonly actual: MigrationPhase | null;
  /** As its requests show: `ingress` where they went through its own proxy; null without requests in the last hours. */
  readonly seen: MigrationPhase | null;
  readonly instances: number;
  /** Instances with a proxy. */
  readonly meshed: number;
  /** Null where that cannot be said. */
  readonly isThere: boolean | null;
}

/** A place that services are known from. */
export interface CatalogPlaceView {
  readonly place: string;
  /** When it was last known to be right; null before the first time. */
  readonly currentSeconds: number | null;
  readonly error: ErrorView | null;
}
