import { type CatalogSettings, hasPlaces } from '../config/catalog-settings.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { Ledger } from '../ledger/ledger.js';
import type { CurrentSlos } from './current-slos.js';

/** A service that was last seen longer ago than this is not known again after a restart, unless traffic shows it. */
const forgottenAfterSeconds = 30 * 86_400;

/**
 * Shows a directory the services that the ledger has recent events of, so that a restart hides nobody who is silent now
 * and moves nobody to another mesh, and what the catalogue has said of them, so that nobody has another owner or promises less until it
 * is read again.
 */
export function knowAgain(
  directory: Pick<CurrentSlos, 'meet' | 'remember'>,
  ledger: Ledger,
  catalog: CatalogSettings,
  now: EpochSeconds,
): void {
  const sightings = ledger.sightings();
  const known = ledger.slos().flatMap(({ id, epochs }) => {
    const last = sightings(id)?.last;
    return last === undefined || last < now - forgottenAfterSeconds ? [] : [epochs.at(-1)!.slo];
  });
  if (hasPlaces(catalog)) directory.remember(known.map(({ service, owner, tier }) => ({ id: service, owner, tier })));
  for (const { service, perspective, mesh } of known) directory.meet(service, perspective, mesh);
}
