import type { ServiceId } from '../domain/service-id.js';

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
}

/** Knows whose proxies are, from catalogue and configuration. */
export interface ProxyBook {
  ownerOf(proxy: ProxyName): ProxyOwner;
}

/** Unique for a proxy, and its sort order. */
export function proxyKey({ cluster, namespace, pod }: ProxyName): string {
  return JSON.stringify([cluster, namespace, pod]);
}

/**
 * The name of the workload that a pod's name begins with: of a Deployment, a DaemonSet or a StatefulSet.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ (names of pods)
 */
export function workloadOfPod(pod: string): string {
  const letters = '[bcdfghjklmnpqrstvwxz2456789]';
  const ofDeployment = new RegExp(`^(.+)-${letters}{1,10}-${letters}{5}$`).exec(pod)?.[1];
  if (ofDeployment !== undefined) return ofDeployment;
  return new RegExp(`^(.+)-(?:${letters}{5}|\\d+)$`).exec(pod)?.[1] ?? pod;
}
