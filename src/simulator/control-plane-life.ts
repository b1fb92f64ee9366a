import type { IstioFleet } from './istio-fleet.js';
import type { Mesh } from './mesh.js';

/** Seconds from the start of the demo until a sidecar takes nothing any more, for how long, and from one time to the next. */
const stuck = { first: 180, lasts: 300, every: 900 };

/** Restarted by nobody since the last upgrade of the control plane. */
const forgotten = { service: 'refunds', version: '1.23.5' };

/** What goes wrong at the demo's control plane: one service was forgotten at the last upgrade, and one sidecar hangs at times. */
export class ControlPlaneLife {
  readonly #mesh: Mesh;
  readonly #fleet: IstioFleet;
  readonly #startedSeconds: number;

  constructor(mesh: Mesh, fleet: IstioFleet) {
    this.#mesh = mesh;
    this.#fleet = fleet;
    this.#startedSeconds = mesh.nowSeconds;
    for (const { name, service } of mesh.pods) {
      if (service.name === forgotten.service) fleet.setVersion(name, forgotten.version);
    }
  }

  /** Lets happen what is due. */
  live(): void {
    const { stale } = this.#fleet.sync.faults;
    stale.clear();
    const since = this.#mesh.nowSeconds - this.#startedSeconds - stuck.first;
    if (since < 0 || since % stuck.every >= stuck.lasts) return;
    const hanging = this.#mesh.pods.find(({ service }) => service.name === 'notifications');
    if (hanging) stale.add(hanging.name);
  }
}
