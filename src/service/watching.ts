import type { EpochSeconds } from '../domain/clock.js';
import { serviceKey, type ServiceId } from '../domain/service-id.js';
import type { SilentProxies, Watching } from '../migration/silence-watch.js';
import type { TargetHealth } from '../scrape/target-health.js';

/** A minute is counted when it is over, and read again once a minute; one that is later than that has not come. */
const lateSeconds = 180;

/** A target, as far as it tells how requests are watched. */
export type WatchedTarget = Pick<TargetHealth, 'services' | 'up' | 'url' | 'failure' | 'job' | 'labels'>;

interface WatchingParts {
  readonly targets: readonly WatchedTarget[];
  /** Whose proxy a target is that has never answered; undefined where nobody knows it. */
  readonly ownerOf: (target: WatchedTarget) => ServiceId | undefined;
  /** End of the newest minute that was counted. */
  readonly knownUntil: EpochSeconds | undefined;
  readonly now: EpochSeconds;
}

/** How requests are watched now. */
export function watching({ targets, ownerOf, knownUntil, now }: WatchingParts): Watching {
  const own = new Map<string, WatchedTarget[]>();
  for (const target of targets) {
    for (const key of keysOf(target, ownerOf)) {
      const known = own.get(key);
      if (known) known.push(target);
      else own.set(key, [target]);
    }
  }
  const blind = [...own].filter(([, all]) => !all.some(({ up }) => up));
  const silent = blind.flatMap(([key, all]): readonly (readonly [string, SilentProxies])[] => {
    const failed = all.flatMap(({ failure }) => failure?.message ?? []);
    // Who has not been asked yet may answer.
    if (failed.length < all.length) return [];
    return [[key, { urls: all.map(({ url }) => url), trouble: failed[0]! }]];
  });
  return {
    isCounting: knownUntil !== undefined && now - knownUntil < lateSeconds,
    blind: new Set(blind.map(([key]) => key)),
    silent: new Map(silent),
  };
}

/** Those that it told when it answered last, else whose it is. */
function keysOf(target: WatchedTarget, ownerOf: WatchingParts['ownerOf']): readonly string[] {
  if (target.services.length > 0) return target.services.map(serviceKey);
  const owner = target.up ? undefined : ownerOf(target);
  return owner ? [serviceKey(owner)] : [];
}
