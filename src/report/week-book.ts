import type { AlertEpisode } from '../domain/alert.js';
import type { SloState } from '../domain/budget.js';
import type { IsoWeek } from '../domain/iso-week.js';
import { type ServiceId, serviceKey } from '../domain/service-id.js';
import { type Slo, type SloId, sloId } from '../domain/slo.js';
import { SloEventsReader } from '../ledger/slo-events.js';
import { alertService, episodesOf, isBurnAlert } from './alerts-of-week.js';
import { breathe } from './breathe.js';
import { type BurnRun, burnRuns } from './burn-runs.js';
import { HourTable } from './hour-table.js';
import type { ReportSource } from './report-source.js';
import { reportPeriod, weeksBeforeIt } from './report-week.js';
import { slosOfWeek } from './slos-of-week.js';
import { WeekFiguresReader } from './week-figures.js';
import type { ReportPeriod, ReportScope, WeekReport } from './week-report.js';
import type { SloWeek } from './slo-week.js';
import { type BookParts, scopedReport } from './scoped-report.js';

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
  await breathe();
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
