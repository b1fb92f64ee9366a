import type { SignalPacks } from '../../packs/load-packs.js';
import type { ClusterWords } from './named-service.js';

/** What is known of the meshes that somebody has. */
export interface Meshes {
  readonly packs: SignalPacks;
  /** Packs of the meshes that are scraped: these go first. */
  readonly inUse: readonly string[];
  readonly clusters: ClusterWords;
}
