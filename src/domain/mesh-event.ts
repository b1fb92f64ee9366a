import type { EpochSeconds } from './clock.js';
import type { ServiceId } from './service-id.js';

/** Something that happened to a service once, and that charts and reports point at. */
export interface MeshEvent {
  /** `deploy`: another version or revision runs; `control-plane`: something happened to what steers its proxies; `migration`: a phase began. */
  readonly kind: 'deploy' | 'control-plane' | 'migration';
  readonly at: EpochSeconds;
  /** Undefined where it concerns a whole mesh. */
  readonly service: ServiceId | undefined;
  /** One sentence: `cart went from 1.4.2 to 1.5.0`. */
  readonly summary: string;
  /** Facts by name: `version`, `before`, `revision`, `mesh`, ... */
  readonly facts: Readonly<Record<string, string>>;
}
