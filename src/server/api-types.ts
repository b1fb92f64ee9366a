import type { SloState } from '../domain/budget.js';
import type { RequestFacts } from '../domain/series-meaning.js';
import type { Budgeting, Indicator, Perspective, RequestFilter } from '../domain/slo.js';
import type { Urgency } from '../domain/urgency.js';
import type { Window } from '../domain/window.js';

/*
 * What the HTTP API says. Field names are stable; moments are seconds since the Unix epoch, ratios lie in [0, 1],
 * what is unknown is null. No field is ever NaN.
 */

/** One SLO: its definition, and how it stands. */
export interface SloView {
  /** `cluster/namespace/service/slo`, the path of its own resource below `/api/v1/slos/`, each part percent-encoded. */
  readonly id: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  readonly slo: string;
  readonly owner: string | null;
  readonly tier: string;
  /** `default`: of its tier; `file`: somebody wrote it. */
  readonly origin: 'default' | 'file';
  readonly indicator: Indicator;
  readonly perspective: Perspective;
  readonly filter: RequestFilter;
  readonly objective: number;
  readonly window: Window;
  readonly budgeting: Budgeting;
  readonly state: SloState;
  readonly urgency: Urgency;
  readonly atSeconds: number;
  readonly events: WindowView;
  readonly budget: BudgetView | null;
  /** The pace at which the budget is being spent; null without traffic. */
  readonly pace: PaceView | null;
  readonly burnRates: readonly BurnRateView[];
  /** When what it measures was last changed: nothing older is counted. Null where it never was. */
  readonly definedSinceSeconds: number | null;
  readonly firstObservedSeconds: number | null;
  readonly lastObservedSeconds: number | null;
}

/** The SLO's own window. Counts are slices where its budget counts slices. */
export interface WindowView {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly total: number;
  readonly bad: number;
  readonly goodRatio: number | null;
  readonly coverage: number;
  /** Of `total`: known to lie in the window, but not where in it; null where the counts are slices. */
  readonly unplaced: number | null;
  /** Of `total`: imported, not observed; null where the counts are slices. */
  readonly imported: number | null;
}

export interface BudgetView {
  readonly allowedEvents: number;
  readonly spentRatio: number;
  /** Negative when overspent. */
  readonly remainingRatio: number;
}

export interface PaceView {
  readonly windowSeconds: number;
  /** Times faster than allowed. */
  readonly burnRate: number;
  /** Null when nothing is being spent. */
  readonly exhaustedInSeconds: number | null;
}

export interface BurnRateView {
  readonly windowSeconds: number;
  readonly total: number;
  readonly bad: number;
  readonly coverage: number;
  readonly burnRate: number | null;
}

/** `GET /api/v1/slos`: most urgent first. */
export interface SloList {
  readonly slos: readonly SloView[];
}

/** `GET /api/v1/slos/{cluster}/{namespace}/{service}/{slo}?range=24h`, or `GET /api/v1/slo?id={id}&range=24h` */
export interface SloDetail {
  readonly slo: SloView;
  readonly series: {
    readonly fromSeconds: number;
    readonly toSeconds: number;
    readonly stepSeconds: number;
    readonly points: readonly SeriesPointView[];
  };
  /** Bad events of the range; the rows and the rest add up to all of them. */
  readonly breakdown: {
    readonly rows: readonly (RequestFacts & { readonly bad: number })[];
    readonly otherBad: number;
  };
}

/** Events of one step; null where nobody looked. */
export interface SeriesPointView {
  readonly atSeconds: number;
  readonly total: number | null;
  readonly bad: number | null;
}

/** `GET /api/v1/services` */
export interface ServiceList {
  readonly services: readonly ServiceView[];
}

export interface ServiceView {
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  readonly owner: string | null;
  readonly slos: number;
  /** That of its most urgent SLO; null without SLOs. */
  readonly urgency: Urgency | null;
  readonly traffic: TrafficView | null;
}

export interface TrafficView {
  readonly fromSeconds: number;
  readonly stepSeconds: number;
  /** Oldest first; null where nobody looked. */
  readonly requestsPerSecond: readonly (number | null)[];
}

/** `GET /api/v1/targets` */
export interface TargetList {
  readonly targets: readonly TargetView[];
}

export interface TargetView {
  readonly job: string;
  readonly mesh: string;
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Null before the first scrape. */
  readonly up: boolean | null;
  readonly lastScrapeSeconds: number | null;
  readonly lastSuccessSeconds: number | null;
  readonly durationSeconds: number | null;
  readonly bodyBytes: number | null;
  readonly series: number | null;
  /** Of the last good scrape: lines that are no samples, series that are there twice, samples that mean nothing known. */
  readonly badLines: number | null;
  readonly duplicates: number | null;
  readonly unreadable: number | null;
  readonly error: ErrorView | null;
}

/** Why something does not work, and what can be done about it. */
export interface ErrorView {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** Targets by what their last scrape was; unknown before the first. */
export interface TargetCounts {
  readonly up: number;
  readonly down: number;
  readonly unknown: number;
}

/** `GET /api/v1/status` */
export interface WatcherView {
  readonly version: string;
  readonly startedSeconds: number;
  readonly uptimeSeconds: number;
  /** End of the newest slot of the ledger: everything before it is counted. */
  readonly countedUntilSeconds: number | null;
  readonly lagSeconds: number | null;
  readonly slotsWaiting: number;
  readonly failure: ErrorView | null;
  readonly targets: TargetCounts;
  /** Every list that targets come from; one that cannot be read keeps its last good targets. */
  readonly places: readonly {
    readonly job: string;
    readonly place: string;
    readonly targets: number;
    readonly error: ErrorView | null;
  }[];
  /** Services without SLOs because there are too many already. */
  readonly refusedServices: number;
  /** The last change of the configuration, where it was refused; the one before is in force. */
  readonly refusedConfiguration: { readonly sinceSeconds: number; readonly mistakes: number } | null;
  /** Since when gaps and unseen ends are told: some days. */
  readonly lossesSinceSeconds: number;
  /** Stretches in which nobody counted, newest first. */
  readonly gaps: readonly { readonly fromSeconds: number; readonly toSeconds: number }[];
  /** Ends of processes, between last scrape and death, that nobody could count. */
  readonly unseen: { readonly processes: number; readonly seconds: number };
  readonly importedOrigins: readonly string[];
  /** Who asks; null where nobody has to say so. */
  readonly identity: { readonly name: string; readonly role: 'viewer' | 'editor' } | null;
}

/** Data of the server-sent event `slot` of `GET /api/v1/events`: a further slot has been counted. */
export interface SlotEvent {
  readonly countedUntilSeconds: number;
}

/**
 * An error, as `application/problem+json`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export interface Problem {
  /** `urn:meshslo:` and the code of the failure. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** What can be done about it. */
  readonly hint?: string;
}
