/** Events of an SLI. */
export interface Events {
  readonly total: number;
  readonly bad: number;
}

/** Events of one SLI by cells of time, from the beginning of a span on; sums of any stretch of cells cost nothing. */
export class EventBook {
  readonly #fromSeconds: number;
  readonly #cellSeconds: number;
  readonly #total: Float64Array;
  readonly #bad: Float64Array;
  #summed = false;

  constructor(fromSeconds: number, cellSeconds: number, cells: number) {
    this.#fromSeconds = fromSeconds;
    this.#cellSeconds = cellSeconds;
    // One more, so that prefix sums have their zero.
    this.#total = new Float64Array(cells + 1);
    this.#bad = new Float64Array(cells + 1);
  }

  add(cell: number, total: number, bad: number): void {
    this.#total[cell + 1]! += total;
    this.#bad[cell + 1]! += bad;
  }

  /** The events in `(fromSeconds, toSeconds]`; both are edges of cells, and what is outside of the span has none. */
  between(fromSeconds: number, toSeconds: number): Events {
    this.#sum();
    const [from, to] = [this.#edge(fromSeconds), this.#edge(toSeconds)];
    return { total: this.#total[to]! - this.#total[from]!, bad: this.#bad[to]! - this.#bad[from]! };
  }

  #edge(seconds: number): number {
    const cell = (seconds - this.#fromSeconds) / this.#cellSeconds;
    if (!Number.isInteger(cell)) throw new RangeError(`${seconds} is no edge of a cell`);
    return Math.min(Math.max(cell, 0), this.#total.length - 1);
  }

  #sum(): void {
    if (this.#summed) return;
    this.#summed = true;
    for (const sums of [this.#total, this.#bad]) {
      for (let cell = 1; cell < sums.length; cell++) sums[cell]! += sums[cell - 1]!;
    }
  }
}
