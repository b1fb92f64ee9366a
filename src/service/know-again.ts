import type { EpochSeconds } from '../domain/clock.js';
import type { Ledger } from '../ledger/ledger.js';
import type { CurrentSlos } from './current-slos.js';

/** A service that was last seen longer ago than this is not known again after a restart, unless traffic shows it. */
const forgottenAfterSeconds = 30 * 86_400;

/**
 * Shows a directory the services that the ledger has recent events of, so that a restart hides nobody who is silent now
 * and moves nobody to another mesh.
 */
export function knowAgain(directory: Pick<CurrentSlos, 'meet'>, ledger: Ledger, now: EpochSeconds): void {
  const sightings = ledger.sightings();
  for (const { id, epochs } of ledger.slos()) {
    const last = sightings(id)?.last;
    if (last === undefined || last < now - forgottenAfterSeconds) continue;
    const { slo } = epochs.at(-1)!;
    directory.meet(slo.service, slo.perspective, slo.mesh);
  }
}
