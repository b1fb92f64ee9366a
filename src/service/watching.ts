import type { EpochSeconds } from '../domain/clock.js';
import { serviceKey } from '../domain/service-id.js';
import type { Watching } from '../migration/silence-watch.js';
import type { TargetHealth } from '../scrape/target-health.js';

/** A minute is counted when it is over, and read again once a minute; one that is later than that has not come. */
const lateSeconds = 180;

/**
 * How requests are watched now.
 *
 * @param knownUntil end of the newest minute that was counted
 */
export function watching(
  targets: readonly Pick<TargetHealth, 'services' | 'up'>[],
  knownUntil: EpochSeconds | undefined,
  now: EpochSeconds,
): Watching {
  const isAnswering = new Map<string, boolean>();
  for (const { services, up } of targets) {
    for (const key of services.map(serviceKey)) isAnswering.set(key, up === true || isAnswering.get(key) === true);
  }
  return {
    isCounting: knownUntil !== undefined && now - knownUntil < lateSeconds,
    blind: new Set([...isAnswering].flatMap(([key, answers]) => (answers ? [] : [key]))),
  };
}
