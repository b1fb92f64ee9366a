import type { ServiceId } from './service-id.js';
import type { Workload } from './workload.js';

/** Steps of a service's way into the mesh; each needs those before it. */
export const migrationPhases = ['not-migrated', 'injected', 'ingress', 'egress', 'mtls'] as const;

/** `ingress`: requests to it go through its proxy; `egress`: its own do, too; `mtls`: and nobody can speak to it in the clear. */
export type MigrationPhase = (typeof migrationPhases)[number];

/** What people call each phase: a service is `calling through the mesh`, and goes from `not migrated` to that. */
export const migrationPhaseNames: Readonly<Record<MigrationPhase, string>> = {
  'not-migrated': 'not migrated',
  injected: 'with proxies',
  ingress: 'called through the mesh',
  egress: 'calling through the mesh',
  mtls: 'mTLS only',
};

/** A service as the catalogue knows it, from however many places. */
export interface CatalogService {
  readonly id: ServiceId;
  /** Undefined where no place names one. */
  readonly owner: string | undefined;
  readonly tier: string | undefined;
  /** `istio`, `linkerd2`, ...; undefined where it is in none. */
  readonly mesh: string | undefined;
  /** Where its owners want it to be; undefined where nobody said. */
  readonly wanted: MigrationPhase | undefined;
  /** Where its workloads say that it is; undefined where no place shows workloads. */
  readonly actual: MigrationPhase | undefined;
  /** Running instances, by what is known of each. */
  readonly instances: readonly CatalogInstance[];
  /** Names of the places that know it, sorted: `kubernetes prod`, `consul dc1`, `file services.yaml`. */
  readonly places: readonly string[];
}

/** One running instance of a service: a pod, or an entry of a registry. */
export interface CatalogInstance {
  /** Name of the pod, or id of the registration. */
  readonly name: string;
  /** Without port; undefined while it has none. */
  readonly address: string | undefined;
  /** Of the application: its version label or revision. */
  readonly version: string | undefined;
  /** Of its proxy; undefined where it has none or nobody tells. */
  readonly proxyVersion: string | undefined;
  readonly hasProxy: boolean;
}

/** Where a proxy runs, as far as that is known. */
export interface ProxyAddress {
  readonly namespace: string | undefined;
  readonly pod: string | undefined;
  readonly address: string;
}

/** What all places together know, as of now; a collector asks it whose a proxy is. */
export interface ServiceCatalog {
  services(): readonly CatalogService[];
  service(id: ServiceId): CatalogService | undefined;
  /** The service that a pod belongs to; undefined for one that no place knows. */
  serviceOfPod(cluster: string, namespace: string, pod: string): ServiceId | undefined;
  /**
   * The one service that a proxy stands for, by its pod or else by its address (without port); undefined for one that no place
   * knows, and for one that stands for several.
   */
  serviceOfProxy(cluster: string, proxy: ProxyAddress): ServiceId | undefined;
  /** What made a pod; undefined for one that no place knows, or that was made by something else. */
  workloadOfPod(cluster: string, namespace: string, pod: string): Workload | undefined;
  /** Changes whenever an earlier answer may be different now. */
  readonly version: number;
}
