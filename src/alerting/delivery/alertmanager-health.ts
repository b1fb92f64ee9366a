import type { EpochSeconds } from '../../domain/clock.js';
import type { Failure } from '../../domain/failure.js';

/** How one Alertmanager takes what it is told. */
export interface AlertmanagerHealth {
  /** Its address, as the configuration has it. */
  readonly url: string;
  /** When it last took something; undefined where it never did since we began. */
  readonly lastSuccessAt: EpochSeconds | undefined;
  /** Why the last attempt failed; undefined while it takes what it is told. */
  readonly failure: Pick<Failure, 'code' | 'message' | 'hint'> | undefined;
  /** Alerts that it does not take whatever happens, and what it says of one of them. */
  readonly refused: { readonly alerts: number; readonly reason: string } | undefined;
  /** Since when it fails or refuses; undefined while all is well. */
  readonly troubleSince: EpochSeconds | undefined;
  /** How long that is by a clock that never jumps; 0 while all is well. */
  readonly troubleSeconds: number;
  /** Alerts of which it knows nothing yet. */
  readonly waiting: number;
}

/** What is wrong with it, in a sentence without its name; undefined while nothing is. */
export function troubleOf({ failure, refused }: AlertmanagerHealth): string | undefined {
  if (failure) return failure.message;
  if (!refused) return undefined;
  const alerts = refused.alerts === 1 ? 'one alert' : `${refused.alerts} alerts`;
  return `it does not take ${alerts}${refused.reason === '' ? '' : `: ${refused.reason}`}`;
}
