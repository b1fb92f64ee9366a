import type { Clock } from '../../src/domain/clock.js';

/** A clock that tests move themselves. */
export class TestClock implements Clock {
  #now: number;
  #monotonic = 1000;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Lets time pass, on both clocks. */
  pass(seconds: number): void {
    this.#now += seconds;
    this.#monotonic += seconds;
  }

  /** Sets the wall clock forward or back; the other clock does not notice. */
  jump(seconds: number): void {
    this.#now += seconds;
  }
}
