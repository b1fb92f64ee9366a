import type { Request, Response } from 'express';
import type { Clock } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { type IsoWeek, parseIsoWeek } from '../domain/iso-week.js';
import type { ReportDesk } from '../report/delivery/report-desk.js';
import { sloCsv } from '../report/render/csv.js';
import { standaloneHtml } from '../report/render/standalone-html.js';
import type { ReportFormat } from '../report/render-report.js';
import { type ArchivedScope, scopeKey } from '../domain/report-id.js';
import type { ReportShelf } from '../report/report-shelf.js';
import type { ReportList, SendRequest, SentReportList } from './api-types/report.js';
import { identityOf } from './guard.js';
import { jsonBody } from './json-body.js';
import { sendJson } from './json-reply.js';
import { Mistakes } from './mistakes.js';
import { numberParameter, oneParameter } from './query.js';
import { reportEntryView, reportView, reportWeeks } from './report-view.js';
import { editorsOnly, type Route } from './route.js';

/** Where reports are looked at, and from where they are sent. */
export interface ReportOffice {
  readonly shelf: Pick<
    ReportShelf,
    'timeZone' | 'knownSince' | 'teams' | 'isKnown' | 'find' | 'letters' | 'get' | 'render'
  >;
  readonly desk: Pick<ReportDesk, 'send'>;
}

interface ReportRoutesParts {
  readonly reports: ReportOffice;
  readonly clock: Pick<Clock, 'now'>;
}

const usualPage = 100;
const largestPage = 500;

/**
 * A mail is not one of our pages: whatever is in it, it runs nothing, loads nothing and has no origin. Its styles stand at
 * its elements, as mail has them.
 */
const mailPolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

const formats: readonly { readonly format: ReportFormat; readonly mediaType: string; readonly what: string }[] = [
  { format: 'html', mediaType: 'text/html', what: 'as it is mailed, its pictures inside' },
  { format: 'text', mediaType: 'text/plain', what: 'as plain text' },
  { format: 'md', mediaType: 'text/markdown', what: 'as Markdown' },
  { format: 'json', mediaType: 'application/json', what: 'with all its figures' },
];

/** Reports of weeks: archived ones, any other week on demand, and sending them. */
export function reportRoutes({ reports, clock }: ReportRoutesParts): readonly Route[] {
  const { shelf, desk } = reports;
  return [
    {
      method: 'get',
      path: '/reports',
      summary: 'Archived reports of weeks, newest first.',
      query: [
        { name: 'week', description: 'Only reports of this week, such as `2026-W47`.' },
        { name: 'team', description: 'Only reports of this owner; empty for those of the whole organisation.' },
        { name: 'limit', description: `How many at a time: ${usualPage} when left out, at most ${largestPage}.` },
        { name: 'cursor', description: '`nextCursor` of the page before.' },
      ],
      answer: 'ReportList',
      problems: [400],
      handle: async (request, response) => {
        const { reports: found, next } = shelf.find(listQuery(request));
        const list: ReportList = {
          reports: found.map(reportEntryView),
          nextCursor: next ?? null,
          timeZone: shelf.timeZone,
          weeks: reportWeeks(shelf.knownSince, clock.now(), shelf.timeZone),
          teams: shelf.teams,
        };
        await sendJson(request, response, list);
      },
    },
    {
      method: 'post',
      path: '/reports',
      summary: 'Sends the reports of a whole week now; nobody is sent the same twice.',
      body: 'SendRequest',
      answer: 'SentReportList',
      problems: [400, 403, 404, 413, 415],
      before: [editorsOnly(), jsonBody()],
      handle: async (request, response) => {
        const { week, scope } = readSendRequest(request.body);
        const sent: SentReportList = { reports: await desk.send(week, scope) };
        await sendJson(request, response, sent);
      },
    },
    {
      method: 'get',
      path: '/reports/:id',
      summary: 'One report to look at: an archived one, or any week that is known, the present one included.',
      answer: 'ReportView',
      problems: [404],
      handle: async (request, response) => {
        const found = await shelf.get(idOf(request));
        const isEditor = (identityOf(response)?.role ?? 'editor') === 'editor';
        // Addresses are for those who may mend them.
        await sendJson(
          request,
          response,
          reportView(found, { letters: shelf.letters(found.id), withAddresses: isEditor, shelf }),
        );
      },
    },
    ...formats.map(({ format, mediaType, what }): Route => {
      return {
        method: 'get',
        path: `/reports/:id/${format}`,
        summary: `One report ${what}.`,
        answer: { mediaType },
        problems: [404],
        handle: async (request, response) => {
          const rendered = await shelf.render(idOf(request), format);
          const body = format === 'html' ? standaloneHtml(rendered) : rendered.body;
          if (format === 'html') response.set('Content-Security-Policy', mailPolicy);
          response.set('Cache-Control', 'no-store').type(`${mediaType}; charset=utf-8`).send(body);
        },
      };
    }),
    {
      method: 'get',
      path: '/reports/:id/csv',
      summary: 'Every SLO of a report, a line each.',
      answer: { mediaType: 'text/csv' },
      problems: [404],
      handle: async (request, response) => {
        const { report } = await shelf.get(idOf(request));
        response.set('Cache-Control', 'no-store').attachment(`slos-${report.period.week}.csv`);
        response.type('text/csv; charset=utf-8').send(sloCsv(report.slos));
      },
    },
    {
      method: 'get',
      path: '/reports/:id/pictures/:name',
      summary: 'A picture of a report.',
      answer: { mediaType: 'image/png' },
      problems: [404],
      handle: async (request, response) => sendPicture(request, response, shelf),
    },
  ];
}

async function sendPicture(request: Request, response: Response, shelf: ReportOffice['shelf']): Promise<void> {
  const { images } = await shelf.render(idOf(request), 'html');
  const picture = images.find(({ cid }) => cid === request.params['name']);
  if (!picture) throw new Failure('not-found', 'this report has no such picture');
  response.set('Cache-Control', 'no-store').type('png').send(picture.png);
}

function listQuery(request: Request) {
  const mistakes = new Mistakes();
  const week = oneParameter(request, 'week', mistakes);
  if (week !== undefined && !parseIsoWeek(week)) mistakes.add('?week=', 'must be a week', 'such as 2026-W47');
  const team = oneParameter(request, 'team', mistakes);
  const cursor = oneParameter(request, 'cursor', mistakes);
  const limit = numberParameter(request, 'limit', { least: 1, most: largestPage }, mistakes) ?? usualPage;
  mistakes.refuse();
  return {
    limit,
    ...(week !== undefined && { week }),
    ...(team !== undefined && { scope: scopeKey(scopeOf(team === '' ? null : team)) }),
    ...(cursor !== undefined && { cursor }),
  };
}

/** What may be in a body, whatever it is. */
type AskedMembers = Readonly<Partial<Record<keyof SendRequest, unknown>>>;

/** @throws Failure `bad-arguments` */
function readSendRequest(body: unknown): { readonly week: IsoWeek; readonly scope: ArchivedScope | undefined } {
  const mistakes = new Mistakes();
  const isObject = body !== null && typeof body === 'object' && !Array.isArray(body);
  const { week: text, team, ...others } = (isObject ? body : {}) as AskedMembers;
  if (!isObject) mistakes.add('the body', 'must be an object', 'such as {"week": "2026-W47"}');
  const week = typeof text === 'string' ? parseIsoWeek(text) : undefined;
  if (isObject && !week) mistakes.add('/week', 'must be a week', 'such as 2026-W47');
  if (team !== undefined && team !== null && (typeof team !== 'string' || team === '')) {
    mistakes.add('/team', 'must be an owner, or null for the organisation alone');
  }
  for (const name of Object.keys(others).slice(0, 20)) {
    mistakes.add(`/${name.slice(0, 40)}`, 'is not known', 'there are week and team');
  }
  mistakes.refuse();
  return { week: week!, scope: team === undefined ? undefined : scopeOf(team as string | null) };
}

function scopeOf(team: string | null): ArchivedScope {
  return team === null ? { kind: 'organisation' } : { kind: 'team', owner: team };
}

function idOf(request: Request): string {
  return request.params['id'] as string;
}
