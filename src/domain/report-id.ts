import { type IsoWeek, isoWeekName, parseIsoWeek } from './iso-week.js';
import { encodedPart } from './well-formed.js';

/** Scopes whose reports have an address of their own and are archived. */
export type ArchivedScope =
  | { readonly kind: 'organisation' }
  /** All services of one owner. */
  | { readonly kind: 'team'; readonly owner: string };

/** Which report, and which revision of it. */
export interface ReportName {
  readonly week: IsoWeek;
  readonly scope: ArchivedScope;
  /** 1 for the first. */
  readonly revision: number;
}

/** `2026-W47`, `2026-W47.team-shop`, `2026-W47.team-shop~2`: permanent, and part of the report's address. */
export function reportId({ week, scope, revision }: ReportName): string {
  const team = scope.kind === 'team' ? `.${encodedPart(scope.owner).replaceAll('~', '%7E')}` : '';
  return `${isoWeekName(week)}${team}${revision > 1 ? `~${revision}` : ''}`;
}

/** The inverse of {@link reportId}; undefined for any other text. */
export function parseReportId(id: string): ReportName | undefined {
  const [, name = '', team, revision] = /^(\d{4}-W\d{2})(?:\.([^~]+))?(?:~([1-9]\d{0,3}))?$/.exec(id) ?? [];
  const week = parseIsoWeek(name);
  const owner = team === undefined ? undefined : decoded(team);
  if (!week || (team !== undefined && owner === undefined)) return undefined;
  const scope: ArchivedScope = owner === undefined ? { kind: 'organisation' } : { kind: 'team', owner };
  const found = { week, scope, revision: Number(revision ?? 1) };
  return reportId(found) === id ? found : undefined;
}

/** A scope as the archive keeps it: empty for the organisation, so that it comes first. */
export function scopeKey(scope: ArchivedScope): string {
  return scope.kind === 'organisation' ? '' : `team/${scope.owner}`;
}

/** The inverse of {@link scopeKey}. */
export function scopeOfKey(key: string): ArchivedScope {
  return key === '' ? { kind: 'organisation' } : { kind: 'team', owner: key.slice('team/'.length) };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
