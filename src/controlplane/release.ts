/** The numbers of a release at the beginning of a version: `1.24.3` of `1.24.3-distroless`; undefined for what has none. */
export function releaseOf(version: string): readonly number[] | undefined {
  const text = /^v?(\d+(?:\.\d+)*)/.exec(version)?.[1];
  return text?.split('.').map(Number);
}

/** Orders versions by their releases: negative where the first is the older one. Versions without a release come first. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [releaseOf(one), releaseOf(other)];
  if (!a || !b) return Number(a !== undefined) - Number(b !== undefined);
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version belongs to the releases between, both included; only as many numbers are compared as these have. */
export function isWithin(version: string, { from, until }: { readonly from: string; readonly until: string }): boolean {
  const release = releaseOf(version);
  if (!release) return false;
  const short = (bound: string): string => release.slice(0, bound.split('.').length).join('.');
  return compareVersions(short(from), from) >= 0 && compareVersions(short(until), until) <= 0;
}

/** The newest of some versions; undefined of none. */
export function newestVersion(versions: Iterable<string>): string | undefined {
  return [...versions].sort((a, b) => compareVersions(a, b) || (a < b ? -1 : 1)).at(-1);
}
