import type { ServiceId } from '../domain/service-id.js';
import { serviceKey } from '../domain/service-id.js';
import { wellFormed } from '../domain/well-formed.js';
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
 * @param places those whose word counts most first
 */
export function mergeServices(places: readonly PlaceFacts[]): ReadonlyMap<string, KnownService> {
  const told = new Map<string, { readonly id: ServiceId; readonly facts: Told[] }>();
  const byName = new Map<string, string[]>();
  const know = (id: ServiceId): void => {
    const key = serviceKey(id);
    if (told.has(key)) return;
    told.set(key, { id, facts: [] });
    byName.set(id.name, [...(byName.get(id.name) ?? []), key]);
  };
  const all = places.flatMap(({ facts }) => facts).filter(({ name }) => name !== '');
  for (const { cluster, namespace, name } of all) if (cluster && namespace) know({ cluster, namespace, name });
  for (const { cluster, namespace, name, elsewhere } of all) {
    if (!cluster || namespace || !elsewhere) continue;
    const isKnown = byName.get(name)?.some((key) => told.get(key)!.id.cluster === cluster);
    if (!isKnown) know({ cluster, namespace: elsewhere, name });
  }
  for (const { place, facts } of places) {
    for (const one of facts) {
      for (const key of byName.get(one.name) ?? []) {
        const service = told.get(key)!;
        if (fits(one, service.id)) service.facts.push({ place, facts: one });
      }
    }
  }
  return new Map([...told].map(([key, { id, facts }]) => [key, merged(id, facts)]));
}

function fits({ cluster, namespace }: ServiceFacts, id: ServiceId): boolean {
  return (!cluster || cluster === id.cluster) && (!namespace || namespace === id.namespace);
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
