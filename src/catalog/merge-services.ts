import type { ServiceId } from '../domain/service-id.js';
import { serviceKey } from '../domain/service-id.js';
import { wellFormed } from '../domain/well-formed.js';
import { type ClusterAliases, withOwnClusters } from './cluster-names.js';
import { folded } from './folded-name.js';
import type { KnownService, PlaceInstance, ServiceFacts } from './service-facts.js';

/** What one place tells. */
export interface PlaceFacts {
  readonly place: string;
  readonly facts: readonly ServiceFacts[];
}

/** One place's facts about one service. */
interface Told {
  readonly place: string;
  readonly facts: ServiceFacts;
}

/**
 * What all places together know: a service known from several is one service.
 *
 * Of every fact the first place that tells it counts. Whole names (cluster, namespace, name) make services; facts with a part of
 * a name go to all services that they fit, and make none, but for
 * those that say in which namespace a service is that nobody else knows. Of instances known from several places the one with a proxy's
 * facts counts, by address.
 *
 * Names that differ in nothing but case, the way in which accents are written, blanks around them or dots at their end are one: Consul and
 * Backstage make no difference either. It is written as who sees its instances writes it, for so does traffic. Names of clusters are
 * compared letter by letter, see {@link withOwnClusters}.
 *
 * @param places those whose word counts most first
 */
export function mergeServices(
  places: readonly PlaceFacts[],
  aliases: ClusterAliases = new Map(),
): ReadonlyMap<string, KnownService> {
  const named = places.map(({ facts }) => facts.filter(({ name }) => folded(name) !== ''));
  const own = withOwnClusters(named, aliases).map((facts, index) => ({ place: places[index]!.place, facts }));
  const told = new Map<string, Known>();
  const byName = new Map<string, Known[]>();
  const know = (id: ServiceId): void => {
    const key = foldedKey(id);
    if (told.has(key)) return;
    const name = folded(id.name);
    const known = { id, namespace: folded(id.namespace), facts: [] };
    told.set(key, known);
    byName.set(name, [...(byName.get(name) ?? []), known]);
  };
  const all = own.flatMap(({ facts }) => facts).toSorted((a, b) => sight(b) - sight(a));
  for (const { cluster, namespace, name } of all) if (cluster && namespace) know({ cluster, namespace, name });
  for (const { cluster, namespace, name, elsewhere } of all) {
    if (!cluster || namespace || !elsewhere) continue;
    const isKnown = byName.get(folded(name))?.some((known) => known.id.cluster === cluster);
    if (!isKnown) know({ cluster, namespace: elsewhere, name });
  }
  for (const { place, facts } of own) {
    for (const one of facts) {
      const [cluster, namespace] = [one.cluster, folded(one.namespace ?? '')];
      for (const known of byName.get(folded(one.name)) ?? []) {
        const fits = (!cluster || cluster === known.id.cluster) && (!namespace || namespace === known.namespace);
        if (fits) known.facts.push({ place, facts: one });
      }
    }
  }
  return new Map([...told.values()].map(({ id, facts }) => [serviceKey(id), merged(id, facts)]));
}

interface Known {
  readonly id: ServiceId;
  /** As {@link folded}. */
  readonly namespace: string;
  readonly facts: Told[];
}

/** How well a place sees a service: Kubernetes whether it can be called, Consul its instances, others its name. */
function sight({ isCallable, instances }: ServiceFacts): number {
  return (isCallable === undefined ? 0 : 2) + (instances === undefined ? 0 : 1);
}

function foldedKey({ cluster, namespace, name }: ServiceId): string {
  return serviceKey({ cluster, namespace: folded(namespace), name: folded(name) });
}

function merged(id: ServiceId, told: readonly Told[]): KnownService {
  const first = <Key extends keyof ServiceFacts>(key: Key): ServiceFacts[Key] | undefined =>
    // The more special word of one place goes before its general one.
    bySpecial(told).find(({ facts }) => facts[key] !== undefined)?.facts[key];
  const owner = first('owner');
  return {
    id,
    owner: owner === undefined ? undefined : wellFormed(owner),
    tier: first('tier'),
    system: first('system'),
    mesh: first('mesh'),
    wanted: first('wanted'),
    actual: first('actual'),
    isCallable: isCallable(told),
    instances: mergedInstances(told),
    places: [...new Set(told.map(({ place }) => place))].sort(),
  };
}

/** Whoever sees its instances knows whether anybody can call them; who only names a service does not. */
function isCallable(told: readonly Told[]): boolean {
  const seeing = told.filter(({ facts }) => facts.isCallable !== undefined || facts.instances !== undefined);
  return seeing.length === 0 || seeing.some(({ facts }) => facts.isCallable !== false);
}

/** In the order of places; within one, whole names first. */
function bySpecial(told: readonly Told[]): readonly Told[] {
  const order = [...new Set(told.map(({ place }) => place))];
  const weight = ({ place, facts }: Told): number =>
    order.indexOf(place) * 4 + (facts.cluster ? 0 : 1) + (facts.namespace ? 0 : 2);
  return told.toSorted((a, b) => weight(a) - weight(b));
}

function mergedInstances(told: readonly Told[]): readonly PlaceInstance[] {
  const seen = new Map<string, PlaceInstance>();
  for (const { facts } of told) {
    for (const instance of facts.instances ?? []) {
      const key = instance.address ?? instance.name;
      const known = seen.get(key);
      if (!known || (instance.hasProxy && !known.hasProxy)) seen.set(key, instance);
    }
  }
  return [...seen.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
