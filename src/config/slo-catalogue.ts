import type { ServiceId } from '../domain/service-id.js';
import { serviceKey } from '../domain/service-id.js';
import { type Perspective, type Slo, type SloAlerts, type SloId, sloId, usualAlerts } from '../domain/slo.js';
import type { SloDirectory } from '../domain/source.js';
import { wellFormed } from '../domain/well-formed.js';
import type { SignalPack } from '../packs/signal-pack.js';
import { fitsPattern } from './file-patterns.js';
import { isMeasurable, measuredBy } from './measurable.js';
import { completeTerms } from './slo-rules.js';
import type { MatchRule, ServiceRules, SloChange, SloRules, SloTerms } from './slo-rules.js';

/** Services that a catalogue takes in: their names come from the network. */
const mostServices = 50_000;

/** What a catalogue of services says of one; what files and the configuration say goes before it. */
export interface CataloguedService {
  readonly owner: string | undefined;
  readonly tier: string | undefined;
}

/** A service that is declared in a file, or was met in traffic. */
interface KnownService {
  readonly id: ServiceId;
  /** What its file says; that holds whoever meets it. */
  readonly declaredMesh: SignalPack | undefined;
  /** The first mesh in which its own proxies were met, and the first in which anybody's were. */
  serverMesh: SignalPack | undefined;
  firstMesh: SignalPack | undefined;
  /** Perspectives that it was met from, by mesh. */
  readonly seen: Map<string, Set<Perspective>>;
  /** The SLOs of the mesh that it is counted through now. */
  promised: PromisedSlos;
}

interface PromisedSlos {
  readonly mesh: string | undefined;
  readonly slos: readonly Slo[];
  /** The server's SLOs as its clients see them; their names tell so, and they never mix with the server's own. */
  readonly clientSlos: readonly Slo[];
}

/**
 * Which SLOs there are: the defaults of every service's tier, changed and joined by what the files say.
 *
 * A service exists from when a file names it (with its cluster, or where there is only one) or traffic shows it. An SLO whose
 * perspective nobody chose looks through the server's proxy. While only clients' proxies have seen the service it is there
 * as `client-<name>` instead, and gone as soon as the server's proxy shows up.
 *
 * A service is counted through one mesh: the one that its file names, else the first in which its own proxies were met,
 * else the first in which its clients' were. What other meshes see of it has no SLOs.
 */
export class SloCatalogue implements SloDirectory {
  readonly #rules: SloRules;
  readonly #catalogued: (id: ServiceId) => CataloguedService | undefined;
  /** Where there is one mesh, nobody need say or see that a service is in it. */
  readonly #onlyMesh: SignalPack | undefined;
  readonly #services = new Map<string, KnownService>();
  #version = 1;
  #refused = 0;

  constructor(rules: SloRules, catalogued: (id: ServiceId) => CataloguedService | undefined = () => undefined) {
    this.#rules = rules;
    this.#catalogued = catalogued;
    const [mesh, ...otherMeshes] = rules.meshes.values();
    this.#onlyMesh = otherMeshes.length === 0 ? mesh : undefined;
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

  slosOf(id: ServiceId, perspective: Perspective, mesh: string): readonly Slo[] {
    this.meet(id, perspective, mesh);
    const service = this.#services.get(serviceKey(id));
    if (service?.promised.mesh !== mesh) return [];
    return slosNow(service).filter((slo) => slo.perspective === perspective);
  }

  knows(id: ServiceId): boolean {
    return this.#services.has(serviceKey(id));
  }

  isServed(id: ServiceId, mesh: string): boolean {
    return this.#services.get(serviceKey(id))?.seen.get(mesh)?.has('server') === true;
  }

  meshOf(id: ServiceId): string | undefined {
    return this.#services.get(serviceKey(id))?.promised.mesh;
  }

  /**
   * Notes that a service was seen. Through a mesh that no job reads any more it is known, but not counted.
   *
   * @param mesh undefined where the ledger of an older meshslo did not know: the only mesh there is, or none
   * @returns false for a service that there is no room for
   */
  meet(id: ServiceId, perspective: Perspective, mesh: string | undefined): boolean {
    const service = this.#know(id);
    if (service === undefined) return false;
    const through = mesh === undefined ? this.#onlyMesh : this.#rules.meshes.get(mesh);
    if (through !== undefined) this.#see(service, perspective, through);
    return true;
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
    const declaredMesh = rulesOf(this.#rules, id).findLast(({ mesh }) => mesh !== undefined)?.mesh;
    const promised = slosFor(this.#rules, id, declaredMesh ?? this.#onlyMesh, this.#catalogued(id));
    const service = { id, declaredMesh, serverMesh: undefined, firstMesh: undefined, seen: new Map(), promised };
    this.#services.set(key, service);
    return service;
  }

  #see(service: KnownService, perspective: Perspective, mesh: SignalPack): void {
    let seen = service.seen.get(mesh.name);
    if (seen?.has(perspective)) return;
    const meshBefore = service.promised.mesh;
    const before = isSeenByClientsOnly(service);
    if (!seen) service.seen.set(mesh.name, (seen = new Set()));
    seen.add(perspective);
    service.firstMesh ??= mesh;
    if (perspective === 'server') service.serverMesh ??= mesh;
    const meshNow = service.declaredMesh ?? service.serverMesh ?? service.firstMesh;
    if (meshNow.name !== meshBefore)
      service.promised = slosFor(this.#rules, service.id, meshNow, this.#catalogued(service.id));
    const isMoved = meshBefore !== undefined && meshNow.name !== meshBefore;
    if (isMoved || before !== isSeenByClientsOnly(service)) this.#version += 1;
  }
}

/** Perspectives of the mesh through which the service is counted. */
function seenNow({ seen, promised: { mesh } }: KnownService): ReadonlySet<Perspective> | undefined {
  return mesh === undefined ? undefined : seen.get(mesh);
}

function isSeenByClientsOnly(service: KnownService): boolean {
  const seen = seenNow(service);
  return seen !== undefined && seen.has('client') && !seen.has('server');
}

function slosNow(service: KnownService): readonly Slo[] {
  const { slos, clientSlos } = service.promised;
  return (isSeenByClientsOnly(service) ? clientSlos : slos).filter((slo) => isMeaningful(slo, service));
}

/** Nobody in the mesh calls this service: what the mesh fails on the way to it is no question. Who asks it in a file is told. */
function isMeaningful({ origin, perspective }: Slo, service: KnownService): boolean {
  return perspective !== 'mesh-failures' || origin === 'file' || seenNow(service)?.has('mesh-failures') === true;
}

/**
 * The tier of a service: as its own files say, else by the first rule that fits, else as the catalogue says (where there is such
 * a tier), else the default.
 */
export function tierOf(rules: SloRules, id: ServiceId, catalogued?: CataloguedService): string {
  const known = catalogued?.tier !== undefined && rules.tiers.has(catalogued.tier) ? catalogued.tier : undefined;
  const said = rulesOf(rules, id).findLast(({ tier }) => tier !== undefined)?.tier;
  return said ?? rules.tierRules.find((rule) => fits(rule, id))?.gives ?? known ?? rules.defaultTier;
}

/** Who answers for a service: as its own files say, else by the first rule that fits. */
export function ownerOf(rules: SloRules, id: ServiceId): string | undefined {
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

function slosFor(
  rules: SloRules,
  service: ServiceId,
  pack: SignalPack | undefined,
  catalogued: CataloguedService | undefined,
): PromisedSlos {
  const tier = tierOf(rules, service, catalogued);
  const said = ownerOf(rules, service) ?? catalogued?.owner;
  const owner = said === undefined ? undefined : wellFormed(said);
  const promises = promisesOf(rules, service, rules.tiers.get(tier) ?? new Map<string, SloTerms>());
  const measurable = [...promises].filter(([, { terms }]) => canMeasure(rules, pack, terms));
  const mesh = pack?.name;
  const slos = measurable.map(([name, { terms, origin }]): Slo => {
    const { perspective = 'server', ...rest } = terms;
    const alerts = { ...usualAlerts, ...terms.alerts };
    const indicator = pack ? measuredBy(pack, terms.indicator) : terms.indicator;
    return { service, mesh, name, ...rest, indicator, alerts, perspective, owner, tier, origin };
  });
  const clientSlos = slos.map((slo): Slo => {
    const chosen = promises.get(slo.name)?.terms.perspective !== undefined;
    return chosen ? slo : { ...slo, name: `client-${slo.name}`, perspective: 'client' };
  });
  const hasServerView = pack === undefined || pack.views.some((view) => view.perspective === 'server');
  return { mesh, slos: hasServerView ? slos : clientSlos, clientSlos };
}

/** Whether the service's mesh can measure it; while that is not known, whether all can. */
function canMeasure({ meshes }: SloRules, pack: SignalPack | undefined, terms: SloTerms): boolean {
  return (pack ? [pack] : [...meshes.values()]).every((one) => isMeasurable(one, terms));
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
  for (const { slos, alerts } of rulesOf(rules, service)) {
    for (const [name, { terms, origin }] of promises) {
      promises.set(name, { terms: { ...terms, alerts: { ...terms.alerts, ...alerts } }, origin });
    }
    for (const [name, change] of slos) {
      const terms = change === 'off' ? undefined : changed(promises.get(name)?.terms, change, rules, alerts);
      if (terms === undefined) promises.delete(name);
      else promises.set(name, { terms, origin: 'file' });
    }
  }
  return promises;
}

/** A change of something, or a promise of its own; undefined for a change of a default that this service's tier lacks. */
function changed(
  before: SloTerms | undefined,
  change: SloChange,
  { window }: SloRules,
  ofService: Partial<SloAlerts>,
): SloTerms | undefined {
  if (before !== undefined) return { ...before, ...change, alerts: { ...before.alerts, ...change.alerts } };
  const { objective } = change;
  const alerts = { ...ofService, ...change.alerts };
  return objective === undefined ? undefined : completeTerms({ window, ...change, alerts, objective });
}
