import { folded } from './folded-name.js';
import type { ServiceFacts } from './service-facts.js';

/** From a mesh's or portal's name of a cluster to the name that is used here. */
export type ClusterAliases = ReadonlyMap<string, string>;

/**
 * The same facts with the names of clusters that are used here.
 *
 * Who sees instances says the name that the configuration gives its cluster, and so does traffic: that is taken letter by letter, `EU` beside `eu` is another
 * cluster. Kubernetes names no cluster, and Istio compares `CLUSTER_ID` as it stands. Portals and files have names of their own: an
 * alias, else the one cluster that differs in nothing but how it is written.
 */
export function withOwnClusters(
  all: readonly (readonly ServiceFacts[])[],
  aliases: ClusterAliases,
): readonly (readonly ServiceFacts[])[] {
  const seen = clustersOf(all.flat().filter(isSeeing));
  const seenAs = bySpelling(seen);
  const unseen = all.flat().filter((facts) => !isSeeing(facts));
  const unseenAs = bySpelling(clustersOf(unseen.map((facts) => aliased(facts, aliases))));
  return all.map((facts) =>
    facts.map((one) => {
      if (isSeeing(one)) return one;
      const own = aliased(one, aliases);
      const { cluster } = own;
      if (cluster === undefined || seen.has(cluster)) return own;
      const candidates = seenAs.get(folded(cluster)) ?? unseenAs.get(folded(cluster))!.slice(0, 1);
      return candidates.length === 1 ? { ...own, cluster: candidates[0]! } : own;
    }),
  );
}

function isSeeing({ instances }: ServiceFacts): boolean {
  return instances !== undefined;
}

function aliased(facts: ServiceFacts, aliases: ClusterAliases): ServiceFacts {
  const alias = facts.cluster === undefined ? undefined : aliases.get(facts.cluster);
  return alias === undefined ? facts : { ...facts, cluster: alias };
}

function clustersOf(facts: readonly ServiceFacts[]): ReadonlySet<string> {
  return new Set(facts.flatMap(({ cluster }) => cluster ?? []));
}

/** Names by how they are the same, in the order in which they were told. */
function bySpelling(clusters: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const cluster of clusters) names.set(folded(cluster), [...(names.get(folded(cluster)) ?? []), cluster]);
  return names;
}
