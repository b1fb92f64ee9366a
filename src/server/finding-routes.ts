import type { Request } from 'express';
import type { Clock } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { type KeptFinding, severityOf } from '../domain/finding.js';
import { type FindingKind, findingSeverities } from '../domain/finding-kinds.js';
import { parseServiceKey, type ServiceId } from '../domain/service-id.js';
import type { TimeRange } from '../domain/window.js';
import type { FindingList } from './api-types/finding.js';
import type { MeshEventList } from './api-types/mesh-event.js';
import type { FindingReader } from './finding-reader.js';
import { byWeight, findingView, lookViews, meshEventView } from './finding-view.js';
import { sendJson } from './json-reply.js';
import { Mistakes } from './mistakes.js';
import { momentParameter, numberParameter, oneParameter, wordParameter } from './query.js';
import type { Route } from './route.js';

interface FindingRoutesParts {
  readonly findings: FindingReader;
  readonly clock: Pick<Clock, 'now'>;
}

const usualList = 1000;
const largestList = 10_000;

/** How far back is looked where nobody says. */
const usualSeconds = 7 * 86_400;

const mostEvents = 5000;

const kinds = Object.keys(findingSeverities) as readonly FindingKind[];
const subjectFilters = ['mesh', 'cluster', 'namespace', 'service'] as const;

const rangeParameters = [
  { name: 'from', description: 'Beginning in seconds since the epoch; a week before `to` when left out.' },
  { name: 'to', description: 'Its end; now when left out.' },
];

/** What was found wrong, and what has happened. */
export function findingRoutes({ findings, clock }: FindingRoutesParts): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/findings',
      summary: 'What is wrong with meshes, registries and the catalogue, what matters most first.',
      query: [
        { name: 'state', description: '`ongoing` (when left out) or `ended`.' },
        { name: 'kind', description: 'Only findings of this kind.' },
        { name: 'severity', description: '`critical`, `warning` or `info`.' },
        { name: 'owner', description: 'Only findings of this owner; empty for those of nobody.' },
        ...subjectFilters.map((name) => ({ name, description: `Only findings about this ${name}.` })),
        { name: 'from', description: 'For those that ended: findings of this time; a week before `to` when left out.' },
        { name: 'to', description: 'See `from`.' },
        { name: 'limit', description: `How many at most: ${usualList} when left out, up to ${largestList}.` },
      ],
      answer: 'FindingList',
      problems: [400],
      handle: async (request, response) => {
        const { isWanted, range, limit } = asked(request, clock.now());
        const all = range
          ? findings.during(range).filter(({ resolvedAt }) => resolvedAt !== undefined)
          : findings.ongoing();
        const wanted = byWeight(all.filter(isWanted));
        await sendJson(request, response, {
          findings: wanted.slice(0, limit).map(findingView),
          total: wanted.length,
          looks: lookViews(findings.state),
        } satisfies FindingList);
      },
    },
    {
      method: 'get',
      path: '/findings/:id',
      summary: 'One finding, of now or of the past.',
      answer: 'FindingView',
      problems: [404],
      handle: async (request, response) => {
        const finding = findings.get(request.params['id'] as string);
        if (!finding) {
          const hint = 'GET /api/v1/findings lists them; they are kept for two years';
          throw new Failure('not-found', 'there is no finding of this id (any more)', { hint });
        }
        await sendJson(request, response, findingView(finding));
      },
    },
    {
      method: 'get',
      path: '/mesh-events',
      summary: 'What happened to services and meshes: deploys, changes of control planes, steps of migrations.',
      query: [
        ...rangeParameters,
        { name: 'id', description: 'Id of a service: its own events and those of its mesh.' },
      ],
      answer: 'MeshEventList',
      problems: [400],
      handle: async (request, response) => {
        const mistakes = new Mistakes();
        const range = rangeOf(request, clock.now(), mistakes);
        const service = serviceParameter(request, mistakes);
        mistakes.refuse();
        const events = findings.events(range, service).slice(-mostEvents).map(meshEventView);
        await sendJson(request, response, { events } satisfies MeshEventList);
      },
    },
  ];
}

interface Asked {
  readonly isWanted: (finding: KeptFinding) => boolean;
  /** Undefined where those that go on are wanted. */
  readonly range: TimeRange | undefined;
  readonly limit: number;
}

/** @throws Failure `bad-arguments` */
function asked(request: Request, now: number): Asked {
  const mistakes = new Mistakes();
  const state = wordParameter(request, 'state', ['ongoing', 'ended'], mistakes);
  const kind = wordParameter(request, 'kind', kinds, mistakes);
  const severity = wordParameter(request, 'severity', ['critical', 'warning', 'info'], mistakes);
  const owner = oneParameter(request, 'owner', mistakes);
  const subject = subjectFilters.map((name) => [name, oneParameter(request, name, mistakes)] as const);
  const limit = numberParameter(request, 'limit', { least: 1, most: largestList }, mistakes) ?? usualList;
  const range = state === 'ended' ? rangeOf(request, now, mistakes) : undefined;
  mistakes.refuse();
  const isWanted = (finding: KeptFinding): boolean =>
    (kind === undefined || finding.kind === kind) &&
    (severity === undefined || severityOf(finding) === severity) &&
    (owner === undefined || (finding.owner ?? '') === owner) &&
    subject.every(([name, value]) => value === undefined || finding.subject[name] === value);
  return { isWanted, range, limit };
}

function rangeOf(request: Request, now: number, mistakes: Mistakes): TimeRange {
  const to = momentParameter(request, 'to', mistakes) ?? now + 1;
  const from = momentParameter(request, 'from', mistakes) ?? to - usualSeconds;
  if (from >= to) mistakes.add('?from=', 'must lie before `to`');
  return { from, to };
}

function serviceParameter(request: Request, mistakes: Mistakes): ServiceId | undefined {
  const id = oneParameter(request, 'id', mistakes);
  if (id === undefined) return undefined;
  const service = parseServiceKey(id);
  if (!service) mistakes.add('?id=', 'is no id of a service', 'it is `cluster/namespace/service`');
  return service;
}
