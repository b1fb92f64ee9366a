import type { FindingKind } from '../domain/finding-kinds.js';
import type { Answer } from './answer.js';
import type { VersionState } from './control-plane-state.js';
import { type OwnedProxy, versionDrift, workloadSubject } from './findings/proxy-findings.js';
import type { Scope } from './findings/scope.js';
import { compareVersions } from './release.js';

/** A proxy and its version; one that tells none is left out before. */
export interface VersionedProxy {
  readonly proxy: OwnedProxy;
  readonly version: string;
}

/** Versions of proxies against the wanted one: counted, and as findings by workload, so that each says what to restart. */
export function versionAnswer(
  scope: Scope,
  proxies: readonly VersionedProxy[],
  {
    controlPlane,
    wanted,
    judged,
  }: {
    readonly controlPlane: readonly string[];
    readonly wanted: string | undefined;
    readonly judged: readonly FindingKind[];
  },
): Answer<VersionState> {
  const byVersion = countBy(proxies, ({ version }) => version);
  const drifting = wanted === undefined ? [] : proxies.filter(({ version }) => !isSame(version, wanted));
  const workloads = groupBy(proxies, ({ proxy }) => workloadKey(proxy));
  const findings = [...groupBy(drifting, ({ proxy, version }) => `${workloadKey(proxy)} ${version}`).values()].map(
    (group) => {
      const { proxy, version } = group[0]!;
      const ofAll = workloads.get(workloadKey(proxy))!.length;
      return versionDrift(scope, { proxies: group.map((one) => one.proxy), ofAll, version, wanted: wanted! });
    },
  );
  const owners = groupBy(drifting, ({ proxy, version }) => JSON.stringify([proxy.owner ?? '', version]));
  const told = {
    controlPlane,
    wanted,
    proxies: [...byVersion]
      .map(([version, count]) => ({ version, count }))
      .sort((a, b) => compareVersions(b.version, a.version) || (a.version < b.version ? -1 : 1)),
    drifting: [...owners]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, group]) => ({ owner: group[0]!.proxy.owner, version: group[0]!.version, count: group.length })),
  };
  return { told: { told }, findings, judged };
}

/** Variants of a release (`1.24.3-distroless`) are that release. */
function isSame(version: string, wanted: string): boolean {
  return (
    version === wanted || (compareVersions(version, wanted) === 0 && /^v?\d/.test(version) && /^v?\d/.test(wanted))
  );
}

function workloadKey(proxy: OwnedProxy): string {
  return JSON.stringify(workloadSubject(proxy));
}

function countBy<T>(all: Iterable<T>, keyOf: (one: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  return counts;
}

function groupBy<T>(all: Iterable<T>, keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const known = groups.get(keyOf(one));
    if (known) known.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
