import type { JudgedSlo } from '../domain/burn-verdict.js';
import type { FindingBook } from '../domain/finding-book.js';
import { Failure } from '../domain/failure.js';
import { type ServiceId, serviceKey } from '../domain/service-id.js';
import type { SloStatus } from '../domain/slo-status.js';
import { byUrgency, type SloUrgency } from '../domain/urgency.js';
import type { SignalPoint } from '../ledger/signal-store.js';
import type { AlertBook } from './alert-book.js';
import { alertView } from './alert-view.js';
import type { ChosenSloView, ServiceDetail, ServiceSloView, SloRangeView } from './api-types/service-detail.js';
import type { DetailRange } from './detail-range.js';
import { byWeight, findingView, meshEventView } from './finding-view.js';
import { signalsView } from './signals-view.js';
import { sloView } from './slo-view.js';
import type { StatusReader } from './status-reader.js';
import { verdictView } from './verdict-view.js';
import { fromSlotStart, spreadEvents, spreadSignals } from './wide-slots.js';
import { targetView } from './watcher-view.js';

/** Alerts of one service in one range that a page can show. */
const mostAlerts = 100;
const mostFindings = 50;
const mostEvents = 100;

interface DetailParts {
  readonly reader: StatusReader;
  readonly alerts: AlertBook;
  readonly findings: FindingBook;
}

/** What is asked of one service. */
export interface AskedDetail {
  readonly service: ServiceId;
  readonly range: DetailRange;
  /** Name of the SLO whose breakdown and burn-down are wanted; the most urgent one when left out. */
  readonly slo: string | undefined;
}

/**
 * Everything about one service in a range.
 *
 * @throws Failure `not-found` for a service that has neither SLOs nor traffic, and for an SLO that it does not have
 */
export function serviceDetail(
  { reader, alerts, findings }: DetailParts,
  { service, range, slo }: AskedDetail,
): ServiceDetail {
  const key = serviceKey(service);
  const statuses = byUrgency(reader.statuses().filter(({ slo: { service: of } }) => isSame(of, service)));
  if (statuses.length === 0 && !reader.traffic().some((traffic) => isSame(traffic.service, service))) {
    const hint = 'GET /api/v1/services lists them all';
    throw new Failure('not-found', 'there is no service of this name (any more)', { hint });
  }
  const first = statuses[0];
  const { cluster, namespace, name } = service;
  const { from, to, stepSeconds } = range;
  return {
    id: key,
    cluster,
    namespace,
    service: name,
    mesh: first?.slo.mesh ?? null,
    owner: first?.slo.owner ?? null,
    tier: first?.slo.tier ?? null,
    urgency: first?.urgency ?? null,
    range: { fromSeconds: from, toSeconds: to, stepSeconds },
    slos: sloViews(reader, statuses, range),
    signals: signalsView(signalPoints(reader, service, range)),
    chosen: chosenView(reader, statuses, range, slo),
    proxies: reader
      .targets()
      .filter(({ services }) => services.some((served) => isSame(served, service)))
      .map(targetView),
    alerts: alerts
      .find({ range, cluster, namespace, service: name, limit: mostAlerts })
      .episodes.map((episode) => alertView(episode)),
    findings: byWeight(findingsOf(findings, service, range))
      .slice(0, mostFindings)
      .map(findingView),
    events: findings.events(range, service).slice(-mostEvents).map(meshEventView),
    gaps: reader.gaps(range).map((gap) => ({ fromSeconds: gap.from, toSeconds: gap.to })),
    importedUntilSeconds: reader.importedUntil() ?? null,
  };
}

/** What goes on now, and what ended within the range. */
function findingsOf(book: FindingBook, { cluster, namespace, name }: ServiceId, range: DetailRange) {
  const ended = book.during(range).filter(({ resolvedAt }) => resolvedAt !== undefined);
  return [...book.ongoing(), ...ended].filter(
    ({ subject }) =>
      subject['service'] === name && subject['namespace'] === namespace && (subject['cluster'] ?? cluster) === cluster,
  );
}

function isSame(a: ServiceId, b: ServiceId): boolean {
  return a.name === b.name && a.namespace === b.namespace && a.cluster === b.cluster;
}

function sloViews(
  reader: StatusReader,
  statuses: readonly (JudgedSlo & SloUrgency)[],
  range: DetailRange,
): readonly ServiceSloView[] {
  const ids = statuses.map(({ id }) => id);
  const { stepSeconds } = range;
  const series = reader.series(ids, fromSlotStart(range), stepSeconds);
  return statuses.map((status) => ({
    ...sloView(status),
    ...verdictView(status.verdict),
    range: rangeView(spreadEvents(series.get(status.id) ?? [], stepSeconds).filter(({ at }) => at >= range.from)),
  }));
}

function signalPoints(reader: StatusReader, service: ServiceId, range: DetailRange): readonly SignalPoint[] {
  const points = reader.signals(service, fromSlotStart(range), range.stepSeconds);
  return spreadSignals(points, range.stepSeconds).filter(({ at }) => at >= range.from);
}

function rangeView(points: readonly { total: number; bad: number; coverage: number | undefined }[]): SloRangeView {
  return {
    total: points.map(({ total, coverage }) => (coverage === undefined ? null : total)),
    bad: points.map(({ bad, coverage }) => (coverage === undefined ? null : bad)),
  };
}

function chosenView(
  reader: StatusReader,
  statuses: readonly SloStatus[],
  range: DetailRange,
  name: string | undefined,
): ChosenSloView | null {
  const chosen = name === undefined ? statuses[0] : statuses.find(({ slo }) => slo.name === name);
  if (!chosen && name === undefined) return null;
  if (!chosen) {
    const hint = 'leave ?slo= out; the answer lists those that there are';
    throw new Failure('not-found', 'this service has no SLO of this name (any more)', { hint });
  }
  const { range: told, rows, other } = reader.breakdown(chosen.id, range);
  const { from, to, stepSeconds, remainingRatio, completeFrom, resets } = reader.burnDown(chosen);
  return {
    id: chosen.id,
    slo: chosen.slo.name,
    breakdown: {
      fromSeconds: told.from,
      toSeconds: told.to,
      rows: rows.map(({ facts, bad }) => ({ ...facts, bad })),
      otherBad: other,
    },
    burnDown: {
      fromSeconds: from,
      toSeconds: to,
      stepSeconds,
      remainingRatio: remainingRatio.map((ratio) => ratio ?? null),
      completeFromSeconds: completeFrom ?? null,
      resetsSeconds: resets,
    },
  };
}
