import { type KeptFinding, severityOf } from '../domain/finding.js';
import type { ServiceId } from '../domain/service-id.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { ReportFinding } from './week-surroundings.js';

/** @param knownUntil what was resolved later was open */
export function reportFinding(finding: KeptFinding, knownUntil: EpochSeconds): ReportFinding {
  const { id, kind, summary, action, owner, firstSeen, resolvedAt } = finding;
  return {
    id,
    kind,
    severity: severityOf(finding),
    summary,
    action,
    owner,
    firstSeen,
    resolvedAt: resolvedAt !== undefined && resolvedAt <= knownUntil ? resolvedAt : undefined,
  };
}

/** Whether a finding is about this service; undefined where it names none, but may concern all of its cluster. */
export function concerns({ subject }: Pick<KeptFinding, 'subject'>, service: ServiceId): boolean | undefined {
  const same = (key: 'cluster' | 'namespace'): boolean => subject[key] === undefined || subject[key] === service[key];
  if (!same('cluster')) return false;
  if (subject['service'] === undefined) return undefined;
  return subject['service'] === service.name && same('namespace');
}
