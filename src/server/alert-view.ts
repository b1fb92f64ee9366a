import type { AlertEpisode, AlertMark } from '../domain/alert.js';
import type { AlertView, MarkView } from './api-types/alert.js';

/** An alert as the API tells it. */
export function alertView(episode: AlertEpisode): AlertView {
  const { id, name, severity, labels, annotations, inhibited } = episode;
  return {
    id,
    name,
    severity,
    labels,
    cluster: labels['cluster'] ?? null,
    namespace: labels['namespace'] ?? null,
    service: labels['service'] ?? null,
    slo: labels['slo'] ?? null,
    owner: labels['owner'] ?? null,
    summary: annotations['summary'] ?? null,
    description: annotations['description'] ?? null,
    action: annotations['action'] ?? null,
    pageUrl: annotations['page_url'] ?? null,
    runbookUrl: annotations['runbook_url'] ?? null,
    dashboardUrl: annotations['dashboard_url'] ?? null,
    startedSeconds: episode.startedAt,
    endedSeconds: episode.endedAt ?? null,
    inhibited,
    acknowledged: markView(episode.acknowledged),
    noise: markView(episode.noise),
  };
}

function markView(mark: AlertMark | undefined): MarkView | null {
  return mark ? { by: mark.by, atSeconds: mark.at, note: mark.note } : null;
}
