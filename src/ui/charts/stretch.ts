/** A stretch of time, in seconds since the epoch. */
export interface Stretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}
