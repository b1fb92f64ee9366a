import type { EpochSeconds } from '../../domain/clock.js';

/** What leaves within this time leaves at once. */
const windowSeconds = 120;

/** Of a handful of instances a third is one rollout. */
const leastLost = 5;

/** What did not come back in this time was meant to go. */
const acceptedAfterSeconds = 3600;

/** How many there were, and since when they are missing. */
export interface MassLoss {
  readonly from: number;
  readonly since: EpochSeconds;
}

/** Whether so many instances have left at once that it is no rollout. */
export class MassDeregistration {
  readonly #ratio: number;
  #recent: { readonly at: EpochSeconds; readonly count: number }[] = [];
  #loss: MassLoss | undefined;

  /** @param ratio share of all, in (0, 1] */
  constructor(ratio: number) {
    this.#ratio = ratio;
  }

  /** Takes how many there are; undefined while all is well. */
  take(count: number, at: EpochSeconds): MassLoss | undefined {
    this.#recent = [...this.#recent.filter((one) => one.at > at - windowSeconds), { at, count }];
    if (this.#loss && (!this.#isLoss(this.#loss.from, count) || at - this.#loss.since > acceptedAfterSeconds)) {
      this.#loss = undefined;
      this.#recent = [{ at, count }];
    }
    const most = Math.max(...this.#recent.map((one) => one.count));
    if (!this.#loss && this.#isLoss(most, count)) this.#loss = { from: most, since: at };
    return this.#loss;
  }

  #isLoss(from: number, count: number): boolean {
    return from - count >= leastLost && (from - count) / from >= this.#ratio;
  }
}
