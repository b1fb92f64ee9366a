import { request } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { WatcherView } from '../../src/server/api-types/watcher.js';
import type { AccessToken } from '../../src/config/tokens.js';
import { assertSafeListen } from '../../src/server/authentication.js';
import { sessionSeconds } from '../../src/server/sessions.js';
import type { RunningServer } from '../../src/server/start-server.js';
import { MadeUpReader, noon } from './made-up-reader.js';
import { StandingClock, startMadeUp } from './running.js';

const grafana: AccessToken = { name: 'grafana', token: 'viewer-token-0123456789', role: 'viewer' };
const ops: AccessToken = { name: 'ops', token: 'editor-token-0123456789', role: 'editor' };

let server: RunningServer;
let reader: MadeUpReader;
afterEach(() => server.close());

async function withTokens(tokens = () => [grafana, ops] as readonly AccessToken[], clock = new StandingClock()) {
  reader = new MadeUpReader();
  server = await startMadeUp(reader, { authentication: { kind: 'tokens', tokens }, clock });
}

function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(server.url + path, { headers, redirect: 'manual' });
}

function logIn(token: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/login`, {
    method: 'POST',
    body: new URLSearchParams({ token }),
    headers,
    redirect: 'manual',
  });
}

function cookieOf(response: Response): string {
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('with tokens', () => {
  test.each([
    { why: 'none', headers: {}, status: 401 },
    { why: 'a wrong one', headers: { authorization: 'Bearer viewer-token-012345678X' }, status: 401 },
    { why: 'the beginning of one', headers: { authorization: 'Bearer viewer-token' }, status: 401 },
    { why: 'an empty one', headers: { authorization: 'Bearer ' }, status: 401 },
    { why: 'another scheme', headers: { authorization: `Basic ${grafana.token}` }, status: 401 },
    { why: 'an unknown session', headers: { cookie: 'meshslo_session=abc' }, status: 401 },
    { why: 'a token as a session', headers: { cookie: `meshslo_session=${grafana.token}` }, status: 401 },
    { why: 'a viewer’s', headers: { authorization: `Bearer ${grafana.token}` }, status: 200 },
    { why: 'an editor’s', headers: { authorization: `bearer ${ops.token}` }, status: 200 },
  ])('$why gets $status everywhere but at /healthz and /readyz', async ({ headers, status }) => {
    await withTokens();
    for (const path of ['/api/v1/slos', '/api/v1/status', '/api/v1/targets', '/metrics']) {
      const response = await ask(path, headers);
      expect([path, response.status]).toEqual([path, status]);
      if (status === 401) expect(response.headers.get('www-authenticate')).toBe('Bearer realm="meshslo"');
    }
    expect((await ask('/healthz', headers)).status).toBe(200);
  });

  test('a readiness probe needs no token, and only with one it is told why', async () => {
    await withTokens();
    reader.watcher = { ...reader.watcher, notReady: ['no slot has been counted yet'] };
    const probe = await ask('/readyz');
    expect([probe.status, await probe.json()]).toEqual([503, { ready: false }]);
    const wrong = await ask('/readyz', { authorization: 'Bearer wrong' });
    expect([wrong.status, await wrong.json()]).toEqual([503, { ready: false }]);
    const known = await ask('/readyz', { authorization: `Bearer ${grafana.token}` });
    expect(await known.json()).toEqual({ ready: false, reasons: ['no slot has been counted yet'] });
    reader.watcher = { ...reader.watcher, notReady: [] };
    expect((await ask('/readyz')).status).toBe(200);
  });

  test('live events are refused like everything else', async () => {
    await withTokens();
    expect((await ask('/api/v1/events')).status).toBe(401);
  });

  test('whoever asks is told who they are', async () => {
    await withTokens();
    const response = await ask('/api/v1/status', { authorization: `Bearer ${ops.token}` });
    expect(((await response.json()) as WatcherView).identity).toEqual({ name: 'ops', role: 'editor' });
  });

  test('a browser gets the empty page from any link, and its numbers with a cookie that no script can read', async () => {
    await withTokens();
    expect((await ask('/alerts')).status).toBe(200);
    expect(await (await ask('/login')).text()).toContain('login');

    const response = await logIn(` ${grafana.token}\n`);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
    const cookie = response.headers.get('set-cookie')!;
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Strict/);
    expect(cookie).not.toContain(grafana.token);
    expect((await ask('/api/v1/slos', { cookie: `theme=dark; ${cookieOf(response)}` })).status).toBe(200);
  });

  test.each([
    {
      next: '/services/a/b/c?slo=latency&from=1',
      location: '/services/a/b/c?slo=latency&from=1',
      why: 'a page of ours',
    },
    { next: '//evil.example/', location: '/', why: 'another host' },
    { next: '/\\evil.example', location: '/', why: 'another host, to a browser' },
    { next: 'https://evil.example/', location: '/', why: 'another host' },
    { next: '/\r\nSet-Cookie: a=b', location: '/', why: 'not one line' },
  ])('after the login one is at $location, for $why', async ({ next, location }) => {
    await withTokens();
    const address = `${server.url}/login?next=${encodeURIComponent(next)}`;
    const post = (token: string) =>
      fetch(address, { method: 'POST', body: new URLSearchParams({ token }), redirect: 'manual' });
    expect((await post(grafana.token)).headers.get('location')).toBe(location);
    const again = location === '/' ? '' : `?next=${encodeURIComponent(next)}`;
    expect((await post('wrong')).headers.get('location')).toBe(`/login${again}#refused`);
  });

  test('behind a proxy that speaks TLS the cookie never travels without it', async () => {
    await withTokens();
    const response = await logIn(grafana.token, { 'x-forwarded-proto': 'https' });
    expect(response.headers.get('set-cookie')).toMatch(/; Secure/);
  });

  test.each(['', 'wrong', 'x'.repeat(3000)])('a login with "%.8s" gets no cookie', async (token) => {
    await withTokens();
    const response = await logIn(token);
    expect(response.headers.get('location')).toBe('/login#refused');
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('a form that is larger than any token is not read', async () => {
    await withTokens();
    expect((await logIn('x'.repeat(100_000))).status).toBe(413);
  });

  test('a wrong token in the header is not made good by a session', async () => {
    await withTokens();
    const cookie = cookieOf(await logIn(grafana.token));
    expect((await ask('/api/v1/slos', { cookie, authorization: 'Bearer wrong' })).status).toBe(401);
  });

  test('a session ends with its time', async () => {
    const clock = new StandingClock();
    await withTokens(undefined, clock);
    const cookie = cookieOf(await logIn(grafana.token));
    clock.time += sessionSeconds - 1;
    expect((await ask('/api/v1/slos', { cookie })).status).toBe(200);
    clock.time += 1;
    expect((await ask('/api/v1/slos', { cookie })).status).toBe(401);
  });

  test('a session ends with its token, and with the logout', async () => {
    let tokens: readonly AccessToken[] = [grafana, ops];
    await withTokens(() => tokens);
    const viewer = cookieOf(await logIn(grafana.token));
    const editor = cookieOf(await logIn(ops.token));
    tokens = [ops];
    expect((await ask('/api/v1/slos', { cookie: viewer })).status).toBe(401);
    expect((await ask('/api/v1/slos', { cookie: editor })).status).toBe(200);
    await fetch(`${server.url}/logout`, { method: 'POST', headers: { cookie: editor }, redirect: 'manual' });
    expect((await ask('/api/v1/slos', { cookie: editor })).status).toBe(401);
  });

  test('a list of tokens that became empty lets nobody in', async () => {
    await withTokens(() => []);
    expect((await ask('/api/v1/slos', { authorization: 'Bearer ' })).status).toBe(401);
    expect((await logIn('')).headers.get('location')).toBe('/login#refused');
  });
});

describe('without tokens', () => {
  test.each([
    { host: '127.0.0.1:9', status: 200, why: 'another port may lead here' },
    { host: 'localhost', status: 200, why: 'the usual name' },
    { host: '[::1]:8080', status: 200, why: 'IPv6' },
    { host: 'LOCALHOST:8080', status: 200, why: 'names have no case' },
    { host: '127.999.999.999', status: 403, why: 'a name that looks like an address' },
    { host: 'evil.example:8080', status: 403, why: 'a name that was made to resolve to loopback' },
    { host: '127.0.0.1.evil.example', status: 403, why: 'a name that begins like an address' },
    { host: 'localhost.evil.example', status: 403, why: 'a name that begins like localhost' },
  ])('a loopback address answers $status to Host: $host ($why)', async ({ host, status }) => {
    server = await startMadeUp(new MadeUpReader());
    const answered = await new Promise((resolve, reject) => {
      request(`${server.url}/api/v1/status`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(answered).toBe(status);
  });
});

describe('where it listens', () => {
  const none = { kind: 'none', explicit: false } as const;
  const nobody = { close: () => Promise.resolve() } as RunningServer;

  test.each(['0.0.0.0', '::', '10.1.2.3', 'meshslo.example', '128.0.0.1', '127.999.999.999', ''])(
    '"%s" is refused without authentication, and says what to do',
    (address) => {
      server = nobody;
      expect(() => assertSafeListen(address, none)).toThrow(
        expect.objectContaining({ code: 'bad-configuration', hint: expect.stringContaining('bearer tokens') }),
      );
    },
  );

  test.each([
    { address: '127.0.0.1', authentication: none, why: 'loopback' },
    { address: '::1', authentication: none, why: 'loopback' },
    { address: '[::1]', authentication: none, why: 'loopback, as in a URL' },
    { address: 'LOCALHOST', authentication: none, why: 'names have no case' },
    { address: '0.0.0.0', authentication: { kind: 'none', explicit: true } as const, why: 'somebody wrote it down' },
    { address: '0.0.0.0', authentication: { kind: 'tokens', tokens: () => [] } as const, why: 'tokens' },
  ])('$address is fine: $why', ({ address, authentication }) => {
    server = nobody;
    expect(() => assertSafeListen(address, authentication)).not.toThrow();
  });

  test('the clock of these tests stands at a known noon', () => {
    server = nobody;
    expect(new Date(noon * 1000).toISOString()).toBe('2026-03-02T12:00:00.000Z');
  });
});
