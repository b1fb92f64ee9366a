import { type KubernetesApi, type KubernetesObject } from './kubernetes-api.js';
import type { Mesh, Pod } from './mesh.js';
import { keyOf, type ServiceModel } from './mesh-model.js';
import type { PodMarks } from './pod-marks.js';

/** How a mesh shows in its cluster. */
export interface ClusterLook {
  /** By namespace of the mesh; whoever is not there has no label. */
  readonly owners: Readonly<Record<string, string>>;
  /** By `namespace/name`. */
  readonly tiers: Readonly<Record<string, string>>;
  /** When pods without a proxy were made. */
  readonly startedSeconds: number;
  readonly marks: PodMarks;
  /** All services are in this namespace, whatever the mesh says. */
  readonly namespace?: string;
}

/** A pod of the cluster, with a proxy or without. */
export interface ClusterPod {
  readonly name: string;
  readonly service: ServiceModel;
  readonly address: string;
}

const noMarks = { containers: [], labels: {}, annotations: {} };

/** Shows a simulated mesh as a Kubernetes cluster holds it: namespaces, services, and pods with their sidecars. */
export class KubernetesMesh {
  readonly #api: KubernetesApi;
  readonly #mesh: Mesh;
  readonly #look: ClusterLook;
  readonly #pods = new Map<string, ClusterPod>();
  /** Pods without a proxy. */
  readonly #bare = new Set<string>();
  #addresses = 0;

  constructor(api: KubernetesApi, mesh: Mesh, look: ClusterLook) {
    this.#api = api;
    this.#mesh = mesh;
    this.#look = look;
    const { services } = mesh.model;
    const { namespaceLabels: labels, namespaceAnnotations: annotations } = look.marks;
    for (const name of new Set(services.map((service) => this.#namespaceOf(service)))) {
      api.put('/api/v1/namespaces', { metadata: { name, labels, annotations } });
    }
    for (const service of services) {
      this.#putService(service);
      // The mesh knows nothing of pods without a proxy; the cluster does.
      if (!service.proxied) this.#putBare(service);
    }
    this.reconcile();
  }

  /** The pods that there are now. */
  get pods(): readonly ClusterPod[] {
    return [...this.#pods.values()];
  }

  /** Makes pods of the mesh and of the cluster agree. */
  reconcile(): void {
    const living = new Set(this.#mesh.pods.map(({ name }) => name));
    for (const { name } of this.pods) if (!living.has(name) && !this.#bare.has(name)) this.#remove(name);
    for (const pod of this.#mesh.pods) {
      if (this.#pods.has(pod.name)) continue;
      this.#removeBare(pod.service);
      this.#put(pod, this.#mesh.nowSeconds, this.#look.marks);
    }
  }

  #putService(service: ServiceModel): void {
    // People outside call a gateway, by no name of the cluster.
    if (service.name === 'gateway') return;
    const { owners, tiers } = this.#look;
    const owner = owners[service.namespace];
    const tier = tiers[keyOf(service)];
    const labels = { app: service.app, ...(owner && { owner }), ...(tier && { tier }) };
    const spec = { type: 'ClusterIP', selector: { app: service.app }, ports: [{ name: 'http', port: 80 }] };
    const metadata = { name: service.name, namespace: this.#namespaceOf(service), labels };
    this.#api.put('/api/v1/services', { metadata, spec });
  }

  #putBare(service: ServiceModel): void {
    for (const { version, replicas } of service.versions) {
      for (let number = 0; number < replicas; number += 1) {
        const name = `${service.name}-${version}-bare-${number}`;
        this.#bare.add(name);
        this.#put({ name, service, version }, this.#look.startedSeconds, noMarks);
      }
    }
  }

  /** Pods with a proxy take the place of those without. */
  #removeBare(service: ServiceModel): void {
    for (const name of this.#bare) {
      if (keyOf(this.#pods.get(name)!.service) !== keyOf(service)) continue;
      this.#bare.delete(name);
      this.#remove(name);
    }
  }

  #remove(name: string): void {
    const { service } = this.#pods.get(name)!;
    this.#pods.delete(name);
    this.#api.remove('/api/v1/pods', this.#namespaceOf(service), name);
  }

  #put(
    { name, service, version }: Pick<Pod, 'name' | 'service' | 'version'>,
    at: number,
    { containers, labels, annotations }: Pick<PodMarks, 'containers' | 'labels' | 'annotations'>,
  ): void {
    this.#addresses += 1;
    const address = `10.1.${Math.floor(this.#addresses / 250)}.${(this.#addresses % 250) + 1}`;
    this.#pods.set(name, { name, service, address });
    const application = { name: service.app, image: `registry.example/${service.app}:${version}` };
    // One ReplicaSet for each version, and for being injected.
    const hash = `${version}${containers.length > 0 ? 'f' : '0'}000`;
    const object: KubernetesObject = {
      metadata: {
        name,
        namespace: this.#namespaceOf(service),
        creationTimestamp: new Date(at * 1000).toISOString(),
        labels: { app: service.app, version, 'pod-template-hash': hash, ...labels },
        annotations,
        ownerReferences: [{ kind: 'ReplicaSet', name: `${service.name}-${version}-${hash}`, controller: true }],
      },
      spec: { containers: isIstioGateway(service) ? containers : [application, ...containers] },
      status: { phase: 'Running', podIP: address, conditions: [{ type: 'Ready', status: 'True' }] },
    };
    this.#api.put('/api/v1/pods', object);
  }

  #namespaceOf({ namespace }: ServiceModel): string {
    return this.#look.namespace ?? namespace;
  }
}

/** A gateway of Istio is a proxy and nothing else. */
function isIstioGateway({ name }: ServiceModel): boolean {
  return name === 'istio-ingressgateway';
}
