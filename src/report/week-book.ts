import type { AlertEpisode } from '../domain/alert.js';
import type { SloState } from '../domain/budget.js';
import type { CatalogService } from '../domain/catalog-service.js';
import type { KeptFinding } from '../domain/finding.js';
import type { IsoWeek } from '../domain/iso-week.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import { type ServiceId, serviceKey } from '../domain/service-id.js';
import { type Slo, type SloId, sloId } from '../domain/slo.js';
import { SloEventsReader } from '../ledger/slo-events.js';
import { alertService, alertsOfWeek, episodesOf, isBurnAlert } from './alerts-of-week.js';
import { attention } from './attention.js';
import { breathe } from './breathe.js';
import { budgetCurve } from './budget-curve.js';
import { burnCause } from './burn-cause.js';
import { burnEvents } from './burn-events.js';
import { type BurnRun, burnRuns } from './burn-runs.js';
import { coverageOfWeek } from './coverage-of-week.js';
import { headline, promiseCounts } from './headline.js';
import { HourTable } from './hour-table.js';
import { migrationOfWeek } from './migration-of-week.js';
import { worstFirst } from './order-of-slos.js';
import { concerns, reportFinding } from './report-finding.js';
import type { ReportSource } from './report-source.js';
import { reportPeriod, weeksBeforeIt } from './report-week.js';
import { requestsOfWeek } from './requests-of-week.js';
import { slosOfWeek } from './slos-of-week.js';
import { teamsOfWeek } from './teams-of-week.js';
import { WeekFiguresReader } from './week-figures.js';
import type { BurnCause } from './burn-event.js';
import { reportFormat, type ReportPeriod, type ReportScope, type WeekReport } from './week-report.js';
import type { SloWeek } from './slo-week.js';
import { worstHours } from './worst-hours.js';

/** One week of everybody, read once: reports of all scopes are cut from it. */
export interface WeekBook {
  readonly period: ReportPeriod;
  /** Owners that have an SLO in it, sorted. */
  readonly owners: readonly string[];
  /** Services that have an SLO in it, sorted. */
  readonly services: readonly ServiceId[];
  /** The report of one scope; empty, and saying so, for one that has no SLO. Gives way to other work in between. */
  report(scope: ReportScope): Promise<WeekReport>;
}

/** Figures of so many SLOs are worked out before others have their turn. */
const slosAtOnce = 250;

/** Budgets that are drawn. */
const mostCurves = 7;

/**
 * Reads a week from the ledger; gives way to other work in between.
 *
 * @param week one that has begun
 * @throws Failure of a ledger that cannot be read
 */
export async function readWeek(source: ReportSource, week: IsoWeek, timeZone: string): Promise<WeekBook> {
  const { ledger, now } = source;
  const period = reportPeriod(ledger, week, timeZone, now);
  const before = weeksBeforeIt(week, timeZone);
  const known = { from: period.from, to: period.knownUntil };
  const slos = slosOfWeek(ledger, source.slos, period);
  const events = new SloEventsReader(ledger, period.knownUntil, ledger.definedSince(period.knownUntil));
  const figures = new WeekFiguresReader(events, { week: known, before, isWhole: period.isFinished });
  await readStretches(slos, figures, events);
  const weeks: SloWeek[] = [];
  const statesBefore: (readonly (SloState | undefined)[])[] = [];
  for (const [index, slo] of slos.entries()) {
    if (index % slosAtOnce === 0) await breathe();
    const read = figures.read(slo, sloId(slo));
    weeks.push(read.figures);
    statesBefore.push(read.statesBefore);
  }
  const table = await HourTable.read(ledger, events, slos, known);
  const episodes = await episodesOf(ledger.alerts, known);
  const burning = bySlo(episodes.filter(isBurnAlert));
  const runs: BurnRun[] = [];
  for (const [number, one] of weeks.entries()) {
    if (number % slosAtOnce === 0) await breathe();
    const alerted = (burning.get(one.id) ?? []).map(({ startedAt, endedAt = Infinity }) => ({
      from: startedAt,
      to: endedAt,
    }));
    runs.push(...burnRuns(table, number, one, alerted));
  }
  return bookOf({ source, period, before, weeks, statesBefore, events, table, episodes, burning, runs });
}

/** Reads every stretch of time that is asked for, one at a time: each is a piece of work of its own. */
async function readStretches(slos: readonly Slo[], figures: WeekFiguresReader, events: SloEventsReader): Promise<void> {
  const read = new Set<string>();
  for (const slo of slos) {
    const key = JSON.stringify([slo.window, slo.budgeting]);
    if (read.has(key)) continue;
    read.add(key);
    for (const stretch of figures.stretches(slo)) {
      await breathe();
      events.read(slo, stretch, 'ending-inside');
    }
  }
}

interface BookParts {
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

function bookOf(parts: BookParts): WeekBook {
  const { weeks, period } = parts;
  const owners = new Set(weeks.map(({ slo }) => slo.owner).filter((owner) => owner !== undefined));
  const services = new Map(weeks.map(({ slo: { service } }) => [serviceKey(service), service]));
  return {
    period,
    owners: [...owners].sort(),
    services: [...services].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, service]) => service),
    report: (scope) => scopedReport(scope, parts),
  };
}

async function scopedReport(scope: ReportScope, parts: BookParts): Promise<WeekReport> {
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
    requests: requestsOfWeek(slos),
    teams: scope.kind === 'organisation' ? teamsOfWeek(slos) : [],
    slos,
    curves: slos
      .filter(({ budget }) => budget !== undefined)
      .slice(0, mostCurves)
      .flatMap((slo) => budgetCurve(table, numberOf.get(slo.id)!, slo) ?? []),
    burnEvents: burns,
    worstHours: worstHours(table, weeks, numbers),
    alerts: alertsOfWeek(episodes, period.knownUntil),
    corrections: source.corrections?.(range).filter((one) => one.services.some((id) => services.has(serviceKey(id)))),
    migration: migration(scope, source, range, services),
    coverage: coverageOfWeek(ledger, period, slos),
    findings,
    page: source.page,
  } satisfies Omit<WeekReport, 'attention'>;
  const causeOf = (id: SloId): BurnCause | undefined => burnCause(ledger.breakdown(id, range));
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

function bySlo(episodes: readonly AlertEpisode[]): ReadonlyMap<SloId, readonly AlertEpisode[]> {
  const found = new Map<SloId, AlertEpisode[]>();
  for (const episode of episodes) {
    const service = alertService(episode.labels);
    const name = episode.labels['slo'];
    if (!service || !name) continue;
    const id = sloId({ service, name });
    const known = found.get(id);
    if (known) known.push(episode);
    else found.set(id, [episode]);
  }
  return found;
}
