/** Seconds since the Unix epoch, UTC; may have a fraction. */
export type EpochSeconds = number;

/** Where a part gets the time from; tests pass one that they move themselves. */
export interface Clock {
  /** The wall clock. It may jump. */
  now(): EpochSeconds;
  /** A clock that never jumps, from an arbitrary origin; for the time between two scrapes. */
  monotonic(): number;
}

/** The newest whole minute that had begun. */
export function wholeMinute(at: EpochSeconds): EpochSeconds {
  return Math.floor(at / 60) * 60;
}
