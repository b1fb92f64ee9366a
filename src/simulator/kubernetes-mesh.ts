import { type KubernetesApi, type KubernetesObject } from './kubernetes-api.js';
import type { Mesh, Pod } from './mesh.js';
import { keyOf, type ServiceModel } from './mesh-model.js';

/** Who answers for the services of a namespace, and how much they matter. */
export interface NamespaceOwners {
  readonly owners: Readonly<Record<string, string>>;
  /** By `namespace/name`. */
  readonly tiers: Readonly<Record<string, string>>;
  /** When pods without a proxy were made. */
  readonly startedSeconds: number;
}

/** Shows a simulated mesh as a Kubernetes cluster holds it: namespaces, services, and pods with their sidecars. */
export class KubernetesMesh {
  readonly #api: KubernetesApi;
  readonly #mesh: Mesh;
  readonly #pods = new Map<string, Pod>();
  /** Pods without a proxy, by their service. */
  readonly #bare = new Map<string, string[]>();
  #addresses = 0;

  constructor(api: KubernetesApi, mesh: Mesh, { owners, tiers, startedSeconds }: NamespaceOwners) {
    this.#api = api;
    this.#mesh = mesh;
    const { services } = mesh.model;
    for (const namespace of new Set(services.map((service) => service.namespace))) {
      api.put('/api/v1/namespaces', { metadata: { name: namespace, labels: { 'istio-injection': 'enabled' } } });
    }
    for (const service of services) {
      const owner = owners[service.namespace];
      const tier = tiers[keyOf(service)];
      const labels = { app: service.app, ...(owner && { owner }), ...(tier && { tier }) };
      const { name, namespace } = service;
      const spec = { type: 'ClusterIP', selector: { app: service.app }, ports: [{ name: 'http', port: 80 }] };
      api.put('/api/v1/services', { metadata: { name, namespace, labels }, spec });
      // The mesh knows nothing of pods without a proxy; the cluster does.
      if (!service.proxied) this.#putBare(service, startedSeconds);
    }
    this.reconcile();
  }

  /** Makes pods of the mesh and of the cluster agree. */
  reconcile(): void {
    const living = new Set(this.#mesh.pods.map(({ name }) => name));
    for (const [name, { service }] of this.#pods) {
      if (living.has(name)) continue;
      this.#pods.delete(name);
      this.#api.remove('/api/v1/pods', service.namespace, name);
    }
    for (const pod of this.#mesh.pods) {
      if (this.#pods.has(pod.name)) continue;
      this.#removeBare(pod.service);
      this.#pods.set(pod.name, pod);
      const image = `docker.io/istio/proxyv2:${this.#mesh.model.istioVersion}`;
      const proxy = { name: 'istio-proxy', image };
      this.#put(pod.service, pod.name, pod.version, this.#mesh.nowSeconds, [proxy]);
    }
  }

  #putBare(service: ServiceModel, startedSeconds: number): void {
    for (const { version, replicas } of service.versions) {
      for (let number = 0; number < replicas; number += 1) {
        const name = `${service.name}-${version}-bare-${number}`;
        this.#bare.set(keyOf(service), [...(this.#bare.get(keyOf(service)) ?? []), name]);
        this.#put(service, name, version, startedSeconds, []);
      }
    }
  }

  /** Pods with a proxy take the place of those without. */
  #removeBare(service: ServiceModel): void {
    for (const name of this.#bare.get(keyOf(service)) ?? []) this.#api.remove('/api/v1/pods', service.namespace, name);
    this.#bare.delete(keyOf(service));
  }

  #put(service: ServiceModel, name: string, version: string, at: number, proxies: readonly object[]): void {
    this.#addresses += 1;
    const isInjected = proxies.length > 0;
    const application = { name: service.app, image: `registry.example/${service.app}:${version}` };
    const object: KubernetesObject = {
      metadata: {
        name,
        namespace: service.namespace,
        creationTimestamp: new Date(at * 1000).toISOString(),
        labels: {
          app: service.app,
          version,
          // One ReplicaSet for each version, and for being injected.
          'pod-template-hash': `${version}${isInjected ? 'f' : '0'}000`,
          ...(isInjected && { 'service.istio.io/canonical-name': service.app, 'security.istio.io/tlsMode': 'istio' }),
        },
        annotations: isInjected
          ? { 'sidecar.istio.io/status': '{"containers":["istio-proxy"],"revision":"default"}' }
          : {},
      },
      spec: { containers: isGateway(service) ? proxies : [application, ...proxies] },
      status: {
        phase: 'Running',
        podIP: `10.1.${Math.floor(this.#addresses / 250)}.${(this.#addresses % 250) + 1}`,
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    };
    this.#api.put('/api/v1/pods', object);
  }
}

/** A gateway is a proxy and nothing else. */
function isGateway({ name }: ServiceModel): boolean {
  return name.endsWith('gateway');
}
