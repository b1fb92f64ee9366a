import type { Clock } from '../domain/clock.js';

/** The clocks of this machine. */
export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  monotonic: () => performance.now() / 1000,
};
