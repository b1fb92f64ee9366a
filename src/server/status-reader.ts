import type { EpochSeconds } from '../domain/clock.js';
import type { Failure } from '../domain/failure.js';
import type { RequestFacts } from '../domain/series-meaning.js';
import type { ServiceId } from '../domain/service-id.js';
import type { SloId } from '../domain/slo.js';
import type { SloStatus } from '../domain/slo-status.js';
import type { TimeRange } from '../domain/window.js';

/**
 * All that the server knows of the world: what it shows is read from here at every request, and nothing is written.
 *
 * Every answer is a snapshot that stays as it is. Requests come often (a page asks once per slot, for every reader of it):
 * answers that cost more than some milliseconds are worth keeping until the next slot.
 */
export interface StatusReader {
  /** How every SLO stands, as of the newest slot, in any order. */
  statuses(): readonly SloStatus[];
  /** One SLO's slots, oldest first, without holes in time: a stretch that nobody observed has undefined counts. */
  series(id: SloId, range: TimeRange, stepSeconds: number): readonly SeriesPoint[];
  /** What an SLO's bad events were, largest first; rows and the rest add up to all bad events of the range. */
  breakdown(id: SloId, range: TimeRange): BadEvents;
  /** The last hours' traffic of every service that was ever seen. */
  traffic(): readonly ServiceTraffic[];
  /** Every thing that is scraped, or should be. */
  targets(): readonly TargetHealth[];
  /** How meshslo itself is. */
  health(): WatcherHealth;
}

/** One step of a series; counts are events, whatever the SLO's budget counts. */
export interface SeriesPoint {
  readonly at: EpochSeconds;
  readonly total: number | undefined;
  readonly bad: number | undefined;
}

export interface BadEvents {
  readonly rows: readonly { readonly facts: RequestFacts; readonly bad: number }[];
  /** Bad events of no row. */
  readonly otherBad: number;
}

export interface ServiceTraffic {
  readonly service: ServiceId;
  /** Start of the first step. */
  readonly from: EpochSeconds;
  readonly stepSeconds: number;
  /** Requests of each step, oldest first; undefined where nobody looked. */
  readonly requests: readonly (number | undefined)[];
}

/** What the last scrape of a target was like. */
export interface TargetHealth {
  readonly job: string;
  readonly mesh: string;
  readonly url: string;
  readonly labels: ReadonlyMap<string, string>;
  /** Undefined before the first scrape. */
  readonly up: boolean | undefined;
  readonly lastScrape: EpochSeconds | undefined;
  readonly durationSeconds: number | undefined;
  readonly bodyBytes: number | undefined;
  readonly series: number | undefined;
  readonly failure: Pick<Failure, 'code' | 'message'> | undefined;
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
  /** Where imported history came from; empty when everything was observed. */
  readonly importedOrigins: readonly string[];
  /** Sentences that say why nothing can be shown yet; empty once there is something to show. */
  readonly notReady: readonly string[];
}
