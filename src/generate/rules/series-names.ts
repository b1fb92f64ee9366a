import { formatDuration } from '../../domain/duration.js';

/** Labels of every series that is about a service. */
export const serviceLabels = ['cluster', 'namespace', 'service'] as const;

/** Labels of recorded events: one SLI of one service. */
export const sliLabels = [...serviceLabels, 'sli'] as const;

/** Labels of an SLO's own series and alerts. */
export const sloLabels = [...serviceLabels, 'slo', 'owner'] as const;

/** All labels of an objective. */
export const objectiveLabels = [...sloLabels, 'sli', 'policy', 'pages', 'tier', 'window'] as const;

/** All events of an SLI, or only the bad ones. */
export type EventKind = 'events' | 'bad_events';

/** What is recorded of an SLI; of longer windows, good events are the others' difference. */
export type EventPart = EventKind | 'good_events';

/** Events that happened within the minute before. */
export function minuteEvents(kind: EventPart): string {
  return `service_sli:${kind}:delta1m`;
}

/** What the counters of one target hold of an SLI of a service, at either {@link HeldMoment}. */
export function heldEvents(kind: EventPart): string {
  return `service_target:${kind}:held`;
}

/**
 * What the counters of a target hold by `now`, and what those of them that have not begun again since held a minute `before`.
 *
 * One rule reads both of the same samples: taken together they are the growth, and each by itself lasts for longer.
 */
export type HeldMoment = 'now' | 'before';

/** The label that tells them apart. */
export const heldMoment = 'moment';

/** The value of {@link heldMoment} of one series more of each part of an SLI: when it was read, in seconds since 1970. */
export const heldAt = 'at';

/** When the counters of a minute were to have been read, in seconds since 1970. */
export const minuteAt = 'meshslo:minute:timestamp_seconds';

/** The label of what a group records for itself, where SLIs are counted in several. */
export const portionLabel = 'portion';

/** Events of targets that came back after a gap: counted, but nobody knows in which minute of the gap they happened. */
export function unplacedEvents(kind: EventPart): string {
  return `service_sli:${kind}:unplaced5m`;
}

/** Events of five minutes, and those of the gaps that ended in them. */
export function fiveMinuteEvents(kind: EventKind): string {
  return `service_sli:${kind}:delta5m`;
}

/** The time of the newest minute that `delta5m` holds, in seconds since 1970. */
export const fiveMinutesAt = 'service_sli:delta5m:timestamp_seconds';

/** Events of a longer window that ends now. */
export function windowEvents(kind: EventKind, windowSeconds: number): string {
  return windowSeconds === 60 ? minuteEvents(kind) : `service_sli:${kind}:sum${formatDuration(windowSeconds)}`;
}

/** Targets that are seen for the first time in five minutes although their process is older: their counters are no growth. */
export const firstSight = 'target:first_sight:uptime_seconds';

/** By how much older the processes of targets are that came back from a gap in these five minutes. Seldom there. */
export const gapEnd = 'target:gap_end:aged_seconds';

/** The most bad events that one minute of a longer window holds. */
export function worstMinute(windowSeconds: number): string {
  return `service_sli:bad_events:max${formatDuration(windowSeconds)}`;
}

/** The objective of an SLO, in (0, 1): a constant. */
export const objective = 'slo:objective:ratio';

/** The share of bad events that an SLO allows: 1 - objective. */
export const budget = 'slo:error_budget:ratio';

/** The burn rate over the long window of a policy's step, for every SLO for which the step is active. Seldom there. */
export const burnStep = 'slo:burn_step:burn_rate';

/** A target, and a service that its proxy counts requests of. */
export const carrier = 'service_target:carrier:info';

/** A target that answers, and a service that it stands for and that nobody counts requests of. Seldom there. */
export const silent = 'service_target:silent:info';

/** The five minutes of the last day in which an SLI of a service was counted. */
export const countedDay = 'service_sli:counted:count1d';

/** All calls of a service to another, those that failed, or the others. */
export type CallKind = 'calls' | 'bad_calls' | 'good_calls';

/** Calls of a service to another in a quarter of an hour, as its own proxies saw them. */
export function dependencyCalls(kind: CallKind): string {
  return `service_dependency:${kind}:delta15m`;
}

/** Requests of a service itself in the same quarter of an hour. */
export const callersRequests = 'service_dependency:requests:delta15m';

/** Labels of the service that is called; `serviceLabels` say who calls. */
export const dependencyLabels = ['dependency_cluster', 'dependency_namespace', 'dependency_service'] as const;

/** Failed calls to a dependency for each request of the service, as far as the dependency promised no better; three days. */
export const promisedFailures = 'service_dependency:bad_calls_per_request:ratio3d';

/** The share of scrapes of the proxies of a service that succeeded in two minutes. */
export const scrapeCoverageStep = 'service:scrapes:coverage2m';

/** The same of the last six hours. */
export const scrapeCoverage = 'service:scrapes:coverage6h';
