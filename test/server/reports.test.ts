import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ReportList, ReportView, SentReportList } from '../../src/server/api-types/report.js';
import type { RunningServer } from '../../src/server/start-server.js';
import { MadeUpReader } from './made-up-reader.js';
import { noReports, SmallOffice } from './made-up-reports.js';
import { startMadeUp } from './running.js';

let office: SmallOffice;
let server: RunningServer;
beforeEach(async () => {
  office = new SmallOffice();
  server = await startMadeUp(new MadeUpReader([]), { reports: office, clock: { now: () => office.now } });
});
afterEach(async () => {
  await server.close();
  office.close();
});

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(`${server.url}/api/v1/${path}`)).json()) as T;
}

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

test('any week that is known can be looked at, the present one too, and none is archived by that', async () => {
  const list = await get<ReportList>('reports');
  expect(list).toMatchObject({ reports: [], nextCursor: null, timeZone: 'Europe/Berlin' });
  expect(list.weeks.map(({ week }) => week)).toEqual(['2026-W48', '2026-W47']);
  const past = await get<ReportView>('reports/2026-W47');
  expect(past).toMatchObject({
    id: '2026-W47',
    week: '2026-W47',
    team: null,
    isFinished: true,
    archived: null,
    letters: [],
  });
  expect(past.document.title).not.toBe('');
  expect(await get<ReportView>('reports/2026-W48')).toMatchObject({ isFinished: false });
  expect(await get<ReportView>('reports/2026-W47.team-pay')).toMatchObject({ team: 'team-pay' });
  expect(office.archived).toEqual([]);
});

test('links in a report lead to this page, wherever people have it open', async () => {
  const text = JSON.stringify((await get<ReportView>('reports/2026-W47')).document);
  expect(text).toContain('"href":"/services/eu/shop/cart');
  expect(text).not.toContain('meshslo.example');
});

test('sending archives, and what was sent is shown as it was, with who got it', async () => {
  const sent = (await (await post({ week: '2026-W47' })).json()) as SentReportList;
  expect(sent.reports).toEqual([
    { id: '2026-W47.team-pay', is: 'new', queued: 0 },
    { id: '2026-W47.team-shop', is: 'new', queued: 1 },
    { id: '2026-W47', is: 'new', queued: 2 },
  ]);
  const [first] = (await get<ReportList>('reports?week=2026-W47')).reports;
  expect(first).toMatchObject({ id: '2026-W47', team: null, letters: { queued: 2, sent: 0, refused: 0 } });
  expect((await get<ReportList>('reports?team=team-shop')).reports.map(({ id }) => id)).toEqual(['2026-W47.team-shop']);
  const view = await get<ReportView>('reports/2026-W47.team-shop');
  expect(view.archived).toMatchObject({ revision: 1 });
  expect(view.letters).toMatchObject([{ way: 'mail', recipient: 'shop@example.com', state: 'queued' }]);
});

test.each([
  [{}, '/week'],
  [{ week: '2026-47' }, '/week'],
  [{ week: '2026-W47', team: '' }, '/team'],
  [{ week: '2026-W47', to: 'eve@example.com' }, '/to'],
  [[], 'the body'],
])('%j cannot be sent: %s', async (body, where) => {
  const response = await post(body);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { mistakes: { where: string }[] }).mistakes[0]!.where).toBe(where);
});

test('other sites cannot have reports sent, nor those who only look', async () => {
  expect((await post({ week: '2026-W47' }, { origin: 'https://evil.example' })).status).toBe(403);
  const viewer = { name: 'eve', role: 'viewer', token: 'a-token-of-a-viewer' } as const;
  const guarded = await startMadeUp(new MadeUpReader([]), {
    reports: office,
    authentication: { kind: 'tokens', tokens: () => [viewer] },
  });
  const headers = { authorization: `Bearer ${viewer.token}`, 'content-type': 'application/json' };
  const sent = await fetch(`${guarded.url}/api/v1/reports`, { method: 'POST', headers, body: '{"week":"2026-W47"}' });
  expect(sent.status).toBe(403);
  await office.desk.send({ year: 2026, week: 47 });
  const seen = await fetch(`${guarded.url}/api/v1/reports/2026-W47`, { headers });
  expect(await seen.json()).toMatchObject({ archived: { letters: { queued: 2 } }, letters: [] });
  await guarded.close();
});

test.each(['2026-W46', '2026-W49', '2026-W47.nobody', '2026-W47~2', 'x', '2026-W47%2F..', '<script>'])(
  'there is no report %s',
  async (id) => {
    for (const format of ['', '/html', '/json', '/pictures/x']) {
      const response = await fetch(`${server.url}/api/v1/reports/${encodeURIComponent(id)}${format}`);
      expect([format, response.status]).toEqual([format, 404]);
    }
  },
);

test('a mail is shown with its styles and pictures, and may do nothing at all', async () => {
  const response = await fetch(`${server.url}/api/v1/reports/2026-W47/html`);
  const policy = response.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain('sandbox');
  expect(policy).not.toMatch(/script|'self'|connect/);
  const html = await response.text();
  expect(html).toContain('src="data:image/png;base64,');
  expect(html).not.toContain('src="cid:');
  const page = await fetch(`${server.url}/reports/2026-W47`);
  expect(page.headers.get('content-security-policy')).toContain("style-src 'self';");
});

test('a picture that it names is there', async () => {
  const { document } = await get<ReportView>('reports/2026-W47');
  const pictures = document.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'picture' ? [block.picture] : [])),
  );
  expect(pictures.length).toBeGreaterThan(0);
  for (const { url } of pictures) {
    const response = await fetch(server.url + url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
  }
});

test('where nothing is known there is nothing to look at', async () => {
  const empty = await startMadeUp(new MadeUpReader([]), { reports: noReports });
  const list = (await (await fetch(`${empty.url}/api/v1/reports`)).json()) as ReportList;
  expect(list).toMatchObject({ reports: [], weeks: [] });
  expect((await fetch(`${empty.url}/api/v1/reports/2026-W47`)).status).toBe(404);
  await empty.close();
});
