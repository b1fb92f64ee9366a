import type { EpochSeconds } from '../domain/clock.js';
import type { FindingKind } from '../domain/finding-kinds.js';
import type { Answer } from './answer.js';
import {
  type BehindCount,
  type ProxyType,
  proxyTypes,
  type SyncState,
  type SyncStatus,
  syncStatuses,
} from './control-plane-state.js';
import { configRejected, type OwnedProxy, ownedProxy, sidecarOutOfSync } from './findings/proxy-findings.js';
import type { Scope } from './findings/scope.js';
import type { ProxyBook, ProxyName } from './proxy-book.js';

/** How one proxy stands, and who acts when it is behind. */
export interface StandingProxy {
  readonly proxy: OwnedProxy;
  readonly type: ProxyType;
  readonly status: SyncStatus;
  /** What it has not taken, or refuses. */
  readonly behind: readonly string[];
  readonly behindSeconds: number;
  /** Why it refuses, in its own words where it has any. */
  readonly error: string | undefined;
  /** Who says so. */
  readonly at: string;
}

/** Sidecars that have told nothing: nobody knows how they stand. */
export function silentSidecars(silent: readonly ProxyName[], book: ProxyBook): readonly StandingProxy[] {
  return silent.map((proxy) => ({
    proxy: ownedProxy(proxy, book),
    type: 'sidecar',
    ...{ status: 'unknown', behind: [], behindSeconds: 0, error: undefined, at: '' },
  }));
}

/** Findings of one kind about proxies of one control plane; the page tells how many more there are. */
const mostProxyFindings = 500;

/**
 * How proxies agree with their control plane: counted, and a finding for each that does not.
 *
 * @param judged which of the two kinds were looked at
 */
export function syncAnswer(
  scope: Scope,
  proxies: readonly StandingProxy[],
  { now, judged }: { readonly now: EpochSeconds; readonly judged: readonly FindingKind[] },
): Answer<SyncState> {
  const late = oldestOf(proxies, 'out-of-sync').map(({ proxy, behind, behindSeconds, at }) =>
    sidecarOutOfSync(scope, proxy, { what: behind, seconds: behindSeconds, since: now - behindSeconds, at }),
  );
  const refusing = oldestOf(proxies, 'rejecting').map(({ proxy, behind, error = '', at }) =>
    configRejected(scope, proxy, { what: behind, error, at }),
  );
  return { told: { told: syncState(proxies) }, findings: [...late, ...refusing], judged };
}

function oldestOf(proxies: readonly StandingProxy[], status: SyncStatus): readonly StandingProxy[] {
  return proxies
    .filter((one) => one.status === status)
    .sort((a, b) => b.behindSeconds - a.behindSeconds)
    .slice(0, mostProxyFindings);
}

/** Proxies by type and status, and those that are behind by owner; in a fixed order. */
function syncState(proxies: readonly StandingProxy[]): SyncState {
  const counts = new Map<string, number>();
  const behind = new Map<string, { -readonly [Key in keyof BehindCount]: BehindCount[Key] }>();
  for (const { type, status, proxy } of proxies) {
    counts.set(`${type} ${status}`, (counts.get(`${type} ${status}`) ?? 0) + 1);
    if (status !== 'out-of-sync' && status !== 'rejecting') continue;
    const { owner } = proxy;
    const key = JSON.stringify([owner ?? '', type, status]);
    const known = behind.get(key);
    if (known) known.count += 1;
    else behind.set(key, { owner, type, status, count: 1 });
  }
  return {
    proxies: proxyTypes.flatMap((type) =>
      syncStatuses.flatMap((status) => {
        const count = counts.get(`${type} ${status}`);
        return count === undefined ? [] : [{ type, status, count }];
      }),
    ),
    behind: [...behind].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
  };
}
