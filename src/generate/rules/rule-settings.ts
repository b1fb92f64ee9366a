import type { RuleStoreSettings } from '../../config/config.js';

/** What rules must be told of the Prometheus that evaluates them, and of its cluster. */
export interface RuleSettings extends RuleStoreSettings {
  /** The cluster of series that name none: the one that Prometheus stands in. */
  readonly cluster: string;
  /** Who acts for the rules themselves. */
  readonly owner?: string | undefined;
  /** From a mesh's cluster id to the name that is used here. */
  readonly clusterAliases: ReadonlyMap<string, string>;
  /** How many rules a group may have at most, at least 20, with the one that says whose it is; any number where it is undefined. */
  readonly rulesPerGroup?: number | undefined;
  /** Of SLIs that are counted in several groups, those at hand: what each group records for itself has it as a label. */
  readonly portion?: string | undefined;
}
