import { ConsulServers } from '../../../src/simulator/consul-servers.js';
import { EnvoyControlFleet } from '../../../src/simulator/envoy-control-fleet.js';
import { IstioFleet } from '../../../src/simulator/istio-fleet.js';
import { Linkerd1Fleet } from '../../../src/simulator/linkerd1-fleet.js';
import { Linkerd2Fleet } from '../../../src/simulator/linkerd2-fleet.js';
import type { Mesh } from '../../../src/simulator/mesh.js';
import type { DiscoveredTarget } from '../../../src/simulator/mesh-servers.js';
import type { ControlPlaneKind } from '../../../src/packs/control-plane-pack.js';
import { loadControlPlanePacks } from '../../../src/packs/load-control-plane-packs.js';

/** Lists of a control plane by what a configuration calls them. */
type Lists = Readonly<Partial<Record<'instances' | 'proxies' | 'controllers', readonly DiscoveredTarget[]>>>;

/** A control plane of every kind, each with something wrong. */
export class WatchedControlPlanes {
  readonly #istio: IstioFleet;
  readonly #linkerd2: Linkerd2Fleet;
  readonly #linkerd1: Linkerd1Fleet;
  readonly #envoyControl: EnvoyControlFleet;
  readonly #consul: ConsulServers;

  /** @param present brings the mesh up to the moment of a scrape */
  constructor(mesh: Mesh, present: () => void) {
    const nowSeconds = (): number => {
      present();
      return mesh.nowSeconds;
    };
    const pods = mesh.pods.map(({ name, service }) => ({ name, namespace: service.namespace }));
    this.#istio = new IstioFleet(mesh, { instances: 2, beforeAnswer: present, changeSeconds: 60 });
    this.#linkerd2 = new Linkerd2Fleet(nowSeconds, pods);
    this.#linkerd1 = new Linkerd1Fleet(nowSeconds, ['node-1', 'node-2']);
    this.#envoyControl = new EnvoyControlFleet(nowSeconds, { pods, changeSeconds: 60 });
    this.#consul = new ConsulServers(nowSeconds, 3);
    this.#goWrong(pods[0]!.name, mesh.nowSeconds);
  }

  /** Everything that boards show of trouble, so that nothing of it is silent. */
  #goWrong(pod: string, nowSeconds: number): void {
    this.#istio.sync.faults.refusing.set(pod, 'no such route');
    this.#istio.setVersion(pod, '1.22.0');
    for (const { faults } of this.#istio.istiods) {
      faults.unsigningSince = nowSeconds;
      faults.unreachingSince = nowSeconds;
    }
    this.#linkerd2.faults.failingSince = nowSeconds;
    this.#linkerd2.faults.versions.set(pod, '2.350.0');
    this.#linkerd1.faults.stale.add('node-2');
    this.#envoyControl.faults.failingSince = nowSeconds;
    this.#envoyControl.faults.refusing.add(pod);
    this.#envoyControl.faults.lost.add(pod);
    this.#consul.faults.blockingSince = nowSeconds;
  }

  async open(): Promise<void> {
    await this.#istio.open();
    await this.#linkerd2.open();
    await this.#linkerd1.open();
    await this.#envoyControl.open();
    await this.#consul.open();
  }

  /** What a Prometheus scrapes, and meshslo asks. `proxies` of Istio are the mesh's own, and scraped as such. */
  lists(): Readonly<Record<ControlPlaneKind, Lists>> {
    const of = (targets: readonly string[], labels = {}): readonly DiscoveredTarget[] => [{ targets, labels }];
    return {
      // As the relabelling that comes with Istio names it.
      istio: { instances: of(this.#istio.addresses, { app: 'istiod' }) },
      linkerd2: { instances: of(this.#linkerd2.addresses), proxies: this.#linkerd2.targets() },
      linkerd1: {
        instances: of(this.#linkerd1.addresses),
        proxies: this.#linkerd1.targets(),
        controllers: of(this.#linkerd1.controllers),
      },
      'envoy-control': { instances: of(this.#envoyControl.addresses), proxies: this.#envoyControl.targets() },
      consul: { instances: of(this.#consul.addresses) },
    };
  }

  /** Where instances print their metrics, and their proxies. */
  pathOf(kind: ControlPlaneKind, list: 'instances' | 'proxies'): string {
    if (list === 'proxies' && kind === 'envoy-control') return '/stats/prometheus';
    return loadControlPlanePacks().get(kind)!.target.path;
  }

  async close(): Promise<void> {
    const all = [this.#istio, this.#linkerd2, this.#linkerd1, this.#envoyControl, this.#consul];
    await Promise.all(all.map((one) => one.close()));
  }
}
