import { type CatalogSettings, hasPlaces } from '../config/catalog-settings.js';
import type { Config } from '../config/config.js';
import type { EpochSeconds } from '../domain/clock.js';
import { serviceKey } from '../domain/service-id.js';
import { type SloId, sloId } from '../domain/slo.js';
import type { Ledger } from '../ledger/ledger.js';
import { CurrentSlos } from './current-slos.js';

/** A service that was last seen longer ago than this is known no longer, unless traffic shows it. */
const forgottenAfterSeconds = 30 * 86_400;

/** The SLOs of the services that files declare, and of those that a ledger has seen lately. */
export function slosKnownTo(
  ledger: Ledger,
  { slos, catalog }: Pick<Config, 'slos' | 'catalog'>,
  now: EpochSeconds,
): CurrentSlos {
  const current = new CurrentSlos(slos);
  knowAgain(current, ledger, catalog, now);
  return current;
}

/**
 * Shows a directory the services that the ledger has recent events of, so that a restart hides nobody who is silent now
 * and moves nobody to another mesh, and what the catalogue has said of them, so that nobody has another owner or promises less until it
 * is read again.
 */
function knowAgain(
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
