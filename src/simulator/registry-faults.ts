import type { Registration } from './consul-api.js';
import type { RegistryDeviations } from './consul-mesh.js';
import type { ClusterPod, KubernetesMesh } from './kubernetes-mesh.js';
import type { RegistryEnvoys } from './registry-envoys.js';

/** What can be wrong with a registry. */
export const registryFaultNames = ['zombie', 'reused-address', 'slow-sync', 'flapping', 'mass-deregistration'] as const;

export type RegistryFault = (typeof registryFaultNames)[number];

/** A registration that flaps comes or goes this often. */
const flapSeconds = 8;

/** An address that no pod of a cluster ever gets. */
const nobodysAddress = '10.1.255.7';

/** Services of the demo that each fault hits. */
const hit = { zombie: 'cart', reused: 'search', reusedBy: 'refunds', flapping: 'invoices', late: 'catalogue' };

/** Which faults of a registry are switched on, and what of it deviates because of them. */
export class RegistryFaults {
  readonly #on = new Set<RegistryFault>();
  readonly #cluster: Pick<KubernetesMesh, 'pods'>;
  readonly #envoys: Pick<RegistryEnvoys, 'isCutOff'>;

  constructor(cluster: Pick<KubernetesMesh, 'pods'>, envoys: Pick<RegistryEnvoys, 'isCutOff'>) {
    this.#cluster = cluster;
    this.#envoys = envoys;
  }

  switch(fault: RegistryFault, isOn: boolean): void {
    if (isOn) this.#on.add(fault);
    else this.#on.delete(fault);
    this.#envoys.isCutOff = this.#on.has('slow-sync');
  }

  /** What the registry says wrongly at a moment. */
  deviations(nowSeconds: number): RegistryDeviations {
    const left: Registration[] = [];
    const missing = new Set<string>();
    if (this.#on.has('zombie')) left.push(leftBehind(hit.zombie, nobodysAddress));
    const [reuser] = this.#podsOf(hit.reusedBy);
    if (this.#on.has('reused-address') && reuser) left.push(leftBehind(hit.reused, reuser.address));
    const [flapping] = this.#podsOf(hit.flapping);
    const isAway = Math.floor(nowSeconds / flapSeconds) % 2 === 0;
    if (this.#on.has('flapping') && flapping && isAway) missing.add(flapping.name);
    const [late] = this.#podsOf(hit.late);
    if (this.#on.has('slow-sync') && late) missing.add(late.name);
    if (this.#on.has('mass-deregistration')) {
      for (const [index, { name }] of this.#cluster.pods.entries()) if (index % 5 < 2) missing.add(name);
    }
    return { left, missing };
  }

  #podsOf(service: string): readonly ClusterPod[] {
    return this.#cluster.pods.filter((pod) => pod.service.name === service);
  }
}

/** What an agent that was killed did not take back. */
function leftBehind(service: string, address: string): Registration {
  const id = `${service}-v1-7d9c5b6f4x-zk2vp`;
  const meta = { 'pod-name': id, 'external-source': 'kubernetes' };
  return { node: 'node-2', id, service, address, port: 8080, meta };
}
