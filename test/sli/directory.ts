import type { SloDirectory } from '../../src/domain/source.js';
import { serviceKey, type ServiceId } from '../../src/domain/service-id.js';
import { type Perspective, type Slo, type SloId, sloId, usualAlerts } from '../../src/domain/slo.js';

/** A service for tests. */
export const cart: ServiceId = { cluster: 'eu1', namespace: 'shop', name: 'cart' };

/** An availability SLO of {@link cart}, with what the test is about changed. */
export function slo(changes: Partial<Slo> = {}): Slo {
  return {
    service: cart,
    mesh: 'istio',
    name: 'availability',
    indicator: { kind: 'availability' },
    perspective: 'server',
    filter: {},
    objective: 0.999,
    window: { kind: 'rolling', seconds: 30 * 86_400 },
    budgeting: { method: 'occurrences' },
    alerts: usualAlerts,
    owner: undefined,
    tier: 'standard',
    origin: 'default',
    ...changes,
  };
}

/** A directory of SLOs that a test can change. */
export class ListedSlos implements SloDirectory {
  #slos: readonly Slo[];
  version = 1;

  constructor(slos: readonly Slo[]) {
    this.#slos = slos;
  }

  slosOf(service: ServiceId, perspective: Perspective, mesh: string): readonly Slo[] {
    return this.#slos.filter(
      (slo) => slo.mesh === mesh && serviceKey(slo.service) === serviceKey(service) && slo.perspective === perspective,
    );
  }

  knows(service: ServiceId): boolean {
    return this.#slos.some((slo) => serviceKey(slo.service) === serviceKey(service));
  }

  isServed(service: ServiceId, mesh: string): boolean {
    return this.slosOf(service, 'server', mesh).length > 0;
  }

  meshOf(service: ServiceId): string | undefined {
    return this.#slos.find((slo) => serviceKey(slo.service) === serviceKey(service))?.mesh;
  }

  has(id: SloId): boolean {
    return this.#slos.some((slo) => sloId(slo) === id);
  }

  replace(slos: readonly Slo[]): void {
    this.#slos = slos;
    this.version += 1;
  }
}
