import type { AlertingState } from '../alerting/alert-desk.js';
import type { JudgedSlo } from '../domain/burn-verdict.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { Failure } from '../domain/failure.js';
import type { ServiceId } from '../domain/service-id.js';
import type { SloId } from '../domain/slo.js';
import type { SloStatus } from '../domain/slo-status.js';
import type { TimeRange } from '../domain/window.js';
import type { Breakdown } from '../ledger/breakdown-store.js';
import type { BurnDown } from '../ledger/burn-down.js';
import type { SeriesPoint } from '../ledger/series.js';
import type { SignalPoint } from '../ledger/signal-store.js';
import type { TargetHealth } from '../scrape/target-health.js';

/**
 * All that the server knows of the world: what it shows is read from here at every request, and nothing is written.
 *
 * Every answer is a snapshot that stays as it is. Requests come often (a page asks once per slot, for every reader of it):
 * answers that cost more than some milliseconds are worth keeping until the next slot.
 */
export interface StatusReader {
  /** Another one whenever an answer about SLOs or traffic may be another one. */
  readonly version: number;
  /** How every SLO stands, as of the newest slot, and what its alert policy says of it; in any order. */
  statuses(): readonly JudgedSlo[];
  /** The slots of SLOs, oldest first, without holes in time; an SLO that was never declared is left out. */
  series(ids: readonly SloId[], range: TimeRange, stepSeconds: number): ReadonlyMap<SloId, readonly SeriesPoint[]>;
  /** What an SLO's bad events were, largest first; rows and the rest add up to all bad events of the range. */
  breakdown(id: SloId, range: TimeRange): Pick<Breakdown, 'range' | 'rows' | 'other'>;
  /** How one SLO's budget went down over the last week. */
  burnDown(status: SloStatus): BurnDown;
  /** The golden signals of one service, a point for every step. */
  signals(service: ServiceId, range: TimeRange, stepSeconds: number): readonly SignalPoint[];
  /** Stretches of the range, in whole minutes, in which nobody counted; time before the first slot is not told. */
  gaps(range: TimeRange): readonly TimeRange[];
  /** Where imported history ends; undefined where there is none. */
  importedUntil(): EpochSeconds | undefined;
  /** The last hours' traffic of every service that was ever seen. */
  traffic(): readonly ServiceTraffic[];
  /** Every thing that is scraped, or should be. */
  targets(): readonly ScrapedTarget[];
  /** How meshslo itself is. */
  health(): WatcherHealth;
}

export interface ServiceTraffic {
  readonly service: ServiceId;
  /** Start of the first step. */
  readonly from: EpochSeconds;
  readonly stepSeconds: number;
  /** Requests of each step, oldest first; undefined where nobody looked. */
  readonly requests: readonly (number | undefined)[];
  /** How much of each step somebody observed; the requests came in that time. */
  readonly observedSeconds: readonly number[];
}

/** A target, and the mesh that its job is for. */
export interface ScrapedTarget extends TargetHealth {
  readonly mesh: string;
}

/** One place that a job depends on: its targets in the configuration, a file, at an address; or its certificates and secrets. */
export interface TargetPlace {
  readonly job: string;
  readonly kind: 'static' | 'file' | 'dns' | 'http' | 'secrets';
  readonly place: string;
  /** As of its last good answer. */
  readonly targets: number;
  readonly lastSuccessAt: EpochSeconds | undefined;
  /** Why it cannot be read now; its last good targets stay. */
  readonly failure: Pick<Failure, 'code' | 'message' | 'hint'> | undefined;
}

export interface WatcherHealth {
  readonly startedAt: EpochSeconds;
  /** Start of the newest slot in the ledger, and its length; undefined while it is empty. */
  readonly lastSlot: { readonly start: EpochSeconds; readonly seconds: number } | undefined;
  /** Slots that are counted and could not be written yet. */
  readonly slotsWaiting: number;
  /** Why the last slot could not be written. */
  readonly failure: Pick<Failure, 'code' | 'message' | 'hint'> | undefined;
  /** Stretches of the last days in which nobody counted, newest first. */
  readonly gaps: readonly TimeRange[];
  /** Ends of processes that nobody could count, of the same days: how many, and how long together. */
  readonly unseen: { readonly processes: number; readonly seconds: number };
  /** Since when gaps and unseen ends are told. */
  readonly lossesSince: EpochSeconds;
  readonly places: readonly TargetPlace[];
  /** Services without SLOs because there are too many already. */
  readonly refusedServices: number;
  /** The last change of the configuration, where it was refused; the one before is in force. */
  readonly refusedConfiguration: { readonly at: EpochSeconds; readonly mistakes: number } | undefined;
  readonly alerting: AlertingState;
  /** Where imported history came from; empty when everything was observed. */
  readonly importedOrigins: readonly string[];
  /** Sentences that say why nothing can be shown yet; empty once there is something to show. */
  readonly notReady: readonly string[];
}
