import type { ServiceId } from '../domain/service-id.js';
import { serviceKey } from '../domain/service-id.js';
import { type Perspective, type Slo, type SloId, sloId } from '../domain/slo.js';
import type { SloDirectory } from '../domain/source.js';
import { fitsPattern } from './file-patterns.js';
import { completeTerms } from './slo-rules.js';
import type { MatchRule, ServiceRules, SloChange, SloRules, SloTerms } from './slo-rules.js';

/** Services that a catalogue takes in: their names come from the network. */
const mostServices = 50_000;

/** A service that is declared in a file, or was met in traffic. */
interface KnownService {
  readonly id: ServiceId;
  readonly slos: readonly Slo[];
  /** The server's SLOs as its clients see them; their names tell so, and they never mix with the server's own. */
  readonly clientSlos: readonly Slo[];
  readonly seen: Set<Perspective>;
}

/**
 * Which SLOs there are: the defaults of every service's tier, changed and joined by what the files say.
 *
 * A service exists from when a file names it (with its cluster, or where there is only one) or traffic shows it. An SLO whose
 * perspective nobody chose looks through the server's proxy. While only clients' proxies have seen the service it is there
 * as `client-<name>` instead, and gone as soon as the server's proxy shows up.
 */
export class SloCatalogue implements SloDirectory {
  readonly #rules: SloRules;
  readonly #services = new Map<string, KnownService>();
  #version = 1;
  #refused = 0;

  constructor(rules: SloRules) {
    this.#rules = rules;
    for (const { cluster, namespace, name } of [...rules.services.values()].flat()) {
      const [only, ...others] = rules.clusters;
      const at = cluster ?? (others.length === 0 ? only : undefined);
      if (at !== undefined) this.#know({ cluster: at, namespace, name });
    }
  }

  get version(): number {
    return this.#version;
  }

  /** Services that were met after the catalogue was full; they have no SLOs. */
  get refusedServices(): number {
    return this.#refused;
  }

  slosOf(id: ServiceId, perspective: Perspective): readonly Slo[] {
    const service = this.#know(id);
    if (service === undefined) return [];
    this.#see(service, perspective);
    return slosNow(service).filter((slo) => slo.perspective === perspective);
  }

  has(slo: SloId): boolean {
    const service = this.#services.get(slo.slice(0, slo.lastIndexOf('/')));
    return service !== undefined && slosNow(service).some((one) => sloId(one) === slo);
  }

  /** Every SLO of every known service, sorted by service. */
  all(): readonly Slo[] {
    return [...this.#services.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, service]) => slosNow(service));
  }

  #know(id: ServiceId): KnownService | undefined {
    const key = serviceKey(id);
    const known = this.#services.get(key);
    if (known !== undefined) return known;
    if (this.#services.size >= mostServices) {
      this.#refused += 1;
      return undefined;
    }
    const service: KnownService = { id, ...slosFor(this.#rules, id), seen: new Set() };
    this.#services.set(key, service);
    return service;
  }

  #see(service: KnownService, perspective: Perspective): void {
    if (service.seen.has(perspective)) return;
    const before = isSeenByClientsOnly(service);
    service.seen.add(perspective);
    if (before !== isSeenByClientsOnly(service)) this.#version += 1;
  }
}

function isSeenByClientsOnly({ seen }: KnownService): boolean {
  return seen.has('client') && !seen.has('server');
}

function slosNow(service: KnownService): readonly Slo[] {
  const slos = isSeenByClientsOnly(service) ? service.clientSlos : service.slos;
  return slos.filter((slo) => isMeaningful(slo, service));
}

/** Nobody in the mesh calls this service: what the mesh fails on the way to it is no question. Who asks it in a file is told. */
function isMeaningful({ origin, perspective }: Slo, { seen }: KnownService): boolean {
  return perspective !== 'mesh-failures' || origin === 'file' || seen.has('mesh-failures');
}

/** The tier of a service: as its own files say, else by the first rule that fits, else the default. */
export function tierOf(rules: SloRules, id: ServiceId): string {
  const said = rulesOf(rules, id).findLast(({ tier }) => tier !== undefined)?.tier;
  return said ?? rules.tierRules.find((rule) => fits(rule, id))?.gives ?? rules.defaultTier;
}

function ownerOf(rules: SloRules, id: ServiceId): string | undefined {
  const said = rulesOf(rules, id).findLast(({ owner }) => owner !== undefined)?.owner;
  return said ?? rules.ownerRules.find((rule) => fits(rule, id))?.gives;
}

function fits({ cluster, namespace, service }: MatchRule, id: ServiceId): boolean {
  return (
    (cluster === undefined || fitsPattern(cluster, id.cluster)) &&
    (namespace === undefined || fitsPattern(namespace, id.namespace)) &&
    (service === undefined || fitsPattern(service, id.name))
  );
}

/** What files say of a service, what is said of all clusters first: the more special word is the last one. */
function rulesOf(rules: SloRules, { cluster, namespace, name }: ServiceId): readonly ServiceRules[] {
  const own = rules.services.get(`${namespace}/${name}`) ?? [];
  return [...own.filter((one) => one.cluster === undefined), ...own.filter((one) => one.cluster === cluster)];
}

function slosFor(rules: SloRules, service: ServiceId): Pick<KnownService, 'slos' | 'clientSlos'> {
  const tier = tierOf(rules, service);
  const owner = ownerOf(rules, service);
  const promises = promisesOf(rules, service, rules.tiers.get(tier) ?? new Map<string, SloTerms>());
  const slos = [...promises].map(([name, { terms, origin }]): Slo => {
    const { perspective = 'server', ...rest } = terms;
    return { service, name, ...rest, perspective, owner, tier, origin };
  });
  const clientSlos = slos.map((slo): Slo => {
    const chosen = promises.get(slo.name)?.terms.perspective !== undefined;
    return chosen ? slo : { ...slo, name: `client-${slo.name}`, perspective: 'client' };
  });
  return { slos, clientSlos };
}

/** The terms of one SLO of a service, and whether anybody but the defaults had a say. */
interface Promised {
  readonly terms: SloTerms;
  readonly origin: Slo['origin'];
}

function promisesOf(
  rules: SloRules,
  service: ServiceId,
  defaults: ReadonlyMap<string, SloTerms>,
): ReadonlyMap<string, Promised> {
  const promises = new Map<string, Promised>(
    [...defaults].map(([name, terms]) => [name, { terms, origin: 'default' }]),
  );
  for (const { slos } of rulesOf(rules, service)) {
    for (const [name, change] of slos) {
      const terms = change === 'off' ? undefined : changed(promises.get(name)?.terms, change, rules);
      if (terms === undefined) promises.delete(name);
      else promises.set(name, { terms, origin: 'file' });
    }
  }
  return promises;
}

/** A change of something, or a promise of its own; undefined for a change of a default that this service's tier lacks. */
function changed(before: SloTerms | undefined, change: SloChange, { window }: SloRules): SloTerms | undefined {
  if (before !== undefined) return { ...before, ...change };
  const { objective } = change;
  return objective === undefined ? undefined : completeTerms({ window, ...change, objective });
}
