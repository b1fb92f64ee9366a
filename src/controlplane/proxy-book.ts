import type { ServiceId } from '../domain/service-id.js';
import type { Workload } from '../domain/workload.js';

/** A proxy as its control plane, or whoever lists it, names it: the pod that it stands in. */
export interface ProxyName {
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
}

/** Whose a proxy is; undefined where nobody knows. */
export interface ProxyOwner {
  readonly service: ServiceId | undefined;
  readonly owner: string | undefined;
  /** What made its pod; undefined where no catalogue knows. */
  readonly workload?: Workload | undefined;
}

/** Knows whose proxies are, from catalogue and configuration. */
export interface ProxyBook {
  ownerOf(proxy: ProxyName): ProxyOwner;
}

/** Unique for a proxy, and its sort order. */
export function proxyKey({ cluster, namespace, pod }: ProxyName): string {
  return JSON.stringify([cluster, namespace, pod]);
}
