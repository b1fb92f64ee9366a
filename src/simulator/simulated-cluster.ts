import { BackstageApi } from './backstage-api.js';
import { componentsOf } from './backstage-mesh.js';
import { ConsulApi } from './consul-api.js';
import { ConsulMesh } from './consul-mesh.js';
import { type FaultSet, FaultSwitchboard, type FaultSwitch, type FaultTimes } from './fault-switchboard.js';
import { KubernetesApi, type KubernetesFaults } from './kubernetes-api.js';
import { KubernetesMesh } from './kubernetes-mesh.js';
import { closeServer, listen } from './loopback.js';
import type { Mesh } from './mesh.js';
import { registryOf } from './mesh-registry.js';
import { podMarks } from './pod-marks.js';
import { RegistryEnvoys } from './registry-envoys.js';
import { type RegistryFault, registryFaultNames, RegistryFaults } from './registry-faults.js';

/** Where a cluster's API server is, and the registry in which its pods stand. */
export interface ClusterPlaces {
  readonly kubernetes: string;
  /** Undefined for a mesh without Consul. */
  readonly consul: { readonly url: string; readonly envoys: readonly string[] } | undefined;
  /** The Backstage in which some of its services stand. */
  readonly backstage: string;
}

const istioRules = '/apis/security.istio.io/v1/peerauthentications';

const minute = 60;
const halfHour = 30 * minute;

/** One trouble after the other, so that each is seen by itself: nobody judges zombies while everybody is missing. */
const usualTimes: readonly FaultTimes[] = [
  { name: 'zombie', first: 1.5 * minute, lasts: 5 * minute, every: halfHour },
  { name: 'reused-address', first: 7 * minute, lasts: 4 * minute, every: halfHour },
  { name: 'slow-sync', first: 12 * minute, lasts: 3 * minute, every: halfHour },
  { name: 'flapping', first: 16 * minute, lasts: 2 * minute, every: halfHour },
  { name: 'mass-deregistration', first: 22 * minute, lasts: 4 * minute, every: halfHour },
];

const owners = { shop: 'team-shop', payments: 'team-payments' };
/** Whom only Backstage names. */
const ownersByBackstage = { platform: 'team-platform' };

const tiers = { 'platform/notifications': 'best-effort' };

/** The cluster that a simulated mesh lives in: an API server, and a Consul where the mesh has one, with faults and their switches. */
export class SimulatedCluster {
  readonly faults: FaultSwitchboard;
  /** With nobody in it where the mesh has none. */
  readonly consul = new ConsulApi();
  readonly #mesh: Mesh;
  readonly #startedSeconds: number;
  readonly #api = new KubernetesApi(['/api/v1/pods', '/api/v1/services', '/api/v1/namespaces', istioRules]);
  readonly #backstage = new BackstageApi();
  readonly #pods: KubernetesMesh;
  readonly #registered: ConsulMesh;
  readonly #envoys: RegistryEnvoys;
  readonly #registryFaults: RegistryFaults;
  readonly #hasConsul: boolean;

  /**
   * @param name of the mesh, as the demo knows it
   * @param more what can go wrong with the mesh's control planes
   */
  constructor(name: string, mesh: Mesh, more: readonly FaultSet[] = []) {
    const { hasConsul, namespace, envoys } = registryOf(name);
    this.#mesh = mesh;
    this.#startedSeconds = mesh.nowSeconds;
    this.#pods = new KubernetesMesh(this.#api, mesh, {
      owners,
      tiers,
      startedSeconds: mesh.nowSeconds - 3 * 86_400,
      marks: podMarks(name, mesh.model.istioVersion),
      ...(namespace !== undefined && { namespace }),
    });
    for (const component of componentsOf(mesh.model.services, ownersByBackstage)) this.#backstage.put(component);
    this.#hasConsul = hasConsul;
    this.#registered = new ConsulMesh(this.consul, this.#pods);
    this.#envoys = new RegistryEnvoys(this.consul, envoys);
    this.#registryFaults = new RegistryFaults(this.#pods, this.#envoys);
    const own = { switches: this.#switches(), times: this.#hasConsul ? usualTimes : [] };
    const all = [own, ...more];
    this.faults = new FaultSwitchboard(
      all.flatMap(({ switches }) => switches),
      all.flatMap(({ times }) => times),
    );
  }

  async open(): Promise<ClusterPlaces> {
    const kubernetes = `http://127.0.0.1:${await listen(this.#api.server, 0)}`;
    const backstage = `http://127.0.0.1:${await listen(this.#backstage.server, 0)}`;
    if (!this.#hasConsul) return { kubernetes, consul: undefined, backstage };
    this.live();
    await this.#envoys.open();
    const url = `http://127.0.0.1:${await listen(this.consul.server, 0)}`;
    return { kubernetes, consul: { url, envoys: this.#envoys.addresses }, backstage };
  }

  async close(): Promise<void> {
    this.consul.close();
    const servers = [this.#api.server, this.#backstage.server, this.consul.server];
    await Promise.all([...servers.map(closeServer), this.#envoys.close()]);
  }

  /** Brings everything up to the moment of the mesh. */
  live(): void {
    const { nowSeconds } = this.#mesh;
    this.faults.live(nowSeconds - this.#startedSeconds);
    this.#pods.reconcile();
    if (!this.#hasConsul) return;
    this.#registered.reconcile(this.#registryFaults.deviations(nowSeconds));
    this.consul.tick(nowSeconds);
    this.#envoys.learn();
  }

  #switches(): readonly FaultSwitch[] {
    // Nobody is late where nobody follows.
    const names = registryFaultNames.filter((name) => name !== 'slow-sync' || this.#envoys.addresses.length > 0);
    const ofRegistry = names.map((name: RegistryFault) => ({
      name,
      set: (isOn: boolean) => this.#registryFaults.switch(name, isOn),
    }));
    const down = (api: { faults: { readonly status?: number } }) => (isOn: boolean) => {
      api.faults = isOn ? { status: 503 } : {};
    };
    const failing = new Set<KubernetesFaults>();
    const kubernetesFails = (faults: KubernetesFaults) => (isOn: boolean) => {
      if (isOn) failing.add(faults);
      else failing.delete(faults);
      const forbids = [...failing].flatMap((one) => one.forbids ?? []);
      this.#api.faults = Object.assign({}, ...failing, { forbids }) as KubernetesFaults;
      // Whoever follows begins anew, and meets what is wrong now.
      this.#api.dropWatches();
    };
    return [
      { name: 'kubernetes-down', set: kubernetesFails({ status: 503 }) },
      { name: 'kubernetes-forbids-pods', set: kubernetesFails({ forbids: ['/api/v1/pods'] }) },
      { name: 'kubernetes-forbids-rules', set: kubernetesFails({ forbids: [istioRules] }) },
      { name: 'backstage-down', set: down(this.#backstage) },
      ...(this.#hasConsul ? [...ofRegistry, { name: 'consul-down', set: down(this.consul) }] : []),
    ];
  }
}
