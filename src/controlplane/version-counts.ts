import type { Finding } from '../domain/finding.js';
import { serviceKey } from '../domain/service-id.js';
import type { VersionState } from './control-plane-state.js';
import { type OwnedProxy, versionDrift } from './findings/proxy-findings.js';
import type { Scope } from './findings/scope.js';
import { workloadOfPod } from './proxy-book.js';
import { compareVersions } from './release.js';

/** A proxy and its version; one that tells none is left out before. */
export interface VersionedProxy {
  readonly proxy: OwnedProxy;
  readonly version: string;
}

/** Versions of proxies against the wanted one: counted, and as findings by workload, so that each says what to restart. */
export function versionCounts(
  scope: Scope,
  proxies: readonly VersionedProxy[],
  { controlPlane, wanted }: { readonly controlPlane: readonly string[]; readonly wanted: string | undefined },
): { readonly state: VersionState; readonly findings: readonly Finding[] } {
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
  return {
    findings,
    state: {
      controlPlane,
      wanted,
      proxies: [...byVersion]
        .map(([version, count]) => ({ version, count }))
        .sort((a, b) => compareVersions(b.version, a.version) || (a.version < b.version ? -1 : 1)),
      drifting: [...owners]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, group]) => ({ owner: group[0]!.proxy.owner, version: group[0]!.version, count: group.length })),
    },
  };
}

/** Variants of a release (`1.24.3-distroless`) are that release. */
function isSame(version: string, wanted: string): boolean {
  return (
    version === wanted || (compareVersions(version, wanted) === 0 && /^v?\d/.test(version) && /^v?\d/.test(wanted))
  );
}

function workloadKey({ cluster, namespace, service, pod }: OwnedProxy): string {
  return service ? serviceKey(service) : JSON.stringify([cluster, namespace, workloadOfPod(pod)]);
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
