import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AccessToken } from '../../src/config/tokens.js';
import type { AlertList, AlertView } from '../../src/server/api-types/alert.js';
import type { Problem } from '../../src/server/api-types/problem.js';
import type { ServiceList } from '../../src/server/api-types/service.js';
import type { RunningServer } from '../../src/server/start-server.js';
import { episode, MadeUpAlerts } from './made-up-alerts.js';
import { MadeUpReader, noon, slo, status } from './made-up-reader.js';
import { startMadeUp } from './running.js';

const hostile = '<script>alert(1)</script>';
const viewer: AccessToken = { name: 'grafana', token: 'viewer-token-0123456789', role: 'viewer' };
const editor: AccessToken = { name: 'ops', token: 'editor-token-0123456789', role: 'editor' };

let server: RunningServer;
let alerts: MadeUpAlerts;
afterEach(() => server.close());

async function start(options: Parameters<typeof startMadeUp>[1] = {}): Promise<void> {
  const reader = new MadeUpReader([status({ slo: slo(), total: 1_000_000, bad: 10 })]);
  alerts = new MadeUpAlerts([
    episode('page-now'),
    episode('ticket-now', { name: 'ErrorBudgetBurnSlow', severity: 'ticket', inhibited: true, startedAt: noon - 600 }),
    episode('yesterday', { startedAt: noon - 90_000, endedAt: noon - 86_400 }),
    episode('hostile', { labels: { service: hostile }, startedAt: noon - 100_000, endedAt: noon - 99_000 }),
  ]);
  server = await startMadeUp(reader, { alerts, ...options });
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(server.url + path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/api/v1/alerts/${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

describe('reading', () => {
  beforeEach(() => start());

  test.each([
    { query: '', ids: ['ticket-now', 'page-now', 'yesterday', 'hostile'], why: 'newest first' },
    { query: '?state=active', ids: ['ticket-now', 'page-now'], why: 'what fires' },
    { query: '?state=ended&service=checkout', ids: ['yesterday'], why: 'what has fired, of one service' },
    { query: '?severity=page&owner=payments', ids: ['page-now', 'yesterday'], why: 'by severity and owner' },
    {
      query: `?from=${noon - 88_000}&to=${noon - 87_000}`,
      ids: ['yesterday'],
      why: 'that fired at some moment between',
    },
    { query: `?service=${encodeURIComponent(hostile)}`, ids: ['hostile'], why: 'a service may be called anything' },
    { query: '?name=Nothing', ids: [], why: 'none is none' },
  ])('GET /api/v1/alerts$query: $why', async ({ query, ids }) => {
    const { alerts: told, nextCursor } = await get<AlertList>(`/api/v1/alerts${query}`);
    expect(told.map(({ id }) => id)).toEqual(ids);
    expect(nextCursor).toBeNull();
  });

  test('one tells what it is about, what to do, where to read on, and who looks after it', async () => {
    expect(await get<AlertView>('/api/v1/alerts/page-now')).toMatchObject({
      name: 'ErrorBudgetBurnFast',
      severity: 'page',
      service: 'checkout',
      slo: 'availability',
      owner: 'payments',
      action: 'Look at what failed, and roll back what changed last.',
      runbookUrl: 'https://runbooks.example/ErrorBudgetBurnFast',
      dashboardUrl: null,
      startedSeconds: noon - 900,
      endedSeconds: null,
      inhibited: false,
      acknowledged: null,
      noise: null,
    });
  });

  test('pages follow each other by their cursor', async () => {
    const first = await get<AlertList>('/api/v1/alerts?limit=3');
    expect(first.alerts).toHaveLength(3);
    const second = await get<AlertList>(`/api/v1/alerts?limit=3&cursor=${first.nextCursor}`);
    expect(second).toMatchObject({ alerts: [{ id: 'hostile' }], nextCursor: null });
  });

  test('every mistake is told at once', async () => {
    const query = `state=open&severity=loud&limit=0&from=${noon}&to=5`;
    const response = await fetch(`${server.url}/api/v1/alerts?${query}`);
    expect(response.status).toBe(400);
    const { mistakes } = (await response.json()) as Problem;
    expect(mistakes?.map(({ where }) => where)).toEqual(['?from=', '?state=', '?severity=', '?limit=']);
  });

  test('an id that nothing has is not found', async () => {
    expect((await fetch(`${server.url}/api/v1/alerts/nothing`)).status).toBe(404);
    expect((await send('POST', 'nothing/noise', {})).status).toBe(404);
  });

  test('the list of services counts what calls somebody', async () => {
    const { services } = await get<ServiceList>('/api/v1/services');
    expect(services[0]?.alerts).toEqual({ pages: 1, tickets: 0 });
  });
});

describe('saying something', () => {
  test('an alert is acknowledged with a note, and that can be taken back', async () => {
    await start();
    const said = await send('POST', 'page-now/acknowledgement', { note: `${hostile} rolled back`, by: 'Ada' });
    expect(said.status).toBe(200);
    expect(await said.json()).toMatchObject({
      id: 'page-now',
      acknowledged: { by: 'Ada', atSeconds: noon + 5, note: `${hostile} rolled back` },
    });
    expect((await get<AlertView>('/api/v1/alerts/page-now')).acknowledged?.by).toBe('Ada');
    const taken = await send('DELETE', 'page-now/acknowledgement');
    expect(await taken.json()).toMatchObject({ acknowledged: null });
  });

  test('without tokens it is somebody on loopback who says so, unless they say who', async () => {
    await start();
    const said = await send('POST', 'yesterday/noise', {});
    expect(await said.json()).toMatchObject({ noise: { by: 'somebody on loopback', note: '' } });
  });

  test('a token’s name counts, whatever the body says', async () => {
    await start({ authentication: { kind: 'tokens', tokens: () => [viewer, editor] } });
    const headers = { authorization: `Bearer ${editor.token}` };
    const said = await send('POST', 'page-now/noise', { by: 'somebody else' }, headers);
    expect(await said.json()).toMatchObject({ noise: { by: 'ops' } });
  });

  test('a viewer may look, and not change anything', async () => {
    await start({ authentication: { kind: 'tokens', tokens: () => [viewer, editor] } });
    const headers = { authorization: `Bearer ${viewer.token}` };
    for (const method of ['POST', 'DELETE']) {
      const refused = await send(method, 'page-now/acknowledgement', method === 'POST' ? {} : undefined, headers);
      expect(refused.status).toBe(403);
      expect(await refused.json()).toMatchObject({
        type: 'urn:meshslo:forbidden',
        hint: expect.stringContaining('editor'),
      });
    }
    expect((await send('POST', 'page-now/noise', {})).status).toBe(401);
    expect(alerts.get('page-now')?.acknowledged).toBeUndefined();
  });

  test.each([
    { body: '{"note":', status: 400, why: 'a body that is cut off' },
    { body: '"note"', status: 400, why: 'no object' },
    { body: { note: 7, by: 'x'.repeat(101), why: '' }, status: 400, why: 'three mistakes' },
    { body: { note: 'x'.repeat(2001) }, status: 400, why: 'a note that is too long' },
    { body: { note: 'x'.repeat(20_000) }, status: 413, why: 'a body that is too large' },
  ])('$why is refused with $status', async ({ body, status: expected, why }) => {
    await start();
    const refused = await send('POST', 'page-now/noise', body);
    expect(refused.status).toBe(expected);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const { mistakes, detail, title } = (await refused.json()) as Problem;
    // A problem that says its title twice says nothing.
    expect(detail).not.toBe(title);
    if (why === 'three mistakes') expect(mistakes?.map(({ where }) => where)).toEqual(['/why', '/note', '/by']);
  });

  test('a path that cannot be decoded is said to be one', async () => {
    await start();
    const refused = await send('POST', '%E0%A4%A/noise', {});
    expect(await refused.json()).toMatchObject({ status: 400, detail: 'the path holds a % that begins no character' });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'what a form of another site can send (%s) is refused',
    async (type) => {
      await start();
      const refused = await send('POST', 'page-now/noise', '{}', { 'content-type': type });
      expect([refused.status, refused.headers.get('accept-post')]).toEqual([415, 'application/json']);
    },
  );

  test.each([
    { headers: { 'sec-fetch-site': 'cross-site' }, status: 403, why: 'another site' },
    { headers: { 'sec-fetch-site': 'same-site' }, status: 403, why: 'a neighbour on the same domain' },
    {
      headers: { 'sec-fetch-site': 'same-origin', origin: 'https://meshslo.example' },
      status: 200,
      why: 'our page behind a proxy',
    },
    { headers: { origin: 'http://evil.example' }, status: 403, why: 'another site, told by an older browser' },
    { headers: { origin: 'null' }, status: 403, why: 'a page that hides where it comes from' },
    {
      headers: { origin: 'https://meshslo.example', 'x-forwarded-host': 'meshslo.example' },
      status: 200,
      why: 'our page, older browser',
    },
    { headers: {}, status: 200, why: 'a program' },
  ])('a change that $why asks for gets $status', async ({ headers, status: expected }) => {
    await start();
    const answered = await send('POST', 'page-now/noise', {}, headers);
    expect(answered.status).toBe(expected);
    expect((await send('DELETE', 'page-now/noise', undefined, headers as Record<string, string>)).status).toBe(
      expected,
    );
  });

  test('open pages hear of it', async () => {
    await start();
    const stream = (await fetch(`${server.url}/api/v1/events`)).body!.getReader();
    await stream.read();
    await send('POST', 'page-now/acknowledgement', {});
    const { value } = (await stream.read()) as { value: Uint8Array };
    expect(new TextDecoder().decode(value)).toContain('event: alerts');
    await stream.cancel();
  });
});

test('another method is refused, and those that there are are named', async () => {
  await start();
  const refused = await fetch(`${server.url}/api/v1/alerts/page-now/noise`, { method: 'PUT' });
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'DELETE, POST']);
  const list = await fetch(`${server.url}/api/v1/services`, { method: 'DELETE' });
  expect([list.status, list.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});
