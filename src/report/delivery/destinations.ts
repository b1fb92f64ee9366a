import { reachesAnybody } from '../../config/check-destinations.js';
import { fitsPattern } from '../../config/file-patterns.js';
import { mailboxKey } from '../../config/mail-address.js';
import type { ReportDestination, ReportSettings, ReportWebhookSettings } from '../../config/reports.js';
import { type ArchivedScope, parseReportId } from '../../domain/report-id.js';
import type { Letter } from '../../ledger/letter-store.js';

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

/** Whether a report is still for whom a letter was written: somebody may have been taken out of the configuration since. */
export function isStillFor(settings: ReportSettings, { report, way, recipient }: Letter): boolean {
  const name = parseReportId(report);
  if (!name) return false;
  const { addresses, slack, webhooks } = destinationOf(settings, name.scope).destination;
  switch (way) {
    case 'mail':
      return addresses.some((one) => mailboxKey(one) === mailboxKey({ address: recipient }));
    case 'slack':
      return slack.some(({ urlFile }) => urlFile === recipient);
    case 'webhook':
      return webhooks.some((one) => webhookName(one) === recipient);
  }
}

/** Where a webhook's address stands, or the address where it is no secret. */
export function webhookName({ url }: Pick<ReportWebhookSettings, 'url'>): string {
  return url.kind === 'file' ? url.file : url.url;
}

/** Owners whose reports reach nobody, where reports of others do. */
export function unreachedOwners(settings: ReportSettings, owners: readonly string[]): readonly string[] {
  const { teams, fallback } = settings;
  if (teams.length === 0 && !reachesAnybody(fallback)) return [];
  return owners.filter((owner) => !reachesAnybody(destinationOf(settings, { kind: 'team', owner }).destination));
}
