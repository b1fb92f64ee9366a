import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConsulSettings, KubernetesSettings } from '../../src/config/catalog-settings.js';
import { accessCredentials } from '../../src/catalog/access-credentials.js';
import { ConsulPlace } from '../../src/catalog/consul/consul-place.js';
import { KubernetesPlace } from '../../src/catalog/kubernetes/kubernetes-place.js';
import type { KubernetesObject } from '../../src/simulator/kubernetes-api.js';

/** 2026-06-01T12:00:00Z. */
export const noon = Date.UTC(2026, 5, 1, 12) / 1000;

/** A clock that is moved by hand. */
export class HandClock {
  time = noon;
  now = (): number => this.time;
  monotonic = (): number => this.time;
}

export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Waits until something is so, by looking again and again; fails loudly when it never is. */
export async function until(isSo: () => boolean, what = String(isSo)): Promise<void> {
  const givenUp = Date.now() + 120_000;
  while (!isSo()) {
    if (Date.now() > givenUp) throw new Error(`never so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Waits that take a moment, whatever they should be. */
export const shortWait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

export function kubernetesSettings(changes: Partial<KubernetesSettings> = {}): KubernetesSettings {
  return {
    name: 'prod',
    cluster: 'eu',
    connection: { kind: 'in-cluster' },
    ownerLabels: ['owner', 'team'],
    tierLabels: ['tier'],
    ignoredNamespaces: ['kube-system'],
    rootNamespace: 'istio-system',
    sidecars: new Map(),
    ...changes,
  };
}

export function kubernetesPlace(
  url: string,
  clock: HandClock,
  changes: Partial<KubernetesSettings> = {},
): KubernetesPlace {
  const credentials = accessCredentials(url, {});
  return new KubernetesPlace({ settings: kubernetesSettings(changes), credentials, clock, wait: shortWait });
}

export function consulSettings(url: string, changes: Partial<ConsulSettings> = {}): ConsulSettings {
  return {
    name: 'dc1',
    url,
    access: {},
    datacenter: undefined,
    cluster: 'eu',
    namespace: 'vms',
    intervalSeconds: 15,
    owner: 'platform',
    thresholds: { zombieSeconds: 60, massRatio: 0.3, flaps: 6, syncSeconds: 30 },
    envoys: [],
    ...changes,
  };
}

export function consulPlace(url: string, clock: HandClock, changes: Partial<ConsulSettings> = {}): ConsulPlace {
  return new ConsulPlace({ settings: consulSettings(url, changes), clock, wait: shortWait });
}

interface PodGiven {
  readonly namespace?: string;
  readonly app?: string;
  readonly address?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly sidecar?: 'container' | 'native' | 'linkerd' | undefined;
  readonly version?: string;
  readonly hash?: string;
  readonly isTerminating?: boolean;
  readonly hostNetwork?: boolean;
}

/** A running pod of an application, as Kubernetes writes it. */
export function pod(name: string, given: PodGiven = {}): KubernetesObject {
  const { namespace = 'shop', app = 'cart', address = '10.1.0.1', sidecar, version = '1.4.2', hash = 'abc' } = given;
  const istio = { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.24.3-distroless' };
  const linkerd = { name: 'linkerd-proxy', image: 'cr.l5d.io/linkerd/proxy:edge-26.8.3' };
  return {
    metadata: {
      name,
      namespace,
      creationTimestamp: '2026-06-01T11:59:00Z',
      ...(given.isTerminating && { deletionTimestamp: '2026-06-01T12:00:00Z' }),
      labels: { app, 'pod-template-hash': hash, 'app.kubernetes.io/version': version, ...given.labels },
      annotations: { ...given.annotations },
    },
    spec: {
      hostNetwork: given.hostNetwork === true,
      containers: [
        { name: app, image: `registry.example:5000/${app}:${version}` },
        ...(sidecar === 'container' ? [istio] : sidecar === 'linkerd' ? [linkerd] : []),
      ],
      initContainers: [
        { name: 'istio-init', image: 'docker.io/istio/proxyv2:1.24.3' },
        ...(sidecar === 'native' ? [{ ...istio, restartPolicy: 'Always' }] : []),
      ],
    },
    status: { phase: 'Running', podIP: address, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** A service that selects pods by their application. */
export function service(name: string, given: PodGiven = {}): KubernetesObject {
  const { namespace = 'shop', app = name, labels = {}, annotations = {} } = given;
  return { metadata: { name, namespace, labels, annotations }, spec: { type: 'ClusterIP', selector: { app } } };
}

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): KubernetesObject {
  return { metadata: { name, labels } };
}
