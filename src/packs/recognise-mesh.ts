import { holds } from './condition.js';
import type { SignalPacks } from './load-packs.js';
import type { SeriesPattern, SignalPack } from './signal-pack.js';

/** The part of an exposition that tells what mesh it is from. */
export interface ExposedFamily {
  readonly name: string;
  readonly samples: readonly { readonly labels: ReadonlyMap<string, string> }[];
}

/** Which mesh a proxy belongs to, and its version where it tells. */
export interface RecognisedMesh {
  readonly pack: SignalPack;
  readonly version: string | undefined;
}

/**
 * The mesh of which most series patterns are exposed, but none that another one of these is to be taken rather than;
 * undefined where there is none of any.
 */
export function recogniseMesh(packs: SignalPacks, families: readonly ExposedFamily[]): RecognisedMesh | undefined {
  const byName = new Map(families.map((family) => [family.name, family]));
  const found = [...packs.values()]
    .map((pack) => ({ pack, hits: pack.detect.filter((pattern) => findSeries(pattern, byName) !== undefined).length }))
    .filter(({ hits }) => hits > 0);
  const [best] = found
    .filter(({ pack }) => !found.some((other) => other.pack.ratherThan.includes(pack.name)))
    .sort((a, b) => b.hits - a.hits);
  if (best === undefined) return undefined;
  const { version } = best.pack;
  return { pack: best.pack, version: version && findSeries(version, byName)?.get(version.label) };
}

/** The labels of the first series that is as the pattern says. */
function findSeries(
  { family, where }: SeriesPattern,
  families: ReadonlyMap<string, ExposedFamily>,
): ReadonlyMap<string, string> | undefined {
  const samples = families.get(family)?.samples ?? [];
  return samples.find(({ labels }) => where.every((one) => holds(one, labels.get(one.label) ?? '')))?.labels;
}
