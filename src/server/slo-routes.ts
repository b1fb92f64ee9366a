import type { Request } from 'express';
import { Failure } from '../domain/failure.js';
import { type SloId, sloId } from '../domain/slo.js';
import type { JudgedSlo } from '../domain/burn-verdict.js';
import type { SloStatus } from '../domain/slo-status.js';
import { byUrgency, sloUrgency, type SloUrgency } from '../domain/urgency.js';
import type { SeriesPoint } from '../ledger/series.js';
import type { SeriesPointView, SloDetail, SloList } from './api-types/slo.js';
import { type DetailRange, detailRange } from './detail-range.js';
import { KeptAnswer, sendJson } from './json-reply.js';
import { Mistakes } from './mistakes.js';
import { oneParameter } from './query.js';
import type { Route } from './route.js';
import { sloView } from './slo-view.js';
import type { StatusReader } from './status-reader.js';

const rangeParameter = {
  name: 'range',
  description: 'A duration that ends now, from 1m to 366d, or `window` for that of the SLO; 24h when left out.',
};

/** SLOs: all of them, and one with its series and what its bad events were. */
export function sloRoutes(reader: StatusReader): readonly Route[] {
  const all = new KeptAnswer();
  return [
    {
      method: 'get',
      path: '/slos',
      summary: 'Every SLO, most urgent first; filters fit exactly.',
      query: filters.map(({ name }) => ({ name, description: `Only SLOs of this ${name}.` })),
      answer: 'SloList',
      problems: [400],
      handle: async (request, response) => {
        const isFitting = isWanted(request);
        const make = (): SloList => ({ slos: byUrgency(reader.statuses()).filter(isFitting).map(sloView) });
        if (request.originalUrl.includes('?')) await sendJson(request, response, make());
        else await all.send(request, response, String(reader.version), make);
      },
    },
    {
      // Clients fold `.` and `..` in a path, however they are encoded; a service may be called so all the same.
      method: 'get',
      path: '/slo',
      summary: 'One SLO by its id, for services whose names no path can hold.',
      query: [{ name: 'id', description: 'The id of the SLO.' }, rangeParameter],
      answer: 'SloDetail',
      problems: [400, 404],
      handle: async (request, response) => {
        const mistakes = new Mistakes();
        const id = oneParameter(request, 'id', mistakes) ?? '';
        mistakes.refuse();
        await sendJson(request, response, sloDetail(reader, request, id));
      },
    },
    {
      method: 'get',
      path: '/slos/:cluster/:namespace/:service/:slo',
      summary: 'One SLO with its series and the breakdown of its bad events.',
      query: [rangeParameter],
      answer: 'SloDetail',
      problems: [400, 404],
      handle: async (request, response) => {
        const { cluster, namespace, service, slo } = request.params as SloPath;
        const id = sloId({ service: { cluster, namespace, name: service }, name: slo });
        await sendJson(request, response, sloDetail(reader, request, id));
      },
    },
  ];
}

type SloPath = Readonly<Record<'cluster' | 'namespace' | 'service' | 'slo', string>>;

/** @throws Failure `not-found`, `bad-arguments` */
function sloDetail(reader: StatusReader, request: Request, id: SloId): SloDetail {
  const status = findStatus(reader, id);
  const mistakes = new Mistakes();
  const text = oneParameter(request, 'range', mistakes) ?? '24h';
  mistakes.refuse();
  return detailView(reader, status, detailRange(text, status));
}

function detailView(reader: StatusReader, status: JudgedSlo, range: DetailRange): SloDetail {
  const { rows, other } = reader.breakdown(status.id, range);
  const points = reader.series([status.id], range, range.stepSeconds).get(status.id) ?? [];
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

function findStatus(reader: StatusReader, id: SloId): JudgedSlo {
  const status = reader.statuses().find((each) => each.id === id);
  if (status) return status;
  throw new Failure('not-found', 'there is no SLO of this name (any more)', {
    hint: 'GET /api/v1/slos lists them all',
  });
}

interface Filter {
  readonly name: string;
  readonly read: (status: SloStatus & SloUrgency) => string | undefined;
}

const filters: readonly Filter[] = [
  { name: 'cluster', read: ({ slo }) => slo.service.cluster },
  { name: 'namespace', read: ({ slo }) => slo.service.namespace },
  { name: 'service', read: ({ slo }) => slo.service.name },
  { name: 'owner', read: ({ slo }) => slo.owner },
  { name: 'state', read: ({ state }) => state },
  { name: 'urgency', read: ({ urgency }) => urgency },
];

/** All filters that are given must fit. */
function isWanted(request: Request): (status: SloStatus & SloUrgency) => boolean {
  const mistakes = new Mistakes();
  const given = filters.map(({ name, read }) => ({ read, wanted: oneParameter(request, name, mistakes) }));
  mistakes.refuse();
  return (status) => given.every(({ read, wanted }) => wanted === undefined || wanted === read(status));
}
