import { DemoDeploys } from './demo-deploys.js';
import type { Mesh } from './mesh.js';
import { type Random, seededRandom } from './random.js';

/** Seconds from the start of the demo to each kind of event, and from one to the next. */
const restart = { first: 240, every: 600 };
const replacement = { first: 420, every: 1260 };

/** The service that has no proxy at the start of the demo, and when it gets one. */
const injection = { service: 'platform/mail-relay', first: 720 };

/**
 * What happens to the pods of the demo: deploys, one service that gets its proxies, and one pod restarts every ten minutes, one is
 * replaced every twenty.
 */
export class DemoLife {
  readonly #mesh: Mesh;
  readonly #random: Random;
  readonly #deploys: DemoDeploys;
  #nextRestart: number;
  #nextReplacement: number;
  #injection: number;

  constructor(mesh: Mesh, seed: number) {
    this.#mesh = mesh;
    this.#random = seededRandom(seed);
    this.#deploys = new DemoDeploys(mesh);
    this.#nextRestart = mesh.nowSeconds + restart.first;
    this.#nextReplacement = mesh.nowSeconds + replacement.first;
    this.#injection = mesh.nowSeconds + injection.first;
  }

  /** Lets happen what is due; true when pods have come or gone. */
  live(): boolean {
    const { nowSeconds } = this.#mesh;
    if (nowSeconds >= this.#nextRestart) {
      this.#nextRestart = nowSeconds + restart.every;
      this.#mesh.restart(this.#anyPod());
    }
    const isChanged = [this.#deploys.live(), this.#inject(nowSeconds)].includes(true);
    if (nowSeconds < this.#nextReplacement) return isChanged;
    this.#nextReplacement = nowSeconds + replacement.every;
    this.#mesh.replace(this.#anyPod());
    return true;
  }

  #inject(nowSeconds: number): boolean {
    if (nowSeconds < this.#injection) return false;
    this.#injection = Infinity;
    this.#mesh.inject(injection.service);
    return true;
  }

  #anyPod(): string {
    const { pods } = this.#mesh;
    return pods[Math.floor(this.#random() * pods.length)]!.name;
  }
}
