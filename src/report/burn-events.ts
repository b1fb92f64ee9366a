import type { AlertEpisode } from '../domain/alert.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import { type ServiceId, serviceKey } from '../domain/service-id.js';
import type { SliceEvents } from '../domain/time-slices.js';
import type { TimeRange } from '../domain/window.js';
import type { Ledger } from '../ledger/ledger.js';
import type { SloEventsReader } from '../ledger/slo-events.js';
import { reportAlert } from './alerts-of-week.js';
import { burnCause } from './burn-cause.js';
import type { BurnRun } from './burn-runs.js';
import { breathe } from './breathe.js';
import { concerns, reportFinding } from './report-finding.js';
import type { ReportSource } from './report-source.js';
import type { BurnCost, BurnEvent, BurnEvents } from './burn-event.js';
import type { ReportFinding } from './week-surroundings.js';
import { allowedAt } from './week-figures.js';
import type { SloWeek } from './slo-week.js';

/** A stretch that cost less of every budget, and called nobody, is not told by itself. */
const leastCostRatio = 0.02;

/** So many stretches are told one by one. */
const mostTold = 10;

/** Of the bad events of a run, so many may lie outside of what is told as its beginning and end, on either side. */
const trimmedShare = 0.01;

const stepSeconds = 300;

/** What happened so long before a stretch may have caused it. */
const causeSeconds = 3600;

/** Findings that are told with one stretch. */
const mostFindings = 5;

/** What events are made from, beside the runs. */
export interface BurnEventParts {
  readonly source: Pick<ReportSource, 'findings'> & {
    readonly ledger: Pick<Ledger, 'series' | 'breakdown' | 'unplaced'>;
  };
  readonly events: SloEventsReader;
  readonly slos: readonly SloWeek[];
  /** Alerts of the budgets' pace, by SLO. */
  readonly episodes: ReadonlyMap<string, readonly AlertEpisode[]>;
  readonly knownUntil: EpochSeconds;
}

/** Runs as people are told of them: those of one service at one time together, the costliest first. */
export async function burnEvents(runs: readonly BurnRun[], parts: BurnEventParts): Promise<BurnEvents> {
  const groups = [...together(runs, parts.slos)].sort((a, b) => worst(b) - worst(a) || a[0]!.from - b[0]!.from);
  const worthTelling = groups.filter((group) => worst(group) >= leastCostRatio || group.some((run) => run.isAlerted));
  const told: BurnEvent[] = [];
  for (const group of worthTelling.slice(0, mostTold)) {
    await breathe();
    told.push(burnEvent(group, parts));
  }
  return { told, smaller: groups.length - told.length };
}

/** Runs of the same service that overlap, or follow each other at once. */
function together(runs: readonly BurnRun[], slos: readonly SloWeek[]): readonly (readonly BurnRun[])[] {
  const ofService = new Map<string, BurnRun[][]>();
  for (const run of [...runs].sort((a, b) => a.from - b.from)) {
    const key = serviceKey(slos[run.slo]!.slo.service);
    let groups = ofService.get(key);
    if (!groups) ofService.set(key, (groups = []));
    const last = groups.at(-1);
    if (last && run.from <= Math.max(...last.map(({ to }) => to))) last.push(run);
    else groups.push([run]);
  }
  return [...ofService.values()].flat();
}

function worst(group: readonly BurnRun[]): number {
  return Math.max(...group.map(({ costRatio }) => costRatio));
}

function burnEvent(group: readonly BurnRun[], parts: BurnEventParts): BurnEvent {
  const { source, slos, episodes, knownUntil } = parts;
  const ranges = group.map((run) => trimmed(run, parts));
  const range = { from: Math.min(...ranges.map(({ from }) => from)), to: Math.max(...ranges.map(({ to }) => to)) };
  const burnt = [...new Set(group.map((run) => run.slo))];
  const costs = burnt.map((number) => cost(number, range, parts)).sort((a, b) => ratio(b) - ratio(a));
  const { service, owner } = slos[group[0]!.slo]!.slo;
  const alerts = [...new Set(costs.map(({ id }) => id))]
    .flatMap((id) => episodes.get(id) ?? [])
    .filter(({ startedAt, endedAt = Infinity }) => startedAt < range.to + causeSeconds && endedAt > range.from)
    .sort((a, b) => a.startedAt - b.startedAt);
  return {
    ...range,
    service,
    owner,
    goesOn: group.some(({ goesOn, to }) => goesOn && to === knownUntil) && range.to >= knownUntil - stepSeconds,
    costs,
    cause: burnCause(source.ledger.breakdown(costs[0]!.id, range, knownBad(range, costs[0]!, parts))),
    alerts: alerts.map((episode) => reportAlert(episode, knownUntil)),
    findings: findingsAt(range, service, parts),
    events: eventsAt(range, service, parts),
  };
}

function ratio({ costRatio }: BurnCost): number {
  return costRatio ?? 0;
}

/** From when the first of its bad events had happened until the last but few had. */
function trimmed(run: BurnRun, { source, slos }: BurnEventParts): TimeRange {
  const points = source.ledger
    .series(slos[run.slo]!.id, run, stepSeconds)
    .filter(({ at, bad }) => bad > 0 && at >= run.from && at < run.to);
  const most = points.reduce((sum, { bad }) => sum + bad, 0) * trimmedShare;
  let [first, last] = [0, points.length - 1];
  for (let left = most; first < last && points[first]!.bad <= left; first++) left -= points[first]!.bad;
  for (let left = most; last > first && points[last]!.bad <= left; last--) left -= points[last]!.bad;
  const [begin, end] = [points[first], points[last]];
  // Nothing but events from gaps: nobody knows when.
  if (!begin || !end) return { from: run.from, to: run.to };
  return { from: begin.at, to: Math.min(run.to, end.at + end.seconds) };
}

/** What the whole of a stretch cost one SLO, however long it burnt by itself. */
function cost(number: number, range: TimeRange, parts: BurnEventParts): BurnCost {
  const { id, slo, budget } = parts.slos[number]!;
  const { total, bad } = eventsIn(range, parts.slos[number]!, parts);
  return { id, slo: slo.name, total, bad, costRatio: budget && bad / allowedAt(budget, range.from) };
}

/** The bad events of the costliest SLO in the whole slots of a stretch; undefined where the cost says nothing of them. */
function knownBad(range: TimeRange, { id }: BurnCost, parts: BurnEventParts): number | undefined {
  const slo = parts.slos.find((one) => one.id === id)!;
  const isWhole = range.from % stepSeconds === 0 && range.to % stepSeconds === 0;
  return slo.slo.budgeting.method === 'occurrences' && isWhole ? eventsIn(range, slo, parts).bad : undefined;
}

/** Of one SLO alone: the sums of a stretch that nobody else asks for would read everybody's slots. */
function eventsIn(range: TimeRange, { id, slo }: SloWeek, { source, events }: BurnEventParts): SliceEvents {
  if (slo.budgeting.method === 'time-slices') return events.read(slo, range, 'ending-inside');
  const slots = source.ledger.series(id, range, stepSeconds).filter(({ at }) => at >= range.from && at < range.to);
  const all: readonly SliceEvents[] = [...slots, ...source.ledger.unplaced(id, range)];
  return all.reduce((sum, { total, bad }) => ({ total: sum.total + total, bad: sum.bad + bad }), { total: 0, bad: 0 });
}

/** Open then, about the service itself first; information only is no cause, nor is a mail that somebody did not get. */
function findingsAt(
  range: TimeRange,
  service: ServiceId,
  { source, knownUntil }: BurnEventParts,
): readonly ReportFinding[] {
  const found = source.findings?.during({ from: range.from - causeSeconds, to: range.to }) ?? [];
  const severities = ['critical', 'warning', 'info'];
  return found
    .map((finding) => ({ of: concerns(finding, service), told: reportFinding(finding, knownUntil) }))
    .filter(({ of, told }) => of !== false && told.severity !== 'info' && told.kind !== 'ReportRefused')
    .sort(
      (a, b) =>
        Number(b.of ?? false) - Number(a.of ?? false) ||
        severities.indexOf(a.told.severity) - severities.indexOf(b.told.severity) ||
        a.told.firstSeen - b.told.firstSeen,
    )
    .slice(0, mostFindings)
    .map(({ told }) => told);
}

function eventsAt(range: TimeRange, service: ServiceId, { source }: BurnEventParts): readonly MeshEvent[] {
  const events = source.findings?.events({ from: range.from - causeSeconds, to: range.to }) ?? [];
  const key = serviceKey(service);
  return events.filter((event) => event.service === undefined || serviceKey(event.service) === key);
}
