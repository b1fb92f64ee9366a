import type { Mesh } from './mesh.js';
import { type Random, seededRandom } from './random.js';

/** Seconds from the start of the demo to each kind of event, and from one to the next. */
const restart = { first: 240, every: 600 };
const replacement = { first: 420, every: 1260 };

/** What happens to the pods of the demo: one restarts every ten minutes, one is replaced every twenty. */
export class DemoLife {
  readonly #mesh: Mesh;
  readonly #random: Random;
  #nextRestart: number;
  #nextReplacement: number;

  constructor(mesh: Mesh, seed: number) {
    this.#mesh = mesh;
    this.#random = seededRandom(seed);
    this.#nextRestart = mesh.nowSeconds + restart.first;
    this.#nextReplacement = mesh.nowSeconds + replacement.first;
  }

  /** Lets happen what is due; true when pods have come or gone. */
  live(): boolean {
    const { nowSeconds } = this.#mesh;
    if (nowSeconds >= this.#nextRestart) {
      this.#nextRestart = nowSeconds + restart.every;
      this.#mesh.restart(this.#anyPod());
    }
    if (nowSeconds < this.#nextReplacement) return false;
    this.#nextReplacement = nowSeconds + replacement.every;
    this.#mesh.replace(this.#anyPod());
    return true;
  }

  #anyPod(): string {
    const { pods } = this.#mesh;
    return pods[Math.floor(this.#random() * pods.length)]!.name;
  }
}
