import type { ConsulApi, Registration } from './consul-api.js';
import type { KubernetesMesh } from './kubernetes-mesh.js';

/** What stands otherwise in a registry than it should, on purpose. */
export interface RegistryDeviations {
  /** Registrations that nobody has taken back. */
  readonly left: readonly Registration[];
  /** Names of pods that are not registered although they live. */
  readonly missing: ReadonlySet<string>;
}

/** Pods of a simulated cluster register themselves in a Consul when they come, and leave it when they go. */
export class ConsulMesh {
  readonly #consul: ConsulApi;
  readonly #cluster: KubernetesMesh;

  constructor(consul: ConsulApi, cluster: KubernetesMesh) {
    this.#consul = consul;
    this.#cluster = cluster;
  }

  /** Makes the registry say what it should, but for these deviations. */
  reconcile({ left, missing }: RegistryDeviations): void {
    const living = this.#cluster.pods.filter(({ name }) => !missing.has(name));
    const wanted = new Map<string, Registration>([
      ...living.map(({ name, service, address }, index): [string, Registration] => [
        name,
        {
          node: `node-${(index % 5) + 1}`,
          id: name,
          service: service.name,
          address,
          port: 8080,
          meta: { 'pod-name': name, 'external-source': 'kubernetes' },
        },
      ]),
      ...left.map((one): [string, Registration] => [one.id, one]),
    ]);
    const there = new Map(this.#consul.registrations.map((one) => [one.id, one.address]));
    for (const id of there.keys()) if (!wanted.has(id)) this.#consul.deregister(id);
    for (const one of wanted.values()) if (there.get(one.id) !== one.address) this.#consul.register(one);
  }
}
