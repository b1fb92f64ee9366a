import type { AlertEpisode } from '../domain/alert.js';
import type { SloState } from '../domain/budget.js';
import type { CatalogService } from '../domain/catalog-service.js';
import type { KeptFinding } from '../domain/finding.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import { type ServiceId, serviceKey } from '../domain/service-id.js';
import type { SloId } from '../domain/slo.js';
import { SloEventsReader } from '../ledger/slo-events.js';
import { alertService, alertsOfWeek } from './alerts-of-week.js';
import { attention } from './attention/attention.js';
import { breathe } from './breathe.js';
import { budgetCurve } from './budget-curve.js';
import { burnCause } from './burn-cause.js';
import { burnEvents } from './burn-events.js';
import type { BurnRun } from './burn-runs.js';
import { coverageOfWeek } from './coverage-of-week.js';
import { headline, promiseCounts } from './headline.js';
import { HourTable } from './hour-table.js';
import { migrationOfWeek } from './migration-of-week.js';
import { worstFirst } from './order-of-slos.js';
import { concerns, reportFinding } from './report-finding.js';
import type { ReportSource } from './report-source.js';
import { requestsOfWeek } from './requests-of-week.js';
import { teamsOfWeek } from './teams-of-week.js';
import type { BurnCause } from './burn-event.js';
import { reportFormat, type ReportPeriod, type ReportScope, type WeekReport } from './week-report.js';
import type { SloWeek } from './slo-week.js';
import { worstHours } from './worst-hours.js';

/** Budgets that are drawn. */
const mostCurves = 7;

/** What is read of a week, for reports of all scopes. */
export interface BookParts {
  readonly source: ReportSource;
  readonly period: ReportPeriod;
  readonly before: readonly { readonly week: string }[];
  readonly weeks: readonly SloWeek[];
  /** Of the SLO at the same position, at the ends of the weeks before. */
  readonly statesBefore: readonly (readonly (SloState | undefined)[])[];
  readonly events: SloEventsReader;
  readonly table: HourTable;
  readonly episodes: readonly AlertEpisode[];
  readonly burning: ReadonlyMap<SloId, readonly AlertEpisode[]>;
  readonly runs: readonly BurnRun[];
}

/** The report of one scope, cut from what is read of everybody. */
export async function scopedReport(scope: ReportScope, parts: BookParts): Promise<WeekReport> {
  const { source, period, before, weeks, statesBefore, events, table, burning } = parts;
  const { ledger } = source;
  const range = { from: period.from, to: period.knownUntil };
  const numbers = weeks.flatMap(({ slo }, number) => (isIn(scope, slo) ? [number] : []));
  const inside = new Set(numbers);
  const slos = worstFirst(numbers.map((number) => weeks[number]!));
  const numberOf = new Map(numbers.map((number) => [weeks[number]!.id, number]));
  await breathe();
  const services = new Set(slos.map(({ slo }) => serviceKey(slo.service)));
  const episodes = parts.episodes.filter(({ labels }) => isAboutScope(scope, alertService(labels), services));
  const burns = await burnEvents(
    parts.runs.filter(({ slo }) => inside.has(slo)),
    { source, events, slos: weeks, episodes: burning, knownUntil: period.knownUntil },
  );
  await breathe();
  const findings = source.findings
    ?.during(range)
    .filter((finding) => isFindingOf(scope, finding, slos))
    .map((finding) => reportFinding(finding, period.knownUntil));
  const hours = worstHours(table, weeks, numbers);
  await breathe();
  const coverage = coverageOfWeek(ledger, period, slos);
  const requests = requestsOfWeek(slos);
  await breathe();
  const report = {
    format: reportFormat,
    scope,
    period,
    revision: undefined,
    headline: headline(slos, period),
    counts: promiseCounts(slos.map(({ state }) => state)),
    countsBefore: before.map(({ week }, index) => ({
      week,
      ...promiseCounts(numbers.flatMap((number) => statesBefore[number]![index] ?? [])),
    })),
    requests,
    teams: scope.kind === 'organisation' ? teamsOfWeek(slos) : [],
    slos,
    curves: slos
      .filter(({ budget }) => budget !== undefined)
      .slice(0, mostCurves)
      .flatMap((slo) => budgetCurve(table, numberOf.get(slo.id)!, slo) ?? []),
    burnEvents: burns,
    worstHours: hours,
    alerts: alertsOfWeek(episodes, period.knownUntil),
    corrections: source.corrections?.(range).filter((one) => one.services.some((id) => services.has(serviceKey(id)))),
    migration: migration(scope, source, range, services),
    coverage,
    findings,
    page: source.page,
  } satisfies Omit<WeekReport, 'attention'>;
  await breathe();
  const causeOf = (id: SloId): BurnCause | undefined => {
    const { slo, week } = weeks[numberOf.get(id)!]!;
    // Weeks begin and end between slots of 5 minutes; of slices, the events are not known.
    return burnCause(ledger.breakdown(id, range, slo.budgeting.method === 'occurrences' ? week.bad : undefined));
  };
  return { ...report, attention: attention({ ...report, causeOf }) };
}

function isIn(scope: ReportScope, { service, owner }: SloWeek['slo']): boolean {
  switch (scope.kind) {
    case 'organisation':
      return true;
    case 'team':
      return owner === scope.owner;
    case 'service':
      return serviceKey(service) === serviceKey(scope.service);
  }
}

/** What concerns no service is the organisation's. */
function isAboutScope(scope: ReportScope, service: ServiceId | undefined, services: ReadonlySet<string>): boolean {
  if (scope.kind === 'organisation') return true;
  return service !== undefined && services.has(serviceKey(service));
}

function isFindingOf(scope: ReportScope, finding: KeptFinding, slos: readonly SloWeek[]): boolean {
  if (scope.kind === 'organisation') return true;
  if (scope.kind === 'team' && finding.owner === scope.owner) return true;
  return slos.some(({ slo }) => concerns(finding, slo.service) === true);
}

function migration(
  scope: ReportScope,
  { catalog, findings, now }: ReportSource,
  range: { readonly from: number; readonly to: number },
  services: ReadonlySet<string>,
): WeekReport['migration'] {
  if (!catalog) return undefined;
  const isOurs = ({ id, owner }: CatalogService): boolean =>
    scope.kind === 'organisation' || (scope.kind === 'team' ? owner === scope.owner : services.has(serviceKey(id)));
  const ours = catalog.services().filter(isOurs);
  const keys = new Set(ours.map(({ id }) => serviceKey(id)));
  const isEventOfOurs = ({ service }: MeshEvent): boolean => service !== undefined && keys.has(serviceKey(service));
  return migrationOfWeek(ours, findings?.events(range).filter(isEventOfOurs) ?? [], now);
}
