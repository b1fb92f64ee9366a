/** Tells an operator of a trouble when it begins and when it is over, and not in between: some are met at every request. */
export class Notices {
  readonly #say: (notice: string) => void;
  /** What is wrong now, by what it is wrong with. */
  readonly #open = new Map<string, string>();

  constructor(say: (notice: string) => void) {
    this.#say = say;
  }

  /**
   * Takes how something is doing now.
   *
   * @param trouble undefined while all is well; another trouble than before is told, too
   * @param healed what is said once it is over
   */
  report(about: string, trouble: string | undefined, healed: string): void {
    const before = this.#open.get(about);
    if (trouble === before) return;
    if (trouble === undefined) this.#open.delete(about);
    else this.#open.set(about, trouble);
    this.#say(trouble ?? healed);
  }
}
