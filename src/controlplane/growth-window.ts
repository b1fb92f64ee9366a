/** Counters of one process at one moment, by any name that tells them apart. */
export type CounterValues = ReadonlyMap<string, number>;

interface Step {
  readonly since: number;
  readonly at: number;
  readonly grown: ReadonlyMap<string, number>;
}

/** How much counters have grown lately, over restarts too. */
export class GrowthWindow {
  readonly #windowSeconds: number;
  #last: { readonly at: number; readonly values: CounterValues } | undefined;
  #steps: Step[] = [];

  constructor(windowSeconds: number) {
    this.#windowSeconds = windowSeconds;
  }

  /** Takes what the counters are now; `at` is a moment of a clock that does not jump. */
  observe(at: number, values: CounterValues): void {
    const last = this.#last;
    this.#last = { at, values };
    if (!last) return;
    const grown = new Map<string, number>();
    for (const [name, value] of values) {
      const before = last.values.get(name);
      // A counter that appears has counted since then; one that fell began again.
      grown.set(name, before === undefined || value < before ? value : value - before);
    }
    this.#steps = [...this.#steps.filter((step) => step.at > at - this.#windowSeconds), { since: last.at, at, grown }];
  }

  /** How long the growth took; 0 before the second look. */
  get seconds(): number {
    const [first] = this.#steps;
    return first && this.#last ? this.#last.at - first.since : 0;
  }

  /** Since the beginning of the window, or since when it was first looked at; undefined before the second look. */
  get grown(): CounterValues | undefined {
    if (this.#steps.length === 0) return undefined;
    const sums = new Map<string, number>();
    for (const { grown } of this.#steps)
      for (const [name, value] of grown) sums.set(name, (sums.get(name) ?? 0) + value);
    return sums;
  }
}
