import type { NamedSlo, TakenSlo } from './taken-slo.js';

/**
 * Names for the promises of one service. What its tier promises by default has the default's name, and takes its place: nobody
 * gets two alerts for one thing.
 */
export function namedSlos(slos: readonly TakenSlo[]): readonly NamedSlo[] {
  const names = new Map<TakenSlo, string>();
  const taken = new Set<string>();
  const give = (slo: TakenSlo, name: string): void => {
    names.set(slo, name);
    taken.add(name);
  };
  // The server's own first: a promise as callers see it takes the default's place only where there is no other.
  for (const isServers of [true, false]) {
    for (const slo of slos) {
      const usual = usualName(slo);
      const fits = isServers === (slo.promise.perspective === undefined);
      if (fits && usual !== undefined && !names.has(slo) && !taken.has(usual)) give(slo, usual);
    }
  }
  for (const slo of slos) {
    if (!names.has(slo)) give(slo, freeName(slo, taken));
  }
  return slos.map((slo) => ({ ...slo, sloName: names.get(slo)! }));
}

/** What the shipped defaults call such a promise; undefined for one about some requests only. */
function usualName({ promise: { indicator, perspective, filter } }: TakenSlo): string | undefined {
  if (Object.keys(filter).length > 0) return undefined;
  if (perspective === 'mesh-failures') return indicator.kind === 'availability' ? 'mesh' : undefined;
  return indicator.kind === 'availability' ? 'availability' : 'latency';
}

const usualNames: readonly string[] = ['availability', 'latency', 'mesh'];

function freeName({ from: { name, title } }: TakenSlo, taken: ReadonlySet<string>): string {
  const own = slug(name);
  const first = usualNames.includes(own) || own === '' ? slug(title) : own;
  const stem = usualNames.includes(first) || first === '' ? `${first || 'slo'}-of-its-own` : first;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? stem : `${stem.slice(0, 55).replace(/[-_.]+$/, '')}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** A name as SLO files want it: small letters, digits and single signs between them. */
function slug(text: string): string {
  const letters = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return letters.slice(0, 63).replace(/^-+|-+$/g, '');
}
