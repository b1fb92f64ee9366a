import type { AccessSettings } from './access-settings.js';

/** Where services, their owners and their instances are known. */
export interface CatalogSettings {
  readonly kubernetes: readonly KubernetesSettings[];
  readonly consul: readonly ConsulSettings[];
  readonly backstage: readonly BackstageSettings[];
  /** Files of services, absolute, with wildcards. */
  readonly files: readonly string[];
  /** Whether services without requests, SLOs or owners are findings. */
  readonly thresholds: CatalogThresholds;
}

/** Whether anybody is asked at all. */
export function hasPlaces({ kubernetes, consul, backstage, files }: CatalogSettings): boolean {
  return [kubernetes, consul, backstage, files].some(({ length }) => length > 0);
}

/** From when on something is trouble. */
export interface CatalogThresholds {
  /** So long a service in the mesh may be without a request. */
  readonly silentSeconds: number;
  /** So long a place may be unreadable. */
  readonly unreadableSeconds: number;
}

/** One cluster's API server. */
export interface KubernetesSettings {
  readonly name: string;
  readonly cluster: string;
  readonly connection:
    | { readonly kind: 'url'; readonly url: string; readonly access: AccessSettings }
    | { readonly kind: 'kubeconfig'; readonly file: string; readonly context: string | undefined }
    | { readonly kind: 'in-cluster' };
  readonly ownerLabels: readonly string[];
  readonly tierLabels: readonly string[];
  readonly ignoredNamespaces: readonly string[];
  /** Of Istio: rules in it are rules of the whole mesh. */
  readonly rootNamespace: string;
  /** Name of the mesh by name of the container that is its proxy, for meshes whose pods have no marks of their own. */
  readonly sidecars: ReadonlyMap<string, string>;
}

/** One Consul. */
export interface ConsulSettings {
  readonly name: string;
  readonly url: string;
  readonly access: AccessSettings;
  /** Undefined for that of the agent. */
  readonly datacenter: string | undefined;
  /** That its services are in. */
  readonly cluster: string;
  /** Of services that name none and are in no Kubernetes. */
  readonly namespace: string;
  readonly intervalSeconds: number;
  readonly owner: string | undefined;
  readonly thresholds: RegistryThresholds;
  /** Administration ports of Envoys that follow this Consul; empty where nobody is asked how late they are. */
  readonly envoys: readonly string[];
}

export interface RegistryThresholds {
  /** So long a registration may be without a pod. */
  readonly zombieSeconds: number;
  /** Share of all instances that may leave at once. */
  readonly massRatio: number;
  /** Changes of one instance in ten minutes that are too many. */
  readonly flaps: number;
  /** So late an Envoy may know. */
  readonly syncSeconds: number;
}

/** One Backstage: its API, or its files. */
export interface BackstageSettings {
  readonly name: string;
  readonly from:
    | { readonly kind: 'api'; readonly url: string; readonly access: AccessSettings }
    | { readonly kind: 'files'; readonly patterns: readonly string[] };
  readonly intervalSeconds: number;
}
