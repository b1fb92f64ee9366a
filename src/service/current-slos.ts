import { SloCatalogue } from '../config/slo-catalogue.js';
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

/** The catalogue of the configuration in force: stays the same object when the configuration is replaced. */
export class CurrentSlos implements SloDirectory {
  #catalogue: SloCatalogue;
  /** Versions of catalogues that were replaced, so that the number never stands still or goes back. */
  #versionBase = 0;
  readonly #met = new Map<string, Meeting>();

  constructor(rules: SloRules) {
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

  has(slo: SloId): boolean {
    return this.#catalogue.has(slo);
  }

  /** Every SLO of every service that is declared or was ever met. */
  all(): readonly Slo[] {
    return this.#catalogue.all();
  }

  /** Services that were met when there were too many already. */
  get refusedServices(): number {
    return this.#catalogue.refusedServices;
  }

  /** Goes on with other rules for all services that were met so far. */
  replace(rules: SloRules): void {
    this.#versionBase = this.version;
    this.#catalogue = new SloCatalogue(rules);
    for (const { service, perspective, mesh } of this.#met.values()) this.#catalogue.meet(service, perspective, mesh);
  }
}
