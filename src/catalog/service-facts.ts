import type { CatalogInstance, CatalogService } from '../domain/catalog-service.js';
import type { MigrationPhase } from '../domain/catalog-service.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { Failure } from '../domain/failure.js';
import type { Workload } from '../domain/workload.js';

/** One running instance, with what a catalogue alone needs of it. */
export interface PlaceInstance extends CatalogInstance {
  /** What tells one deploy of its service from another; undefined where nobody tells. */
  readonly revision: string | undefined;
  readonly createdAt: EpochSeconds | undefined;
  readonly isReady: boolean;
}

/**
 * What one place knows of a service.
 *
 * A part of the name that is undefined is not known there: the facts are about every service that fits.
 */
export interface ServiceFacts {
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Namespace that it is in where no other place knows a service of this name in this cluster. */
  readonly elsewhere?: string | undefined;
  readonly owner?: string | undefined;
  readonly tier?: string | undefined;
  /** The system that it belongs to. */
  readonly system?: string | undefined;
  readonly mesh?: string | undefined;
  readonly wanted?: MigrationPhase | undefined;
  readonly actual?: MigrationPhase | undefined;
  /** Whether anybody can call it by a name; workloads that nobody calls have an owner, too. */
  readonly isCallable?: boolean;
  readonly instances?: readonly PlaceInstance[];
}

/** A service as the merged catalogue knows it. */
export interface KnownService extends CatalogService {
  readonly system: string | undefined;
  readonly isCallable: boolean;
  readonly instances: readonly PlaceInstance[];
}

/** A pod that lives, for whoever holds a registry against it. */
export interface LivePod {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly address: string | undefined;
  /** Name of the service or workload that it runs. */
  readonly service: string;
  /** What made it, where that is of a kind that can be restarted. */
  readonly workload: Workload | undefined;
}

/** How reading a place goes. */
export interface PlaceState {
  /** When it was last known to be right; undefined before the first time. */
  readonly currentAt: EpochSeconds | undefined;
  /** Why it cannot be read now; what it told last stays. */
  readonly trouble: Failure | undefined;
  /** What of it cannot be read although all else can; nothing where it is left out. */
  readonly lacks?: readonly PlaceLack[];
}

/** A part of a place that cannot be read. */
export interface PlaceLack {
  /** `peerauthentications`. */
  readonly part: string;
  /** What nobody knows because of it: `which services refuse plain text`. */
  readonly unknown: string;
  readonly trouble: Failure;
}

/** Somewhere that services are known. */
export interface CatalogPlace {
  /** Unique: `kubernetes prod`, `consul dc1`. */
  readonly name: string;
  /** Begins to follow it; `onChange` is called after whatever may have changed its facts or its state. */
  start(onChange: () => void): void;
  stop(): Promise<void>;
  readonly facts: readonly ServiceFacts[];
  readonly state: PlaceState;
}
