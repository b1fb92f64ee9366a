import { existsSync } from 'node:fs';
import { severityOf } from '../domain/finding.js';
import type { AlertEpisode } from '../domain/alert.js';
import type { TimeRange } from '../domain/window.js';
import { Ledger } from '../ledger/ledger.js';
import { alertMoment, eventMoment, findingMoment, type PastMoment, type PastReader } from '../publish/past-moment.js';

/** What has happened, as a ledger tells it that somebody else may be writing; undefined where there is none. */
export function pastOfFile(path: string): PastReader | undefined {
  if (!existsSync(path)) return undefined;
  return (range) => {
    const ledger = Ledger.open(path, { readOnly: true });
    try {
      return pastOf(ledger, range);
    } finally {
      ledger.close();
    }
  };
}

/** Alerts that called somebody, findings that matter, and events; what went on at some moment of a range belongs to it. */
export function pastOf(
  { alerts, events, findings }: Pick<Ledger, 'alerts' | 'events' | 'findings'>,
  range: TimeRange,
): readonly PastMoment[] {
  const ongoing = findings.ongoing().flatMap(({ finding }) => (finding.firstSeen < range.to ? [finding] : []));
  const told = [...findings.resolvedDuring(range), ...ongoing].filter((finding) => severityOf(finding) !== 'info');
  return [
    ...episodes(alerts, range).map(alertMoment),
    ...told.map(findingMoment),
    ...events.during(range, undefined).map(eventMoment),
  ];
}

function episodes(alerts: Ledger['alerts'], range: TimeRange): readonly AlertEpisode[] {
  const found: AlertEpisode[] = [];
  for (let cursor: string | undefined; ;) {
    const page = alerts.find({ range, inhibited: false, limit: 1000, ...(cursor !== undefined && { cursor }) });
    found.push(...page.episodes.filter(({ severity }) => severity !== 'heartbeat'));
    cursor = page.next;
    if (cursor === undefined) return found;
  }
}
