import type { Request, Response } from 'express';
import { isLoopback } from '../config/loopback.js';
import type { AlertEpisode } from '../domain/alert.js';
import type { Clock } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import type { AlertQuery } from '../ledger/alert-query.js';
import type { MarkKind } from '../ledger/alert-store.js';
import type { AlertBook } from './alert-book.js';
import { alertView } from './alert-view.js';
import type { AlertList } from './api-types/alert.js';
import { identityOf } from './guard.js';
import { jsonBody } from './json-body.js';
import { sendJson } from './json-reply.js';
import { readMark } from './mark-request.js';
import { Mistakes } from './mistakes.js';
import { momentParameter, numberParameter, oneParameter, wordParameter } from './query.js';
import { editorsOnly, type Route } from './route.js';

interface AlertRoutesParts {
  readonly alerts: AlertBook;
  readonly clock: Pick<Clock, 'now'>;
  /** Name or address that is listened on. */
  readonly address: string;
  /** Called once somebody has said something of an alert. */
  readonly onMarked: () => void;
}

/** Alerts on one page, unless `?limit=` says otherwise. */
const usualPage = 100;
const largestPage = 500;

const textFilters = ['cluster', 'namespace', 'service', 'slo', 'owner', 'name'] as const;
const severities = ['page', 'ticket', 'heartbeat'] as const;

const marks: readonly { readonly kind: MarkKind; readonly path: string; readonly summary: string }[] = [
  { kind: 'acknowledged', path: 'acknowledgement', summary: 'somebody looks after an alert' },
  { kind: 'noise', path: 'noise', summary: 'an alert called for nothing' },
];

/** Alerts: what fires and what has fired, and what people say of it. */
export function alertRoutes(parts: AlertRoutesParts): readonly Route[] {
  const { alerts } = parts;
  return [
    {
      method: 'get',
      path: '/alerts',
      summary: 'Alerts that fire or have fired, newest first.',
      query: [
        { name: 'state', description: '`active` or `ended`.' },
        { name: 'severity', description: '`page`, `ticket` or `heartbeat`.' },
        ...textFilters.map((name) => ({ name, description: `Only alerts of this ${name}.` })),
        { name: 'from', description: 'With `to`: alerts that fired at some moment between; seconds since the epoch.' },
        { name: 'to', description: 'See `from`.' },
        { name: 'limit', description: `How many at a time: ${usualPage} when left out, at most ${largestPage}.` },
        { name: 'cursor', description: '`nextCursor` of the page before.' },
      ],
      answer: 'AlertList',
      problems: [400],
      handle: async (request, response) => {
        const { episodes, next } = alerts.find(alertQuery(request));
        const list: AlertList = { alerts: episodes.map(alertView), nextCursor: next ?? null };
        await sendJson(request, response, list);
      },
    },
    {
      method: 'get',
      path: '/alerts/:id',
      summary: 'One alert.',
      answer: 'AlertView',
      problems: [404],
      handle: async (request, response) => {
        await sendJson(request, response, alertView(findAlert(alerts, idOf(request))));
      },
    },
    ...marks.flatMap(({ kind, path, summary }) => markRoutes(parts, kind, path, summary)),
  ];
}

function markRoutes(parts: AlertRoutesParts, kind: MarkKind, path: string, summary: string): readonly Route[] {
  const { alerts, onMarked } = parts;
  const route = { path: `/alerts/:id/${path}`, answer: 'AlertView', problems: [400, 403, 404] };
  return [
    {
      ...route,
      method: 'post',
      summary: `Says that ${summary}; in place of what was said before.`,
      body: 'MarkRequest',
      problems: [...route.problems, 413, 415],
      before: [editorsOnly(), jsonBody()],
      handle: async (request, response) => {
        const { note, by } = readMark(request.body);
        const mark = { by: actorOf(parts, response, by), at: parts.clock.now(), note };
        const marked = alerts.mark(idOf(request), kind, mark);
        onMarked();
        await sendJson(request, response, alertView(marked));
      },
    },
    {
      ...route,
      method: 'delete',
      summary: `Takes back that ${summary}.`,
      before: [editorsOnly()],
      handle: async (request, response) => {
        const marked = alerts.mark(idOf(request), kind, undefined);
        onMarked();
        await sendJson(request, response, alertView(marked));
      },
    },
  ];
}

/** The name of a token is known; any other name is only what somebody says. */
function actorOf({ address }: AlertRoutesParts, response: Response, said: string | undefined): string {
  return identityOf(response)?.name ?? said ?? (isLoopback(address) ? 'somebody on loopback' : 'somebody');
}

/** @throws Failure `bad-arguments` */
function alertQuery(request: Request): AlertQuery {
  const mistakes = new Mistakes();
  const from = momentParameter(request, 'from', mistakes);
  const to = momentParameter(request, 'to', mistakes);
  if (from !== undefined && to !== undefined && from >= to) mistakes.add('?from=', 'must lie before `to`');
  const state = wordParameter(request, 'state', ['active', 'ended'], mistakes);
  const severity = wordParameter(request, 'severity', severities, mistakes);
  const limit = numberParameter(request, 'limit', { least: 1, most: largestPage }, mistakes) ?? usualPage;
  const texts = textFilters.map((name) => [name, oneParameter(request, name, mistakes)] as const);
  const cursor = oneParameter(request, 'cursor', mistakes);
  mistakes.refuse();
  const isRange = from !== undefined || to !== undefined;
  return {
    limit,
    ...(isRange ? { range: { from: from ?? 0, to: to ?? Number.MAX_SAFE_INTEGER } } : {}),
    ...given([...texts, ['state', state], ['severity', severity], ['cursor', cursor]]),
  };
}

/** Those members that have a value. */
function given(members: readonly (readonly [string, string | undefined])[]): Partial<AlertQuery> {
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function idOf(request: Request): string {
  return request.params['id'] as string;
}

function findAlert(alerts: AlertBook, id: string): AlertEpisode {
  const episode = alerts.get(id);
  if (episode) return episode;
  throw new Failure('not-found', 'there is no alert of this id (any more)', {
    hint: 'GET /api/v1/alerts lists them; they are kept for two years',
  });
}
