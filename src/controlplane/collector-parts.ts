import type { ControlPlaneSettings } from '../config/control-planes.js';
import type { Clock } from '../domain/clock.js';
import type { ControlPlanePack } from '../packs/control-plane-pack.js';
import type { BodyBuffers } from '../scrape/http/body-buffer.js';
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
