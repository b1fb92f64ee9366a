import type { MuteTime, NotificationSettings, RoutedSeverity } from '../../config/notifications.js';
import { routedSeverities } from '../../config/notifications.js';
import { alertNames } from '../../domain/alert-names.js';
import { formatDuration } from '../../domain/duration.js';
import { labelFits, labelIs, labelIsOneOf } from './matcher.js';
import { muteTimeName, reach } from './mute-times.js';
import type { Section } from './receivers.js';
import { nobody, receiverName } from './receivers.js';

/** The route of everything that meshslo tells, to be put under a root: the watchdog, then pages, then tickets. */
export function ownRoute(settings: NotificationSettings): Section {
  return {
    matchers: [labelIsOneOf('alertname', [...alertNames].sort())],
    ...receiverOf(settings, settings.fallback.ticket),
    ...timing(settings, 'ticket'),
    routes: [watchdogRoute(settings), ...routedSeverities.map((severity) => severityRoute(settings, severity))],
  };
}

/** How alerts of a severity are grouped, and how often they are told. */
export function timing({ grouping }: NotificationSettings, severity: RoutedSeverity): Section {
  const { by, waitSeconds, intervalSeconds, repeatSeconds } = grouping[severity];
  return {
    group_by: by,
    group_wait: formatDuration(waitSeconds),
    group_interval: formatDuration(intervalSeconds),
    repeat_interval: formatDuration(repeatSeconds),
  };
}

/** The receiver as Alertmanager calls it. */
export function receiverOf({ receivers }: NotificationSettings, name: string): { readonly receiver: string } {
  // The configuration was checked: every name that is used is there.
  return { receiver: receiverName(receivers.find((one) => one.name === name)!) };
}

function watchdogRoute(settings: NotificationSettings): Section {
  const { heartbeat } = settings;
  const matchers = [labelIs('alertname', 'MeshsloWatchdog')];
  if (heartbeat === undefined) return { matchers, receiver: nobody };
  // Alertmanager repeats at the first of its intervals after the time is up; with two equal ones it would be every other one.
  return {
    matchers,
    ...receiverOf(settings, heartbeat.receiver),
    // Each of those who watch for itself: a message about one says nothing of the other.
    group_by: ['alertname', 'cluster', 'watcher'],
    group_wait: '0s',
    group_interval: formatDuration(heartbeat.everySeconds / 2),
    repeat_interval: formatDuration(heartbeat.everySeconds * 0.9),
  };
}

function severityRoute(settings: NotificationSettings, severity: RoutedSeverity): Section {
  const { owners, fallback } = settings;
  const mutes = settings.muteTimes.filter((mute) => mute.severity === severity);
  const ownerRoutes = owners.flatMap(({ owner, receivers }) => {
    const receiver = receivers[severity];
    if (receiver === undefined) return [];
    return [{ matchers: [labelFits('owner', owner)], ...receiverOf(settings, receiver), ...muting(mutes, owner) }];
  });
  const { routes = [], ...rest } = muting(mutes, undefined);
  return {
    matchers: [labelIs('severity', severity)],
    ...receiverOf(settings, fallback[severity]),
    ...timing(settings, severity),
    ...rest,
    ...((ownerRoutes.length > 0 || routes.length > 0) && { routes: [...ownerRoutes, ...routes] }),
  };
}

interface Muting {
  readonly mute_time_intervals?: readonly string[];
  readonly routes?: readonly Section[];
}

/**
 * The mute times of a route whose alerts have owners of a pattern (undefined: any, or none), and further routes for
 * those of its owners that have more of them. The first route that fits counts, so each holds those of the mute times behind it.
 */
function muting(mutes: readonly MuteTime[], owner: string | undefined, known: readonly MuteTime[] = []): Muting {
  const all = mutes.filter((mute) => known.includes(mute) || reach(mute, owner) === 'all');
  const some = mutes.filter((mute) => !all.includes(mute) && reach(mute, owner) === 'some');
  const patterns = [...new Set(some.flatMap((mute) => mute.owner ?? []))];
  const routes = patterns.map((pattern, index) => {
    const left = new Set(patterns.slice(index));
    const still = mutes.filter((mute) => all.includes(mute) || left.has(mute.owner ?? ''));
    return { matchers: [labelFits('owner', pattern)], ...muting(still, pattern, all) };
  });
  return {
    ...(all.length > 0 && { mute_time_intervals: all.map(muteTimeName) }),
    ...(routes.length > 0 && { routes }),
  };
}
