import type { AlertEpisode } from '../domain/alert.js';
import type { AlertName } from '../domain/alert-names.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { ServiceId } from '../domain/service-id.js';
import type { TimeRange } from '../domain/window.js';
import type { AlertStore } from '../ledger/alert-store.js';
import { breathe } from './breathe.js';
import type { AlertsOfWeek, ReportAlert } from './week-surroundings.js';

const episodesPerPage = 500;

/** So many episodes are told one by one. */
const mostTold = 20;

/** Every episode that went on at some moment of a stretch, newest first; heartbeats are none. */
export async function episodesOf(alerts: Pick<AlertStore, 'find'>, range: TimeRange): Promise<readonly AlertEpisode[]> {
  const found: AlertEpisode[] = [];
  for (let cursor: string | undefined; ;) {
    const page = alerts.find({ range, limit: episodesPerPage, ...(cursor !== undefined && { cursor }) });
    found.push(...page.episodes.filter(({ severity }) => severity !== 'heartbeat'));
    if (page.next === undefined) return found;
    cursor = page.next;
    await breathe();
  }
}

/** What fired, how often, and what people said of it. */
export function alertsOfWeek(episodes: readonly AlertEpisode[], knownUntil: EpochSeconds): AlertsOfWeek {
  const count = (of: (episode: AlertEpisode) => boolean): number => episodes.filter(of).length;
  const names = [...new Set(episodes.map(({ name }) => name))];
  const byName = names.map((name) => {
    const fired = episodes.filter((episode) => episode.name === name);
    return { name, fired: fired.length, noise: fired.filter(({ noise }) => noise !== undefined).length };
  });
  const told = [...episodes].sort(
    (a, b) =>
      Number(b.severity === 'page') - Number(a.severity === 'page') ||
      b.startedAt - a.startedAt ||
      (a.id < b.id ? -1 : 1),
  );
  return {
    pages: count(({ severity }) => severity === 'page'),
    tickets: count(({ severity }) => severity === 'ticket'),
    inhibited: count(({ inhibited }) => inhibited),
    acknowledged: count(({ acknowledged }) => acknowledged !== undefined),
    noise: count(({ noise }) => noise !== undefined),
    byName: byName.sort((a, b) => b.fired - a.fired || (a.name < b.name ? -1 : 1)),
    told: told.slice(0, mostTold).map((episode) => reportAlert(episode, knownUntil)),
  };
}

/** @param knownUntil what ended later went on */
export function reportAlert(episode: AlertEpisode, knownUntil: EpochSeconds): ReportAlert {
  const { id, name, severity, labels, annotations, startedAt, endedAt, noise } = episode;
  return {
    id,
    name,
    severity,
    service: alertService(labels),
    slo: labels['slo'],
    owner: labels['owner'],
    summary: annotations['summary'] ?? name,
    startedAt,
    endedAt: endedAt !== undefined && endedAt <= knownUntil ? endedAt : undefined,
    noise,
  };
}

/** The service that an alert is about; undefined for what concerns meshslo itself or a target. */
export function alertService({ cluster, namespace, service }: AlertEpisode['labels']): ServiceId | undefined {
  return cluster && namespace && service ? { cluster, namespace, name: service } : undefined;
}

/** Whether the alert is about the pace at which an SLO's budget goes. */
export function isBurnAlert({ name }: Pick<AlertEpisode, 'name'>): boolean {
  const burning: readonly AlertName[] = ['ErrorBudgetBurnFast', 'ErrorBudgetBurnSlow'];
  return burning.some((one) => one === name);
}
