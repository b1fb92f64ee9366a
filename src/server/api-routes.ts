import type { Request } from 'express';
import { Router } from 'express';
import type { Clock } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { type SloId, sloId } from '../domain/slo.js';
import type { SloStatus } from '../domain/slo-status.js';
import type { SloUrgency } from '../domain/urgency.js';
import { byUrgency, sloUrgency } from '../domain/urgency.js';
import type { SeriesPoint } from '../ledger/series.js';
import type { SeriesPointView, SloDetail, SloList } from './api-types/slo.js';
import type { TargetList } from './api-types/target.js';
import { detailRange } from './detail-range.js';
import { identityOf } from './guard.js';
import { sendJson } from './json-reply.js';
import { serviceList } from './service-list.js';
import { sloView } from './slo-view.js';
import type { SlotEvents } from './slot-events.js';
import type { StatusReader } from './status-reader.js';
import { newestSlot, targetView, watcherView } from './watcher-view.js';

export interface ApiParts {
  readonly reader: StatusReader;
  readonly events: SlotEvents;
  readonly clock: Pick<Clock, 'now'>;
  readonly version: string;
}

/** Everything below `/api/v1/`; `api-types/` says what each answers. */
export function apiRoutes({ reader, events, clock, version }: ApiParts): Router {
  const router = Router();

  router.get('/slos', async (request, response) => {
    const wanted = byUrgency(reader.statuses()).filter(isWanted(request));
    await sendJson(request, response, { slos: wanted.map(sloView) } satisfies SloList);
  });

  // Clients fold `.` and `..` in a path, however they are encoded; a service may be called so all the same.
  router.get('/slo', async (request, response) => {
    const status = findStatus(reader, oneParameter(request, 'id') ?? '');
    const range = detailRange(oneParameter(request, 'range') ?? '24h', status);
    await sendJson(request, response, sloDetail(reader, status, range));
  });

  router.get('/slos/:cluster/:namespace/:service/:slo', async (request, response) => {
    const status = findStatus(reader, idOf(request.params));
    const range = detailRange(oneParameter(request, 'range') ?? '24h', status);
    await sendJson(request, response, sloDetail(reader, status, range));
  });

  router.get('/services', async (request, response) => {
    const parts = { at: clock.now(), statuses: byUrgency(reader.statuses()), traffic: reader.traffic() };
    await sendJson(request, response, serviceList({ ...parts, alerts: new Map() }));
  });

  router.get('/targets', async (request, response) => {
    await sendJson(request, response, { targets: reader.targets().map(targetView) } satisfies TargetList);
  });

  router.get('/status', async (request, response) => {
    const about = { version, now: clock.now(), identity: identityOf(response) };
    await sendJson(request, response, watcherView(reader.health(), reader.targets(), about));
  });

  router.get('/events', (request, response) => {
    events.open(request, response, newestSlot(reader.health()));
  });

  return router;
}

function sloDetail(reader: StatusReader, status: SloStatus, range: ReturnType<typeof detailRange>): SloDetail {
  const { rows, other } = reader.breakdown(status.id, range);
  const points = reader.series(status.id, range, range.stepSeconds);
  return {
    slo: sloView({ ...status, ...sloUrgency(status) }),
    series: {
      fromSeconds: range.from,
      toSeconds: range.to,
      stepSeconds: range.stepSeconds,
      points: points.map(seriesPointView),
    },
    breakdown: { rows: rows.map(({ facts, bad }) => ({ ...facts, bad })), otherBad: other },
  };
}

function seriesPointView({ at, total, bad, coverage }: SeriesPoint): SeriesPointView {
  const isKnown = coverage !== undefined;
  return { atSeconds: at, total: isKnown ? total : null, bad: isKnown ? bad : null };
}

type SloPath = Readonly<Record<'cluster' | 'namespace' | 'service' | 'slo', string>>;

function idOf({ cluster, namespace, service, slo }: SloPath): SloId {
  return sloId({ service: { cluster, namespace, name: service }, name: slo });
}

function findStatus(reader: StatusReader, id: SloId): SloStatus {
  const status = reader.statuses().find((each) => each.id === id);
  if (status) return status;
  throw new Failure('not-found', 'there is no SLO of this name (any more)', {
    hint: 'GET /api/v1/slos lists them all',
  });
}

/** `?cluster=`, `?namespace=`, `?service=`, `?owner=`, `?state=`, `?urgency=`: all that are given must fit exactly. */
function isWanted(request: Request): (status: SloStatus & SloUrgency) => boolean {
  const [cluster, namespace, service, owner, state, urgency] = [
    'cluster',
    'namespace',
    'service',
    'owner',
    'state',
    'urgency',
  ].map((name) => oneParameter(request, name));
  return (status) =>
    fits(cluster, status.slo.service.cluster) &&
    fits(namespace, status.slo.service.namespace) &&
    fits(service, status.slo.service.name) &&
    fits(owner, status.slo.owner) &&
    fits(state, status.state) &&
    fits(urgency, status.urgency);
}

function fits(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === actual;
}

function oneParameter(request: Request, name: string): string | undefined {
  const value = request.query[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new Failure('bad-arguments', `?${name}= may be given once`);
}
