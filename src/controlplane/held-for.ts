/** Since when things have been as they are without a break, by a clock that does not jump. */
export class HeldFor {
  #since = new Map<string, number>();

  /** Takes what holds now: what is not named has ended, unless nobody could see it. */
  look(now: number, keys: Iterable<string>, isUnseen: (key: string) => boolean = () => false): void {
    const before = this.#since;
    this.#since = new Map([...keys].map((key) => [key, before.get(key) ?? now]));
    for (const [key, since] of before) if (!this.#since.has(key) && isUnseen(key)) this.#since.set(key, since);
  }

  /** For how long; 0 for what does not hold. */
  seconds(key: string, now: number): number {
    const since = this.#since.get(key);
    return since === undefined ? 0 : now - since;
  }
}
