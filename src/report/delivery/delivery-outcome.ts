/** What became of one attempt to hand a letter over. */
export type DeliveryOutcome =
  | { readonly kind: 'sent' }
  /** For good: the same letter would be refused again. */
  | { readonly kind: 'refused'; readonly reason: string }
  | FailedAttempt;

/** It may go better another time. */
export interface FailedAttempt {
  readonly kind: 'failed';
  /** In the words of whoever failed; no secret. */
  readonly reason: string;
  /**
   * What is to be waited for.
   *
   * - `letter`: this letter; others may be taken. - `server`: the server; nobody else need ask it now. - `operator`: somebody
   * must change something, such as a password; asking often is of no use and may lock an account.
   */
  readonly waitsFor: 'letter' | 'server' | 'operator';
  /** It was handed over whole, and no answer came: they may have it. */
  readonly unanswered: boolean;
  /** What they asked for. */
  readonly retryAfterSeconds?: number;
}
