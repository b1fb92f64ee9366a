import { afterEach, expect, test } from '@jest/globals';
import type { AccessToken } from '../../src/config/tokens.js';
import { type RateLimits, usualRateLimits } from '../../src/server/rate-limits.js';
import type { RunningServer } from '../../src/server/start-server.js';
import { MadeUpReader } from './made-up-reader.js';
import { startMadeUp } from './running.js';

const tokens: readonly AccessToken[] = ['grafana', 'ops'].map((name) => ({
  name,
  token: `${name}-token-0123456789`,
  role: 'viewer',
}));

let server: RunningServer;
afterEach(() => server.close());

async function start(limits: Partial<RateLimits>, withTokens = true): Promise<void> {
  const authentication = withTokens
    ? ({ kind: 'tokens', tokens: () => tokens } as const)
    : ({ kind: 'none', explicit: false } as const);
  server = await startMadeUp(new MadeUpReader(), { authentication, rateLimits: { ...usualRateLimits, ...limits } });
}

async function statuses(times: number, ask: () => Promise<Response>): Promise<readonly number[]> {
  const found: number[] = [];
  for (let time = 0; time < times; time++) found.push((await ask()).status);
  return found;
}

function asking(token?: string, headers: Record<string, string> = {}): () => Promise<Response> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return () => fetch(`${server.url}/api/v1/targets`, { headers: { ...authorization, ...headers } });
}

function logIn(token: string): Promise<Response> {
  return fetch(`${server.url}/login`, { method: 'POST', body: new URLSearchParams({ token }), redirect: 'manual' });
}

test('whoever asks too often is told when to ask again, as a problem', async () => {
  await start({ requestsPerMinute: 2 });
  expect(await statuses(3, asking(tokens[0]!.token))).toEqual([200, 200, 429]);
  const refused = await asking(tokens[0]!.token)();
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(await refused.json()).toMatchObject({ status: 429 });
});

test('another token has its own count, and probes are never refused', async () => {
  await start({ requestsPerMinute: 1 });
  await statuses(2, asking(tokens[0]!.token));
  expect(await statuses(1, asking(tokens[1]!.token))).toEqual([200]);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});

test('wrong tokens are refused more often than they may ask, and take nothing from the right ones', async () => {
  await start({ refusalsPerMinute: 2 });
  expect(await statuses(3, asking('wrong-token-0123456789'))).toEqual([401, 401, 429]);
  expect(await statuses(1, asking(tokens[0]!.token))).toEqual([200]);
});

test('what a client says of its address changes nothing', async () => {
  await start({ requestsPerMinute: 1 }, false);
  expect(await statuses(1, asking(undefined, { 'x-forwarded-for': '1.2.3.4' }))).toEqual([200]);
  expect(await statuses(1, asking(undefined, { 'x-forwarded-for': '5.6.7.8' }))).toEqual([429]);
});

test('after some wrong tokens at the login even the right one is not looked at; right ones do not count', async () => {
  await start({ failedLogins: 3 });
  expect(await statuses(5, () => logIn(tokens[0]!.token))).toEqual([303, 303, 303, 303, 303]);
  expect(await statuses(4, () => logIn('wrong'))).toEqual([303, 303, 303, 429]);
  const right = await logIn(tokens[0]!.token);
  expect([right.status, right.headers.get('set-cookie')]).toEqual([429, null]);
});
