import { SloCatalogue } from '../config/slo-catalogue.js';
import type { SloRules } from '../config/slo-rules.js';
import { serviceKey, type ServiceId } from '../domain/service-id.js';
import type { Perspective, Slo, SloId } from '../domain/slo.js';
import type { SloDirectory } from '../domain/source.js';

/** The catalogue of the configuration in force: stays the same object when the configuration is replaced. */
export class CurrentSlos implements SloDirectory {
  #catalogue: SloCatalogue;
  /** Versions of catalogues that were replaced, so that the number never stands still or goes back. */
  #versionBase = 0;
  readonly #met = new Map<string, { readonly service: ServiceId; readonly perspective: Perspective }>();

  constructor(rules: SloRules) {
    this.#catalogue = new SloCatalogue(rules);
  }

  get version(): number {
    return this.#versionBase + this.#catalogue.version;
  }

  slosOf(service: ServiceId, perspective: Perspective): readonly Slo[] {
    const refusedBefore = this.#catalogue.refusedServices;
    const slos = this.#catalogue.slosOf(service, perspective);
    if (this.#catalogue.refusedServices === refusedBefore) {
      this.#met.set(`${perspective} ${serviceKey(service)}`, { service, perspective });
    }
    return slos;
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
    for (const { service, perspective } of this.#met.values()) this.#catalogue.slosOf(service, perspective);
  }
}
