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
  /** As its requests of the last hours show; null without any. */
  readonly seen: MigrationPhase | null;
  /** The ways that these took; null without any. */
  readonly requests: RequestPathsView | null;
  readonly instances: number;
  /** Instances with a proxy. */
  readonly meshed: number;
  /** Null where that cannot be said. */
  readonly isThere: boolean | null;
}

/** Requests of the last six hours, since the start of meshslo at most. */
export interface RequestPathsView {
  /** Taken in by its own proxies. */
  readonly received: number;
  /** Of these, over connections that both ends authenticated (mTLS), and over others; of the rest nobody tells. */
  readonly authenticated: number;
  readonly plain: number;
  /** Sent through its own proxies. */
  readonly sent: number;
}

/** A place that services are known from. */
export interface CatalogPlaceView {
  readonly place: string;
  /** When it was last known to be right; null before the first time. */
  readonly currentSeconds: number | null;
  readonly error: ErrorView | null;
  /** Parts of it that cannot be read although all else can. */
  readonly lacks: readonly CatalogLackView[];
}

/** A part of a place that cannot be read. */
export interface CatalogLackView {
  /** `peerauthentications`. */
  readonly part: string;
  /** What nobody knows because of it. */
  readonly unknown: string;
  readonly error: ErrorView;
}
