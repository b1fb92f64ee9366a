import type { Request } from 'express';
import type { Clock } from '../domain/clock.js';
import { parseServiceKey, type ServiceId, serviceKey } from '../domain/service-id.js';
import { byUrgency } from '../domain/urgency.js';
import type { AlertBook } from './alert-book.js';
import type { AlertCounts } from './api-types/service.js';
import { askedRange } from './asked-range.js';
import type { FindingReader } from './finding-reader.js';
import { KeptAnswer, sendJson } from './json-reply.js';
import { Mistakes } from './mistakes.js';
import { oneParameter } from './query.js';
import type { Route } from './route.js';
import { serviceDetail } from './service-detail.js';
import { serviceList } from './service-list.js';
import type { StatusReader } from './status-reader.js';
import { newestSlot } from './watcher-view.js';

interface ServiceRoutesParts {
  readonly reader: StatusReader;
  readonly alerts: AlertBook;
  readonly findings: FindingReader;
  readonly clock: Pick<Clock, 'now'>;
}

const detailParameters = [
  {
    name: 'from',
    description: 'Beginning of the range in seconds since the epoch; three hours before `to` when left out.',
  },
  { name: 'to', description: 'Its end; what lies in the future is cut off. Now when left out.' },
  { name: 'slo', description: 'Name of the SLO whose breakdown and burn-down are wanted; else the most urgent one.' },
];

/** Services: the list, and everything about one of them. */
export function serviceRoutes(parts: ServiceRoutesParts): readonly Route[] {
  const { reader, alerts, clock } = parts;
  const list = new KeptAnswer();
  return [
    {
      method: 'get',
      path: '/services',
      summary: 'Every service with its most urgent SLO, alerts and traffic, most urgent first.',
      answer: 'ServiceList',
      handle: async (request, response) => {
        const counts = alertCounts(alerts);
        const version = `${reader.version} ${JSON.stringify([...counts])}`;
        await list.send(request, response, version, () => {
          const statuses = byUrgency(reader.statuses());
          return serviceList({ at: clock.now(), statuses, traffic: reader.traffic(), alerts: counts });
        });
      },
    },
    {
      // Clients fold `.` and `..` in a path, however they are encoded; a service may be called so all the same.
      method: 'get',
      path: '/service',
      summary: 'One service by its id, for those whose names no path can hold.',
      query: [{ name: 'id', description: 'The id of the service.' }, ...detailParameters],
      answer: 'ServiceDetail',
      problems: [400, 404],
      handle: async (request, response) => {
        const mistakes = new Mistakes();
        const id = oneParameter(request, 'id', mistakes) ?? '';
        const service = parseServiceKey(id);
        if (!service) mistakes.add('?id=', 'is no id of a service', 'it is `cluster/namespace/service`');
        await sendJson(request, response, detailOf(parts, request, service, mistakes));
      },
    },
    {
      method: 'get',
      path: '/services/:cluster/:namespace/:service',
      summary: 'Everything about one service in a range of time.',
      query: detailParameters,
      answer: 'ServiceDetail',
      problems: [400, 404],
      handle: async (request, response) => {
        const { cluster, namespace, service } = request.params as Readonly<Record<string, string>>;
        const id = { cluster: cluster!, namespace: namespace!, name: service! };
        await sendJson(request, response, detailOf(parts, request, id, new Mistakes()));
      },
    },
  ];
}

function detailOf(
  { reader, alerts, findings, clock }: ServiceRoutesParts,
  request: Request,
  service: ServiceId | undefined,
  mistakes: Mistakes,
) {
  const slo = oneParameter(request, 'slo', mistakes);
  const end = newestSlot(reader.health())?.countedUntilSeconds ?? clock.now();
  const range = askedRange(request, Math.min(end, clock.now()), mistakes);
  mistakes.refuse();
  return serviceDetail({ reader, alerts, findings }, { service: service!, range: range!, slo });
}

/** Alerts that call somebody, by the service's key. */
function alertCounts(alerts: AlertBook): ReadonlyMap<string, AlertCounts> {
  const counts = new Map<string, AlertCounts>();
  for (const { severity, inhibited, labels } of alerts.ongoing()) {
    const { cluster, namespace, service } = labels;
    if (inhibited || cluster === undefined || namespace === undefined || service === undefined) continue;
    const key = serviceKey({ cluster, namespace, name: service });
    const { pages, tickets } = counts.get(key) ?? { pages: 0, tickets: 0 };
    counts.set(key, {
      pages: pages + (severity === 'page' ? 1 : 0),
      tickets: tickets + (severity === 'ticket' ? 1 : 0),
    });
  }
  return counts;
}
