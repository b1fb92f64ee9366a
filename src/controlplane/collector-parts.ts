import type { ControlPlaneSettings } from '../config/control-planes.js';
import type { Clock } from '../domain/clock.js';
import type { ControlPlanePack } from '../packs/control-plane-pack.js';
import type { BodyBuffers } from '../scrape/http/body-buffer.js';
import { EndpointSet } from './endpoint-set.js';
import type { Scope } from './findings/scope.js';
import type { ProxyBook } from './proxy-book.js';

/** What a collector of any kind needs. */
export interface CollectorParts {
  readonly settings: ControlPlaneSettings;
  readonly pack: ControlPlanePack;
  readonly book: ProxyBook;
  /** The name that is used here of a cluster, by its id in the mesh. */
  readonly clusterOf: (id: string) => string;
  readonly buffers: BodyBuffers;
  readonly clock: Clock;
}

/** Which control plane its findings are about. */
export function scopeOf({ settings, pack }: CollectorParts): Scope {
  const { name, kind, cluster, owner } = settings;
  return { name, kind, title: pack.title, cluster, owner };
}

/** Its own processes, as the settings name them. */
export function instancesOf({ settings, pack, buffers, clock }: CollectorParts): EndpointSet {
  const { name, instances: endpoints, timeoutSeconds } = settings;
  return new EndpointSet({ name, endpoints, defaultPort: pack.target.port, timeoutSeconds, buffers, clock });
}

/** Others than its instances that tell of it. */
export function othersOf(
  { settings, buffers, clock }: CollectorParts,
  sort: 'proxies' | 'controllers',
  defaultPort: number,
): EndpointSet {
  const { name, timeoutSeconds } = settings;
  const endpoints = settings[sort];
  return new EndpointSet({ name: `${name} ${sort}`, endpoints, defaultPort, timeoutSeconds, buffers, clock });
}
