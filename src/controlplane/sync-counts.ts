import {
  type BehindCount,
  type ProxyType,
  proxyTypes,
  type SyncState,
  type SyncStatus,
  syncStatuses,
} from './control-plane-state.js';

/** How one proxy stands, and who acts when it is behind. */
export interface CountedProxy {
  readonly type: ProxyType;
  readonly status: SyncStatus;
  readonly owner: string | undefined;
}

/** Proxies by type and status, and those that are behind by owner; in a fixed order. */
export function syncCounts(proxies: Iterable<CountedProxy>): SyncState {
  const counts = new Map<string, number>();
  const behind = new Map<string, { -readonly [Key in keyof BehindCount]: BehindCount[Key] }>();
  for (const { type, status, owner } of proxies) {
    counts.set(`${type} ${status}`, (counts.get(`${type} ${status}`) ?? 0) + 1);
    if (status !== 'out-of-sync' && status !== 'rejecting') continue;
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
