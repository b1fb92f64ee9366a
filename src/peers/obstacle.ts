/** Why a promise of another tool, or a part of it, cannot be taken over; a diagnostic that has no place yet. */
export interface Obstacle {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
  /** What the reader can do about it. */
  readonly hint?: string | undefined;
  /** The words of a query that are meant; they may be written otherwise there. */
  readonly near?: string | undefined;
}

/** What was read, or why it could not be. */
export type Reading<T extends object> = T | Obstacle;

/** Whether something could not be read. */
export function isObstacle<T extends object>(reading: Reading<T>): reading is Obstacle {
  return 'code' in reading && 'message' in reading;
}
