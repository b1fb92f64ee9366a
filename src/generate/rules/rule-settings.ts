/** What rules must be told of the Prometheus that evaluates them. */
export interface RuleSettings {
  /** The cluster of series that name none: the one that Prometheus stands in. */
  readonly cluster: string;
  /** From a mesh's cluster id to the name that is used here. */
  readonly clusterAliases: ReadonlyMap<string, string>;
  /**
   * Label of every raw series that says which cluster its target is in, where one store holds those of many; undefined
   * where the series have none.
   */
  readonly clusterLabel: string | undefined;
  /** Labels that tell one target from every other. */
  readonly targetLabels: readonly string[];
  /**
   * How far behind the clock the rules look: longer than the slowest scrape and the way of its samples into the store. A
   * sample that comes later than this is not counted.
   */
  readonly delaySeconds: number;
}

/** For a Prometheus that scrapes its own cluster: half a minute is time for a slow scrape. */
export const usualRuleSettings: Omit<RuleSettings, 'cluster'> = {
  clusterAliases: new Map(),
  clusterLabel: undefined,
  targetLabels: ['job', 'instance'],
  delaySeconds: 15,
};
