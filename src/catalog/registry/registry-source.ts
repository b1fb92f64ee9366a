import type { Clock } from '../../domain/clock.js';
import type { FindingSource, Look } from '../../domain/finding-source.js';
import type { KeptFinding } from '../../domain/finding.js';
import type { Catalog } from '../catalog.js';
import type { RegisteredInstance } from '../consul/consul-answers.js';
import { type ConsulPlace, namespaceOf } from '../consul/consul-place.js';
import type { KnownService } from '../service-facts.js';
import { RegistryHygiene } from './registry-hygiene.js';

interface RegistryParts {
  readonly place: ConsulPlace;
  readonly catalog: Pick<Catalog, 'services' | 'livePods'>;
  readonly clock: Pick<Clock, 'now'>;
  /** What goes on by the kept findings: an earlier run knew more. */
  readonly known: () => readonly KeptFinding[];
}

/** Looks whether a registry tells the truth: against live pods, and over time. */
export function registrySource({ place, catalog, clock, known }: RegistryParts): FindingSource {
  const { settings } = place;
  const { cluster, thresholds, owner, intervalSeconds } = settings;
  const name = `registry ${settings.name}`;
  let byName: ReadonlyMap<string, readonly KnownService[]> = new Map();
  const serviceOf = (instance: RegisteredInstance) => {
    const namespace = namespaceOf(instance);
    const called = byName.get(instance.service) ?? [];
    return called.find(({ id }) => namespace === undefined || id.namespace === namespace);
  };
  let hygiene: RegistryHygiene | undefined;
  return {
    name,
    everySeconds: Math.min(intervalSeconds, 15),
    look: () => {
      const { reading } = place;
      // An unreadable registry says nothing; a reading is looked at once, but ages go on.
      if (!reading || place.state.trouble) return Promise.resolve({ findings: [], judged: [], events: [] });
      byName = servicesByName(catalog.services().filter(({ id }) => id.cluster === cluster));
      hygiene ??= new RegistryHygiene(
        {
          registry: place.name,
          cluster,
          registryOwner: owner,
          thresholds,
          ownerOf: (instance) => serviceOf(instance)?.owner,
          namespaceOf: (instance) => serviceOf(instance)?.id.namespace,
        },
        formerAddresses(known(), place.name),
      );
      const look: Look = { ...hygiene.look(reading, catalog.livePods(cluster), clock.now()), events: [] };
      return Promise.resolve(look);
    },
  };
}

function servicesByName(services: readonly KnownService[]): ReadonlyMap<string, readonly KnownService[]> {
  const byName = new Map<string, KnownService[]>();
  for (const service of services) {
    const known = byName.get(service.id.name);
    if (known) known.push(service);
    else byName.set(service.id.name, [service]);
  }
  return byName;
}

function formerAddresses(findings: readonly KeptFinding[], registry: string): readonly string[] {
  return findings.flatMap(({ kind, subject }) => {
    const { address } = subject;
    if (kind !== 'ZombieRegistration' || subject['registry'] !== registry || address === undefined) return [];
    return [address.slice(0, address.lastIndexOf(':'))];
  });
}
