/**
 * Bytes that all bodies in flight may hold together.
 *
 * Every body may hold `freeBytes` without asking, so that ordinary targets never notice a few huge ones; what exceeds
 * that is taken from one common budget, and the body that finds it empty fails alone.
 */
export class ByteBudget {
  readonly freeBytes: number;
  #left: number;

  constructor(freeBytes: number, commonBytes: number) {
    this.freeBytes = freeBytes;
    this.#left = commonBytes;
  }

  /** Whether a body may grow from one size to another; if so, its bytes are taken. */
  take(fromBytes: number, toBytes: number): boolean {
    const wanted = this.#beyondFree(toBytes) - this.#beyondFree(fromBytes);
    if (wanted > this.#left) return false;
    this.#left -= wanted;
    return true;
  }

  /** Gives back what a body of this size has taken. */
  release(bytes: number): void {
    this.#left += this.#beyondFree(bytes);
  }

  #beyondFree(bytes: number): number {
    return Math.max(0, bytes - this.freeBytes);
  }
}
