import { type CataloguedService, SloCatalogue } from '../config/slo-catalogue.js';
import type { SloRules } from '../config/slo-rules.js';
import { serviceKey, type ServiceId } from '../domain/service-id.js';
import type { Perspective, Slo, SloId } from '../domain/slo.js';
import type { SloDirectory } from '../domain/source.js';

/** Through which mesh, and from which side, a service was seen. */
interface Meeting {
  readonly service: ServiceId;
  readonly perspective: Perspective;
  readonly mesh: string | undefined;
}

/** A service that the catalogue knows. */
export interface MeshedService extends CataloguedService {
  readonly id: ServiceId;
  /** Name of the mesh that its instances are in; undefined while they are in none. */
  readonly mesh: string | undefined;
  /** Workloads and gateways that nobody calls by a name promise nothing until requests to them are seen. */
  readonly isCallable: boolean;
}

/** What is known of a service from when a catalogue was last read. */
export interface RememberedService extends CataloguedService {
  readonly id: ServiceId;
}

/**
 * How far the catalogue of services has been read since the start: some of it is waited for (`begun`), or cannot be read and never was (`lacking`), or nothing of it
 * is missing (`whole`).
 */
export type CatalogueReading = 'begun' | 'lacking' | 'whole';

/** The catalogue of the configuration in force: stays the same object when the configuration is replaced. */
export class CurrentSlos implements SloDirectory {
  #rules: SloRules;
  #catalogue: SloCatalogue;
  /** What the catalogue of services says, by key. */
  #catalogued: ReadonlyMap<string, MeshedService> = new Map();
  /** What it said before this start, by key; goes before its word while that is waited for, and fills it up while some of it is lacking. */
  #remembered: ReadonlyMap<string, CataloguedService> = new Map();
  #reading: CatalogueReading = 'begun';
  /** Versions of catalogues that were replaced, so that the number never stands still or goes back. */
  #versionBase = 0;
  readonly #met = new Map<string, Meeting>();

  constructor(rules: SloRules) {
    this.#rules = rules;
    this.#catalogue = new SloCatalogue(rules);
  }

  get version(): number {
    return this.#versionBase + this.#catalogue.version;
  }

  slosOf(service: ServiceId, perspective: Perspective, mesh: string): readonly Slo[] {
    return this.meet(service, perspective, mesh) ? this.#catalogue.slosOf(service, perspective, mesh) : [];
  }

  knows(service: ServiceId): boolean {
    return this.#catalogue.knows(service);
  }

  isServed(service: ServiceId, mesh: string): boolean {
    return this.#catalogue.isServed(service, mesh);
  }

  meshOf(service: ServiceId): string | undefined {
    return this.#catalogue.meshOf(service);
  }

  /** Notes that a service was seen; see {@link SloCatalogue.meet}. */
  meet(service: ServiceId, perspective: Perspective, mesh: string | undefined): boolean {
    if (!this.#catalogue.meet(service, perspective, mesh)) return false;
    const key = `${perspective} ${mesh ?? ''} ${serviceKey(service)}`;
    if (!this.#met.has(key)) this.#met.set(key, { service, perspective, mesh });
    return true;
  }

  /** Lets go of services that were met and are gone; whoever shows up once more is met again. */
  forget(isGone: (service: ServiceId) => boolean): void {
    const gone = [...this.#met].filter(([, { service }]) => isGone(service));
    for (const [key] of gone) this.#met.delete(key);
    if (gone.length > 0) this.#rebuild();
  }

  has(slo: SloId): boolean {
    return this.#catalogue.has(slo);
  }

  /** Every SLO of every service that is declared, catalogued, or was met and not forgotten. */
  all(): readonly Slo[] {
    return this.#catalogue.all();
  }

  /** Services that were met when there were too many already. */
  get refusedServices(): number {
    return this.#catalogue.refusedServices;
  }

  /** Goes on with other rules for all services that were met so far. */
  replace(rules: SloRules): void {
    this.#rules = rules;
    this.#rebuild();
  }

  /** Takes what the catalogue of services said before this start: that holds until {@link catalogued} is told all of it. */
  remember(services: readonly RememberedService[]): void {
    this.#remembered = new Map(services.map(({ id, owner, tier }) => [serviceKey(id), { owner, tier }]));
    this.#rebuild();
  }

  /**
   * Takes what the catalogue of services says now. Those in a mesh have their SLOs from now on, whether or not anybody has called them yet.
   *
   * @param reading so long as it is not `whole`, what was told before this start stays where nobody tells it now
   * @returns whether anything of it is new
   */
  catalogued(services: readonly MeshedService[], reading: CatalogueReading = 'whole'): boolean {
    const next = new Map(
      services.map(({ id, owner, tier, mesh, isCallable }) => [serviceKey(id), { id, owner, tier, mesh, isCallable }]),
    );
    const isOtherwise = reading !== this.#reading && this.#remembered.size > 0;
    this.#reading = reading;
    if (!isOtherwise && JSON.stringify([...next]) === JSON.stringify([...this.#catalogued])) return false;
    this.#catalogued = next;
    if (reading === 'whole') this.#remembered = new Map();
    this.#rebuild();
    return true;
  }

  #said(key: string): CataloguedService | undefined {
    const [before, now] = [this.#remembered.get(key), this.#catalogued.get(key)];
    const [first, second] = this.#reading === 'begun' ? [before, now] : [now, before];
    return first && second
      ? { owner: first.owner ?? second.owner, tier: first.tier ?? second.tier }
      : (first ?? second);
  }

  #rebuild(): void {
    this.#versionBase = this.version;
    this.#catalogue = new SloCatalogue(this.#rules, (id) => this.#said(serviceKey(id)));
    for (const { service, perspective, mesh } of this.#met.values()) this.#catalogue.meet(service, perspective, mesh);
    for (const { id, mesh, isCallable } of this.#catalogued.values()) {
      if (isCallable && mesh !== undefined && this.#rules.meshes.has(mesh)) this.#catalogue.meet(id, 'server', mesh);
    }
  }
}
