/** Since when things have been as they are without a break, by a clock that does not jump. */
export class HeldFor {
  #since = new Map<string, number>();

  /** Takes what holds now: what is not named has ended. */
  look(now: number, keys: Iterable<string>): void {
    const before = this.#since;
    this.#since = new Map([...keys].map((key) => [key, before.get(key) ?? now]));
  }

  /** For how long; 0 for what does not hold. */
  seconds(key: string, now: number): number {
    const since = this.#since.get(key);
    return since === undefined ? 0 : now - since;
  }
}
