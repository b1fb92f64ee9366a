import type { EpochSeconds } from '../../domain/clock.js';
import type { SyncStatus } from '../control-plane-state.js';
import { type ProxyName, proxyKey } from '../proxy-book.js';
import type { SynczResource, SynczRow } from './syncz.js';

/** What one istiod has told. */
export interface SynczSight {
  readonly address: string;
  readonly rows: readonly SynczRow[];
  /** When, by the clock of that istiod; times of pushes are compared with it, however wrong it is. */
  readonly at: EpochSeconds;
}

/** How a proxy stands, by the newest of what all istiods tell of it. */
export interface ProxySync {
  readonly proxy: ProxyName;
  readonly row: SynczRow;
  /** Of the istiod that it is connected to. */
  readonly address: string;
  readonly status: SyncStatus;
  /** Types that it has not taken, or refuses. */
  readonly behind: readonly string[];
  /** For how long it has not taken them; 0 where it has. */
  readonly behindSeconds: number;
  /** Its own words. */
  readonly error: string | undefined;
}

/** A type that a proxy has not taken yet. */
interface Waiting {
  readonly acked: string;
  readonly since: number;
}

interface Seen {
  readonly sight: SynczSight;
  readonly row: SynczRow;
  /** When this istiod first told of the proxy, by our clock that does not jump. */
  readonly firstSeen: number;
}

/** An istiod that does not answer is taken for what it said last, for so long: its proxies may still be connected. */
const rememberedSeconds = 180;

/**
 * What all istiods of a control plane say of their proxies, over time.
 *
 * A push on its way looks like one that is stuck. What tells them apart is time: since when a proxy has been waiting while it
 * has accepted nothing else. New pushes to a proxy that takes none do not make it look young.
 */
export class SyncBook {
  readonly #outOfSyncSeconds: number;
  #waiting = new Map<string, Waiting>();
  #firstSeen = new Map<string, number>();
  readonly #last = new Map<string, { readonly sight: SynczSight; readonly seenAt: number }>();
  #lookedAt: number | undefined;

  constructor(outOfSyncSeconds: number) {
    this.#outOfSyncSeconds = outOfSyncSeconds;
  }

  /**
   * Takes a look at all istiods; those that are listed and did not answer are left out of `sights`.
   *
   * @param now by a clock that does not jump
   * @param clusterOf the name of a cluster by its id in the mesh
   */
  look(
    sights: readonly SynczSight[],
    listed: readonly string[],
    now: number,
    clusterOf: (id: string) => string,
  ): readonly ProxySync[] {
    const answered = new Set(sights.map(({ address }) => address));
    for (const sight of sights) this.#last.set(sight.address, { sight, seenAt: now });
    for (const [address, { seenAt }] of this.#last) {
      if (!listed.includes(address) || now - seenAt > rememberedSeconds) this.#last.delete(address);
    }
    const newest = this.#newest(now, clusterOf);
    const waiting = new Map<string, Waiting>();
    const proxies = [...newest].map(([key, { proxy, seen }]) => {
      const ages = this.#ages(key, seen, now, answered.has(seen.sight.address), waiting);
      return proxySync(proxy, seen, ages, this.#outOfSyncSeconds);
    });
    this.#waiting = waiting;
    this.#lookedAt = now;
    return proxies;
  }

  /** A proxy that has gone from one istiod to another is told by both for a while; the younger row counts. */
  #newest(
    now: number,
    clusterOf: (id: string) => string,
  ): ReadonlyMap<string, { readonly proxy: ProxyName; readonly seen: Seen }> {
    const firstSeen = new Map<string, number>();
    const newest = new Map<string, { proxy: ProxyName; seen: Seen }>();
    for (const { sight } of this.#last.values()) {
      for (const row of sight.rows) {
        const proxy = { cluster: clusterOf(row.clusterId), namespace: row.namespace, pod: row.pod };
        const key = proxyKey(proxy);
        const place = `${sight.address} ${key}`;
        const since = this.#firstSeen.get(place) ?? now;
        firstSeen.set(place, since);
        const seen = { sight, row, firstSeen: since };
        const other = newest.get(key);
        if (!other || isNewer(seen, other.seen)) newest.set(key, { proxy, seen });
      }
    }
    this.#firstSeen = firstSeen;
    return newest;
  }

  /** For how long each type has been waiting; what an istiod said before it fell silent does not age. */
  #ages(
    key: string,
    { sight, row }: Seen,
    now: number,
    isFresh: boolean,
    waiting: Map<string, Waiting>,
  ): ReadonlyMap<SynczResource, number> {
    const ages = new Map<SynczResource, number>();
    for (const resource of row.resources) {
      if (resource.status !== 'stale') continue;
      const place = `${key} ${resource.type}`;
      const before = this.#waiting.get(place);
      const known = before?.acked === resource.acked ? before.since : undefined;
      const sentAge = resource.sentAt === undefined ? 0 : Math.max(0, sight.at - resource.sentAt);
      const since = isFresh ? Math.min(known ?? now, now - sentAge) : (known ?? now) + now - (this.#lookedAt ?? now);
      waiting.set(place, { acked: resource.acked, since });
      ages.set(resource, now - since);
    }
    return ages;
  }
}

function isNewer(one: Seen, other: Seen): boolean {
  const [a, b] = [lastPush(one.row), lastPush(other.row)];
  if (a !== undefined && b !== undefined && a !== b) return a > b;
  if (one.firstSeen !== other.firstSeen) return one.firstSeen > other.firstSeen;
  // Seen for the first time at both: in doubt for the proxy.
  return other.row.resources.some(({ status }) => status === 'stale');
}

function lastPush({ resources }: SynczRow): number | undefined {
  const times = resources.flatMap(({ sentAt }) => sentAt ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

function proxySync(
  proxy: ProxyName,
  { sight, row }: Seen,
  ages: ReadonlyMap<SynczResource, number>,
  outOfSyncSeconds: number,
): ProxySync {
  const base = { proxy, row, address: sight.address };
  const refused = row.resources.filter(({ status }) => status === 'error');
  if (refused.length > 0) {
    const behind = refused.map(({ type }) => type);
    return { ...base, status: 'rejecting', behind, behindSeconds: 0, error: refused[0]!.error };
  }
  const late = [...ages].filter(([, age]) => age > outOfSyncSeconds);
  if (late.length > 0) {
    const behindSeconds = Math.max(...late.map(([, age]) => age));
    return { ...base, status: 'out-of-sync', behind: late.map(([{ type }]) => type), behindSeconds, error: undefined };
  }
  const nothing = { ...base, behind: [], behindSeconds: 0, error: undefined };
  if (ages.size > 0) return { ...nothing, status: 'pending' };
  return { ...nothing, status: row.resources.some(({ status }) => status === 'synced') ? 'synced' : 'not-sent' };
}
