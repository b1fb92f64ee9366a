import { type CatalogSettings, hasPlaces } from '../config/catalog-settings.js';
import type { EpochSeconds } from '../domain/clock.js';
import { serviceKey } from '../domain/service-id.js';
import { type SloId, sloId } from '../domain/slo.js';
import type { Ledger } from '../ledger/ledger.js';
import type { CurrentSlos } from './current-slos.js';

/** A service that was last seen longer ago than this is known no longer, unless traffic shows it. */
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

/** Lets go of services that a restart would not know again: so do the things that were made for them, after their grace. */
export function forgetSilent(
  directory: Pick<CurrentSlos, 'all' | 'forget'>,
  ledger: Pick<Ledger, 'sightings'>,
  now: EpochSeconds,
): void {
  const sightings = ledger.sightings();
  const isKnown = (id: SloId): boolean => (sightings(id)?.last ?? now) >= now - forgottenAfterSeconds;
  const known = new Set(
    directory
      .all()
      .filter((slo) => isKnown(sloId(slo)))
      .map(({ service }) => serviceKey(service)),
  );
  directory.forget((service) => !known.has(serviceKey(service)));
}
