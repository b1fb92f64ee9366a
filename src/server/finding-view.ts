import { type KeptFinding, severityOf } from '../domain/finding.js';
import type { FindingSeverity } from '../domain/finding-kinds.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import { serviceKey } from '../domain/service-id.js';
import type { FindingsState } from '../findings/finding-desk.js';
import type { FindingCounts, FindingView, LookView } from './api-types/finding.js';
import type { MeshEventView } from './api-types/mesh-event.js';
import { errorView } from './watcher-view.js';

const ranks: Readonly<Record<FindingSeverity, number>> = { critical: 0, warning: 1, info: 2 };

/** A finding as the API tells it. */
export function findingView(finding: KeptFinding): FindingView {
  const { id, kind, subject, summary, evidence, action } = finding;
  return {
    id,
    kind,
    severity: severityOf(finding),
    subject,
    owner: finding.owner ?? null,
    summary,
    evidence,
    action,
    sinceSeconds: finding.since ?? null,
    firstSeenSeconds: finding.firstSeen,
    lastSeenSeconds: finding.lastSeen,
    resolvedSeconds: finding.resolvedAt ?? null,
  };
}

/** What matters most first; then by kind, and of one kind the oldest first. */
export function byWeight(findings: readonly KeptFinding[]): readonly KeptFinding[] {
  return [...findings].sort(
    (a, b) =>
      ranks[severityOf(a)] - ranks[severityOf(b)] ||
      (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) ||
      a.firstSeen - b.firstSeen ||
      (a.id < b.id ? -1 : 1),
  );
}

export function findingCounts(findings: readonly KeptFinding[]): FindingCounts {
  const counts = { critical: 0, warning: 0, info: 0 };
  for (const finding of findings) counts[severityOf(finding)] += 1;
  return counts;
}

export function lookViews({ sources, leftOut }: FindingsState): readonly LookView[] {
  return sources.map(({ name, everySeconds, lookedAt, trouble }) => ({
    source: name,
    everySeconds,
    lookedSeconds: lookedAt ?? null,
    error: errorView(trouble),
    leftOut: leftOut.get(name) ?? 0,
  }));
}

export function meshEventView({ kind, at, service, summary, facts }: MeshEvent): MeshEventView {
  return { kind, atSeconds: at, service: service ? serviceKey(service) : null, summary, facts };
}
