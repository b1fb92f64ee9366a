import type { EpochSeconds } from '../domain/clock.js';
import type { SlotEvent, TargetView, WatcherView } from './api-types.js';
import type { Identity } from './authentication.js';
import type { TargetHealth, WatcherHealth } from './status-reader.js';

/** How meshslo itself is, as the API tells it. */
export function watcherView(
  health: WatcherHealth,
  { version, now, identity }: { version: string; now: EpochSeconds; identity: Identity | undefined },
): WatcherView {
  const counted = newestSlot(health)?.countedUntilSeconds ?? null;
  return {
    version,
    startedSeconds: health.startedAt,
    uptimeSeconds: Math.max(0, now - health.startedAt),
    countedUntilSeconds: counted,
    lagSeconds: counted === null ? null : Math.max(0, now - counted),
    slotsWaiting: health.slotsWaiting,
    failure: health.failure
      ? { code: health.failure.code, message: health.failure.message, hint: health.failure.hint ?? null }
      : null,
    gaps: health.gaps.map(({ from, to }) => ({ fromSeconds: from, toSeconds: to })),
    importedOrigins: health.importedOrigins,
    identity: identity ?? null,
  };
}

/** What a page that begins to listen is told; undefined while the ledger is empty. */
export function newestSlot({ lastSlot }: WatcherHealth): SlotEvent | undefined {
  return lastSlot && { countedUntilSeconds: lastSlot.start + lastSlot.seconds };
}

export function targetView(target: TargetHealth): TargetView {
  return {
    job: target.job,
    mesh: target.mesh,
    url: target.url,
    labels: Object.fromEntries(target.labels),
    up: target.up ?? null,
    lastScrapeSeconds: target.lastScrape ?? null,
    durationSeconds: target.durationSeconds ?? null,
    bodyBytes: target.bodyBytes ?? null,
    series: target.series ?? null,
    error: target.failure ? { code: target.failure.code, message: target.failure.message } : null,
  };
}
