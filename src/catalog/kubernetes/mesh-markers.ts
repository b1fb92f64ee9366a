import type { KeptPod, Labelled } from './objects.js';

/** What a pod says of the mesh that it is in. */
export interface PodMesh {
  /** Name of the mesh; undefined where the pod is in none. */
  readonly mesh: string | undefined;
  readonly proxyVersion: string | undefined;
  /** What comes in goes through its proxy. */
  readonly isInbound: boolean;
  /** What it calls goes through its proxy. */
  readonly isOutbound: boolean;
  /** Of the control plane that injected it; undefined where nobody says. */
  readonly revision: string | undefined;
}

const none: PodMesh = {
  mesh: undefined,
  proxyVersion: undefined,
  isInbound: false,
  isOutbound: false,
  revision: undefined,
};

/**
 * Reads a pod's own marks: proxies as containers and as native sidecars, and ztunnel's mark of ambient.
 *
 * @param sidecars names of meshes by names of containers that are their proxies, where nothing else marks a pod
 * @see https://istio.io/latest/docs/reference/config/annotations/ and https://linkerd.io/2/reference/proxy-configuration/
 */
export function meshOfPod(pod: KeptPod, sidecars: ReadonlyMap<string, string>): PodMesh {
  const containers = [...pod.containers, ...pod.sidecars];
  const proxy = containers.find(({ name }) => name === 'istio-proxy' || name === 'linkerd-proxy');
  if (proxy?.name === 'istio-proxy') return istioSidecar(pod, proxy.image);
  if (proxy) return linkerdSidecar(pod, proxy.image);
  if (pod.annotations['ambient.istio.io/redirection'] === 'enabled') {
    return { mesh: 'istio-ambient', proxyVersion: undefined, isInbound: true, isOutbound: true, revision: undefined };
  }
  const other = containers.find(({ name }) => sidecars.has(name));
  if (!other) return none;
  const mesh = sidecars.get(other.name);
  return { mesh, proxyVersion: imageTag(other.image), isInbound: true, isOutbound: true, revision: undefined };
}

function istioSidecar({ labels, annotations }: KeptPod, image: string): PodMesh {
  const excludesInbound = annotations['traffic.sidecar.istio.io/includeInboundPorts'] === '';
  const excludesOutbound = annotations['traffic.sidecar.istio.io/includeOutboundIPRanges'] === '';
  return {
    mesh: 'istio',
    proxyVersion: imageTag(image),
    isInbound: !excludesInbound,
    isOutbound: !excludesOutbound,
    revision: labels['istio.io/rev'] ?? statusRevision(annotations['sidecar.istio.io/status']),
  };
}

function linkerdSidecar({ annotations }: KeptPod, image: string): PodMesh {
  return {
    mesh: 'linkerd2',
    proxyVersion: annotations['linkerd.io/proxy-version'] ?? imageTag(image),
    isInbound: true,
    isOutbound: true,
    revision: undefined,
  };
}

function statusRevision(text: string | undefined): string | undefined {
  try {
    const { revision } = JSON.parse(text ?? '') as { readonly revision?: unknown };
    return typeof revision === 'string' ? revision : undefined;
  } catch {
    return undefined;
  }
}

/** `1.24.3` of `docker.io/istio/proxyv2:1.24.3-distroless`; undefined where a digest stands alone. */
export function imageTag(image: string): string | undefined {
  const tag = /^[^@]*:([\w][\w.-]*)(?:@.*)?$/.exec(image)?.[1];
  return tag?.replace(/-(distroless|debug)$/, '');
}

/** Whether those who run a namespace or a pod want it in a mesh. */
export function wantsMesh(namespace: Labelled | undefined, pods: readonly Labelled[]): boolean {
  const labels = namespace?.labels ?? {};
  const annotations = namespace?.annotations ?? {};
  const isWanted = (one: Labelled): boolean =>
    one.labels['sidecar.istio.io/inject'] === 'true' ||
    one.labels['istio.io/dataplane-mode'] === 'ambient' ||
    one.annotations['linkerd.io/inject'] === 'enabled';
  const isRefused = (one: Labelled): boolean =>
    one.labels['sidecar.istio.io/inject'] === 'false' ||
    one.labels['istio.io/dataplane-mode'] === 'none' ||
    one.annotations['linkerd.io/inject'] === 'disabled';
  if (pods.some(isWanted)) return true;
  if (pods.length > 0 && pods.every(isRefused)) return false;
  return (
    labels['istio-injection'] === 'enabled' ||
    (labels['istio.io/rev'] !== undefined && labels['istio-injection'] !== 'disabled') ||
    labels['istio.io/dataplane-mode'] === 'ambient' ||
    annotations['linkerd.io/inject'] === 'enabled'
  );
}
