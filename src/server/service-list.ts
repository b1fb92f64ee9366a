import { type ServiceId, serviceKey } from '../domain/service-id.js';
import type { SloStatus } from '../domain/slo-status.js';
import { type BurnPace, type SloUrgency, urgencies } from '../domain/urgency.js';
import type { PaceView } from './api-types/slo.js';
import type { AlertCounts, ServiceList, ServiceView, WorstSloView } from './api-types/service.js';
import type { ServiceTraffic } from './status-reader.js';

/** Three hours of five minutes each: as much as a small line can show. */
const trafficSteps = 36;

/** What the list is made of. */
export interface ServiceListParts {
  readonly at: number;
  /** Most urgent first. */
  readonly statuses: readonly (SloStatus & SloUrgency)[];
  readonly traffic: readonly ServiceTraffic[];
  /** Alerts that fire, by the service's key. */
  readonly alerts: ReadonlyMap<string, AlertCounts>;
}

/** Every service that has SLOs or traffic; the most urgent first, of equal urgency the one with the least budget, then by name. */
export function serviceList({ at, statuses, traffic, alerts }: ServiceListParts): ServiceList {
  const rows = new Map<string, ServiceView>();
  for (const status of statuses) {
    const key = serviceKey(status.slo.service);
    const known = rows.get(key);
    rows.set(key, known ? withFurtherSlo(known, status) : firstRow(status, alerts.get(key)));
  }
  for (const { service, requests, observedSeconds } of traffic) {
    const key = serviceKey(service);
    const row = rows.get(key) ?? emptyRow(service, alerts.get(key));
    const rates = requests.map((count, step) => perSecond(count, observedSeconds[step]!));
    rows.set(key, { ...row, traffic: rates.slice(-trafficSteps) });
  }
  const stepSeconds = traffic[0]?.stepSeconds ?? 300;
  const steps = traffic[0]?.requests.length ?? 0;
  return {
    atSeconds: at,
    trafficFromSeconds: (traffic[0]?.from ?? at) + Math.max(0, steps - trafficSteps) * stepSeconds,
    trafficStepSeconds: stepSeconds,
    services: [...rows].sort(byUrgencyAndKey).map(([, row]) => row),
  };
}

type Ranked = readonly [key: string, row: ServiceView];

function byUrgencyAndKey([keyA, a]: Ranked, [keyB, b]: Ranked): number {
  return rank(a) - rank(b) || (a.worst?.remainingRatio ?? 1) - (b.worst?.remainingRatio ?? 1) || (keyA < keyB ? -1 : 1);
}

/** Services without SLOs stand last. */
function rank({ urgency }: ServiceView): number {
  return urgency === null ? urgencies.length : urgencies.indexOf(urgency);
}

function firstRow(status: SloStatus & SloUrgency, alerts: AlertCounts | undefined): ServiceView {
  const { slo, urgency, window } = status;
  return {
    ...emptyRow(slo.service, alerts),
    owner: slo.owner ?? null,
    tier: slo.tier,
    urgency,
    slos: 1,
    worst: worstView(status),
    coverage: rounded(window.coverage),
  };
}

function withFurtherSlo(row: ServiceView, { window }: Pick<SloStatus, 'window'>): ServiceView {
  return { ...row, slos: row.slos + 1, coverage: Math.min(row.coverage ?? 1, rounded(window.coverage)) };
}

function worstView({ slo, state, budget, pace, window }: SloStatus & SloUrgency): WorstSloView {
  return {
    slo: slo.name,
    perspective: slo.perspective,
    objective: slo.objective,
    state,
    remainingRatio: budget ? rounded(budget.remainingRatio) : null,
    pace: pace ? roundedPace(pace) : null,
    imported: (window.imported ?? 0) > 0,
  };
}

function emptyRow({ cluster, namespace, name }: ServiceId, alerts = noAlerts): ServiceView {
  return {
    cluster,
    namespace,
    service: name,
    owner: null,
    tier: null,
    urgency: null,
    slos: 0,
    worst: null,
    alerts,
    coverage: null,
    traffic: [],
  };
}

const noAlerts: AlertCounts = { pages: 0, tickets: 0 };

function roundedPace({ windowSeconds, burnRate, exhaustedInSeconds }: BurnPace): PaceView {
  const seconds = exhaustedInSeconds === undefined ? null : Math.round(exhaustedInSeconds);
  return { windowSeconds, burnRate: significant(burnRate), exhaustedInSeconds: seconds };
}

function perSecond(count: number | undefined, seconds: number): number | null {
  return count === undefined ? null : significant(count / seconds);
}

/** Three digits are more than a line or a glance can show, and a third of the bytes. */
function significant(value: number): number {
  return Number(value.toPrecision(3));
}

/** A share, to a hundred-thousandth; never rounded up to a whole one that it is not. */
function rounded(ratio: number): number {
  const nearest = Number(ratio.toFixed(5));
  return nearest === 1 && ratio < 1 ? 0.99999 : nearest;
}
