import type { EpochSeconds } from '../domain/clock.js';
import type { SlotEvent } from './api-types/event.js';
import type { FindingCounts } from './api-types/finding.js';
import type { ErrorView } from './api-types/problem.js';
import type { TargetCounts, TargetView } from './api-types/target.js';
import type { AlertingView, WatcherView } from './api-types/watcher.js';
import type { Identity } from './authentication.js';
import type { ScrapedTarget, WatcherHealth } from './status-reader.js';

/** How meshslo itself is, as the API tells it. */
export function watcherView(
  health: WatcherHealth,
  targets: readonly ScrapedTarget[],
  {
    version,
    now,
    identity,
    findings,
  }: {
    version: string;
    now: EpochSeconds;
    identity: Identity | undefined;
    findings: FindingCounts;
  },
): WatcherView {
  const counted = newestSlot(health)?.countedUntilSeconds ?? null;
  return {
    version,
    startedSeconds: health.startedAt,
    uptimeSeconds: Math.max(0, now - health.startedAt),
    countedUntilSeconds: counted,
    lagSeconds: counted === null ? null : Math.max(0, now - counted),
    slotsWaiting: health.slotsWaiting,
    failure: errorView(health.failure),
    targets: targetCounts(targets),
    places: health.places.map(({ lastSuccessAt, failure, ...place }) => ({
      ...place,
      lastSuccessSeconds: lastSuccessAt ?? null,
      error: errorView(failure),
    })),
    refusedServices: health.refusedServices,
    targetsOverServiceLimit: overServiceLimit(targets).length,
    refusedConfiguration: health.refusedConfiguration
      ? { sinceSeconds: health.refusedConfiguration.at, mistakes: health.refusedConfiguration.mistakes }
      : null,
    lossesSinceSeconds: health.lossesSince,
    gaps: health.gaps.map(({ from, to }) => ({ fromSeconds: from, toSeconds: to })),
    unseen: health.unseen,
    importedOrigins: health.importedOrigins,
    alerting: alertingView(health.alerting),
    findings,
    identity: identity ?? null,
  };
}

function alertingView(state: WatcherHealth['alerting']): AlertingView {
  return {
    ...state.firing,
    inhibited: state.inhibited,
    lastLookSeconds: state.lastLookAt,
    error: errorView(state.failure),
    unsaved: state.unsaved?.episodes ?? 0,
    alertmanagers: state.alertmanagers.map((health) => ({
      url: health.url,
      lastSuccessSeconds: health.lastSuccessAt ?? null,
      troubleSinceSeconds: health.troubleSince ?? null,
      error: errorView(health.failure),
      refused: health.refused?.alerts ?? 0,
      waiting: health.waiting,
    })),
  };
}

/** What a page that begins to listen is told; undefined while the ledger is empty. */
export function newestSlot({ lastSlot }: WatcherHealth): SlotEvent | undefined {
  return lastSlot && { countedUntilSeconds: lastSlot.start + lastSlot.seconds };
}

/** How many targets answer. */
export function targetCounts(targets: readonly ScrapedTarget[]): TargetCounts {
  const counts = { up: 0, down: 0, unknown: 0 };
  for (const { up } of targets) counts[up === undefined ? 'unknown' : up ? 'up' : 'down'] += 1;
  return counts;
}

/** Targets that show more services than one may bring in. */
export function overServiceLimit<T extends Pick<ScrapedTarget, 'refusedServices'>>(
  targets: readonly T[],
): readonly T[] {
  return targets.filter(({ refusedServices }) => refusedServices > 0);
}

/** A target as the API tells it; numbers of a good scrape are null before the first one. */
export function targetView(target: ScrapedTarget): TargetView {
  const seen = target.lastSuccessAt !== undefined;
  return {
    job: target.job,
    mesh: target.mesh,
    url: target.url,
    labels: target.labels,
    up: target.up ?? null,
    lastScrapeSeconds: target.lastScrapeAt ?? null,
    lastSuccessSeconds: target.lastSuccessAt ?? null,
    durationSeconds: target.durationSeconds ?? null,
    bodyBytes: seen ? target.bodyBytes : null,
    series: seen ? target.series : null,
    badLines: seen ? target.badLines : null,
    duplicates: seen ? target.duplicates : null,
    unreadable: seen ? target.unreadable : null,
    unmeasured: target.unmeasured,
    refusedServices: seen ? target.refusedServices : null,
    error: errorView(target.failure),
  };
}

/** A failure as the API tells it. */
export function errorView(failure: WatcherHealth['failure']): ErrorView | null {
  return failure ? { code: failure.code, message: failure.message, hint: failure.hint ?? null } : null;
}
