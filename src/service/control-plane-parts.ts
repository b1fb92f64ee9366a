import type { Config } from '../config/config.js';
import { ownerOf } from '../config/slo-catalogue.js';
import type { ServiceCatalog } from '../domain/catalog-service.js';
import type { Clock } from '../domain/clock.js';
import { controlPlaneMetrics } from '../server/control-plane-metrics.js';
import type { OwnMetrics } from '../server/own-metrics.js';
import { ControlPlanes } from './control-planes.js';
import type { CurrentSlos } from './current-slos.js';
import { proxyOwners } from './proxy-owners.js';

interface ControlPlaneParts {
  readonly slos: CurrentSlos;
  readonly catalog: ServiceCatalog;
  readonly config: () => Config;
  readonly metrics: OwnMetrics;
  readonly clock: Clock;
}

/** The control planes with their metrics; nobody looks at them before the desk of findings does. */
export function controlPlanesOf({ slos, catalog, config, metrics, clock }: ControlPlaneParts): ControlPlanes {
  const book = proxyOwners(() => catalog, {
    get version() {
      return slos.version;
    },
    list: () => slos.all().map(({ service }) => service),
    ownerOf: (service) => ownerOf(config().slos, service),
  });
  const planes = new ControlPlanes(book, clock);
  metrics.add((registers) => controlPlaneMetrics(registers, () => planes.states()));
  return planes;
}
