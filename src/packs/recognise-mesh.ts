import { holds } from './condition.js';
import type { SignalPacks } from './load-packs.js';
import type { SignalPack, VersionLabel } from './signal-pack.js';

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

/** The mesh with the most families of its own among those exposed; undefined where there is none of any. */
export function recogniseMesh(packs: SignalPacks, families: readonly ExposedFamily[]): RecognisedMesh | undefined {
  const names = new Set(families.map(({ name }) => name));
  const [best] = [...packs.values()]
    .map((pack) => ({ pack, hits: pack.detect.filter((family) => names.has(family)).length }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits);
  if (best === undefined) return undefined;
  return { pack: best.pack, version: best.pack.version && versionOf(best.pack.version, families) };
}

function versionOf({ family, label, where }: VersionLabel, families: readonly ExposedFamily[]): string | undefined {
  const samples = families.filter(({ name }) => name === family).flatMap((one) => one.samples);
  const telling = samples.find(({ labels }) =>
    where.every((condition) => holds(condition, labels.get(condition.label) ?? '')),
  );
  return telling?.labels.get(label);
}
