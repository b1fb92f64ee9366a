import type { Mesh } from './mesh.js';
import type { ServiceKey } from './mesh-model.js';

/** A version that takes the place of another, again and again. */
interface Rollout {
  readonly service: ServiceKey;
  readonly from: string;
  readonly to: string;
  /** Seconds after the start of the demo, and from one time to the next. */
  readonly first: number;
  readonly every: number;
}

const hour = 3600;

/**
 * What is rolled out in the demo: a version of `recommendations` that fails from its first requests on, taken back nine minutes
 * later ({@link demoMesh} has it fail meanwhile), and one of `cart` back and forth, at which nothing fails.
 */
const rollouts: readonly Rollout[] = [
  { service: 'shop/recommendations', from: 'v3', to: 'v4', first: 50, every: 3 * hour },
  { service: 'shop/recommendations', from: 'v4', to: 'v3', first: 590, every: 3 * hour },
  { service: 'shop/cart', from: 'v1', to: 'v2', first: 330, every: hour },
  { service: 'shop/cart', from: 'v2', to: 'v1', first: 330 + hour / 2, every: hour },
];

/** Rolls out what is due; pods of the new version come before those of the old one go. */
export class DemoDeploys {
  readonly #mesh: Mesh;
  readonly #due: { readonly rollout: Rollout; next: number }[];

  constructor(mesh: Mesh) {
    this.#mesh = mesh;
    this.#due = rollouts.map((rollout) => ({ rollout, next: mesh.nowSeconds + rollout.first }));
  }

  /** Lets happen what is due; true when pods have come or gone. */
  live(): boolean {
    const { nowSeconds } = this.#mesh;
    const due = this.#due.filter(({ next }) => next <= nowSeconds);
    for (const one of due) {
      one.next += one.rollout.every;
      this.#mesh.roll(one.rollout.service, one.rollout.from, one.rollout.to);
    }
    return due.length > 0;
  }
}
