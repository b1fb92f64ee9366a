import type { SyncStatus } from './control-plane-state.js';
import { HeldFor } from './held-for.js';
import { type ProxyName, proxyKey } from './proxy-book.js';

/** A proxy against what it should have. */
export interface ComparedProxy<T extends ProxyName> {
  readonly proxy: T;
  /** Whether anything could be compared; where not, there was nothing to send, or nobody could tell. */
  readonly basis: 'compared' | 'not-sent' | 'unknown';
  /** What it does not have as it should, and what it has in its place: another value is progress. */
  readonly lacking: readonly { readonly what: string; readonly has: string }[];
  /** What could not be compared this time: it stays as it was. */
  readonly unseen?: ReadonlySet<string>;
  /** What it was sent and has refused. */
  readonly refused: readonly string[];
}

/** How a proxy stands once time has told a change on its way from one that does not come. */
export interface LaggingProxy<T extends ProxyName> extends ComparedProxy<T> {
  readonly status: SyncStatus;
  readonly behind: readonly string[];
  readonly behindSeconds: number;
}

interface Lateness {
  readonly what: string;
  readonly seconds: number;
}

/** Tells proxies that are late from those that a change has not reached yet: late ones have stood still for too long. */
export class ProxyLag {
  readonly #allowedSeconds: number;
  readonly #held = new HeldFor();
  /** What was late at the last look, by proxy. */
  #late = new Map<string, readonly Lateness[]>();

  constructor(allowedSeconds: number) {
    this.#allowedSeconds = allowedSeconds;
  }

  /**
   * @param silent proxies that have told nothing this time: what they lacked they may still lack
   * @param now of the clock that does not jump
   */
  look<T extends ProxyName>(
    proxies: readonly ComparedProxy<T>[],
    silent: readonly ProxyName[],
    now: number,
  ): readonly LaggingProxy<T>[] {
    const keyOf = (proxy: T, what: string, has: string): string => JSON.stringify([proxyKey(proxy), what, has]);
    const unheard = new Set(silent.map(proxyKey));
    const unseen = new Map(proxies.map((one) => [proxyKey(one.proxy), one.unseen]));
    this.#held.look(
      now,
      proxies.flatMap(({ proxy, lacking }) => lacking.map(({ what, has }) => keyOf(proxy, what, has))),
      (key) => {
        const [proxy, what] = JSON.parse(key) as readonly [string, string];
        return unheard.has(proxy) || unseen.get(proxy)?.has(what) === true;
      },
    );
    const before = this.#late;
    this.#late = new Map();
    return proxies.map((one) => {
      const ages = one.lacking.map(({ what, has }) => ({
        what,
        seconds: this.#held.seconds(keyOf(one.proxy, what, has), now),
      }));
      const kept = (before.get(proxyKey(one.proxy)) ?? []).filter(({ what }) => one.unseen?.has(what));
      const late = [...ages.filter(({ seconds }) => seconds > this.#allowedSeconds), ...kept];
      if (late.length > 0) this.#late.set(proxyKey(one.proxy), late);
      return {
        ...one,
        status: statusOf(one, late.length),
        behind: one.refused.length > 0 ? one.refused : late.map(({ what }) => what),
        behindSeconds: Math.max(0, ...late.map(({ seconds }) => seconds)),
      };
    });
  }
}

function statusOf({ refused, lacking, basis }: ComparedProxy<ProxyName>, late: number): SyncStatus {
  if (refused.length > 0) return 'rejecting';
  if (late > 0) return 'out-of-sync';
  if (lacking.length > 0) return 'pending';
  return basis === 'compared' ? 'synced' : basis;
}
