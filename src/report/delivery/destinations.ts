import { reachesAnybody } from '../../config/check-destinations.js';
import { fitsPattern } from '../../config/file-patterns.js';
import type { ReportDestination, ReportSettings } from '../../config/reports.js';
import type { ArchivedScope } from '../../domain/report-id.js';

/** Where a report goes, and whether it is for want of a place of its own. */
export interface ChosenDestination {
  readonly destination: ReportDestination;
  readonly isFallback: boolean;
}

/** The organisation's own; for a team the first that fits its owner, else the default. */
export function destinationOf(settings: ReportSettings, scope: ArchivedScope): ChosenDestination {
  if (scope.kind === 'organisation') return { destination: settings.organisation, isFallback: false };
  const team = settings.teams.find(({ owner }) => fitsPattern(owner, scope.owner));
  return team ? { destination: team, isFallback: false } : { destination: settings.fallback, isFallback: true };
}

/** Owners whose reports reach nobody, where reports of others do. */
export function unreachedOwners(settings: ReportSettings, owners: readonly string[]): readonly string[] {
  const { teams, fallback } = settings;
  if (teams.length === 0 && !reachesAnybody(fallback)) return [];
  return owners.filter((owner) => !reachesAnybody(destinationOf(settings, { kind: 'team', owner }).destination));
}
