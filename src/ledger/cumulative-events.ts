import type { SliceEvents } from '../domain/time-slices.js';
import type { TimeRange } from '../domain/window.js';

/** Events that became known at one moment. */
interface EventsAt extends SliceEvents {
  readonly at: number;
}

/** Running sums of events: what lies between any two moments, without adding it up again. */
export class CumulativeEvents {
  readonly #at: readonly number[];
  /** Sums of everything before the position of the same number. */
  readonly #total: Float64Array;
  readonly #bad: Float64Array;

  /** @param events in the order of time */
  constructor(events: readonly EventsAt[]) {
    this.#at = events.map(({ at }) => at);
    this.#total = new Float64Array(events.length + 1);
    this.#bad = new Float64Array(events.length + 1);
    for (const [index, { total, bad }] of events.entries()) {
      this.#total[index + 1] = this.#total[index]! + total;
      this.#bad[index + 1] = this.#bad[index]! + bad;
    }
  }

  /** Those with `from <= at < to`, as slots count that begin in a stretch. */
  beginningIn({ from, to }: TimeRange): SliceEvents {
    return this.#between(this.#countBefore(from), this.#countBefore(to));
  }

  /** Those with `from < at <= to`, as gaps count that end in a stretch. */
  endingIn({ from, to }: TimeRange): SliceEvents {
    return this.#between(this.#countUpTo(from), this.#countUpTo(to));
  }

  #between(from: number, to: number): SliceEvents {
    return { total: this.#total[to]! - this.#total[from]!, bad: this.#bad[to]! - this.#bad[from]! };
  }

  #countBefore(moment: number): number {
    return this.#count((at) => at < moment);
  }

  #countUpTo(moment: number): number {
    return this.#count((at) => at <= moment);
  }

  /** How many of the first positions the test accepts; it accepts no later one. */
  #count(accepts: (at: number) => boolean): number {
    let low = 0;
    let high = this.#at.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (accepts(this.#at[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
