import type { ControlPlaneSettings } from '../../../src/config/control-planes.js';
import { EventLog } from '../../../src/simulator/event-log.js';
import { IstioFleet } from '../../../src/simulator/istio-fleet.js';
import { Mesh } from '../../../src/simulator/mesh.js';
import type { MeshModel } from '../../../src/simulator/mesh-model.js';
import { MeshServers } from '../../../src/simulator/mesh-servers.js';
import { smallMesh } from '../../simulator/small-mesh.js';
import { at, ObservedControlPlane, settingsOf } from '../observed-control-plane.js';

const start = 1_800_000_000;

/** Somebody changes the configuration so often. */
export const changeSeconds = 40;

interface IstioParts {
  readonly mesh: Mesh;
  readonly fleet: IstioFleet;
  readonly servers: MeshServers;
  readonly observed: ObservedControlPlane;
  readonly aheadSeconds: number;
}

/** A small mesh with two istiods, and a collector that lives in its time. */
export class ObservedIstio {
  readonly mesh: Mesh;
  readonly fleet: IstioFleet;
  readonly servers: MeshServers;
  readonly observed: ObservedControlPlane;
  readonly #aheadSeconds: number;

  private constructor({ mesh, fleet, servers, observed, aheadSeconds }: IstioParts) {
    this.mesh = mesh;
    this.fleet = fleet;
    this.servers = servers;
    this.observed = observed;
    this.#aheadSeconds = aheadSeconds;
  }

  /** @param aheadSeconds by how much the clock of istiod's machine is ahead of ours */
  static async start({
    model = {},
    settings = {},
    aheadSeconds = 0,
  }: {
    readonly model?: Partial<MeshModel>;
    readonly settings?: Partial<Omit<ControlPlaneSettings, 'instances'>> & {
      readonly access?: ControlPlaneSettings['instances']['access'];
    };
    readonly aheadSeconds?: number;
  } = {}): Promise<ObservedIstio> {
    const mesh = new Mesh(smallMesh({ requestsPerSecond: 0.01 }, model), start, 1, new EventLog().write);
    const fleet = new IstioFleet(mesh, { instances: 2, changeSeconds, dateSeconds: () => mesh.nowSeconds });
    await fleet.open();
    const servers = new MeshServers(mesh);
    await servers.reconcile();
    const groups = servers.targets().map(({ targets, labels }) => ({ targets, labels }));
    const { access = {}, ...own } = settings;
    const observed = new ObservedControlPlane(
      settingsOf({
        kind: 'istio',
        instances: { ...at(...fleet.addresses), access },
        proxies: { targets: [{ kind: 'static', groups }], scheme: 'http', access: {} },
        ...own,
      }),
      { now: start - aheadSeconds },
    );
    return new ObservedIstio({ mesh, fleet, servers, observed, aheadSeconds });
  }

  readonly live = (seconds: number): Promise<void> =>
    this.observed.lookFor(seconds, (now) => this.mesh.advance(now + this.#aheadSeconds));

  podOf(service: string): string {
    return this.mesh.pods.find((pod) => pod.service.name === service)!.name;
  }

  async close(): Promise<void> {
    this.observed.close();
    await Promise.all([this.fleet.close(), this.servers.close()]);
  }
}
