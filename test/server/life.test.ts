import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createOwnMetrics } from '../../src/server/own-metrics.js';
import type { RunningServer } from '../../src/server/start-server.js';
import { startServer } from '../../src/server/start-server.js';
import { episode, MadeUpAlerts } from './made-up-alerts.js';
import { MadeUpReader, noon, slo, status, steadily, target } from './made-up-reader.js';
import { madeUpParts, StandingClock, startMadeUp } from './running.js';

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(reader = new MadeUpReader()): Promise<RunningServer> {
  return (server = await startMadeUp(reader));
}

/** The text of a stream until it holds what is waited for, or ends. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string): Promise<string> {
  let text = '';
  while (!text.includes(wanted)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  return text;
}

describe('live events', () => {
  test('a page hears how things are when it begins to listen, and of each change once', async () => {
    const reader = new MadeUpReader();
    const alerts = new MadeUpAlerts([episode('a'), episode('b', { severity: 'ticket', inhibited: true })]);
    const running = (server = await startMadeUp(reader, { alerts }));
    const response = await fetch(`${running.url}/api/v1/events`);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const stream = response.body!.getReader();
    const first = await readUntil(stream, 'tickets');
    expect(first).toMatch(new RegExp(`event: slot\nid: \\S+\ndata: {"countedUntilSeconds":${noon}}\n\n`));
    expect(first).toMatch(/event: alerts\nid: \S+\ndata: {"atSeconds":\d+,"pages":1,"tickets":0}\n\n/);

    reader.watcher = { ...reader.watcher, lastSlot: { start: noon, seconds: 60 } };
    running.slotCounted();
    expect(dataOf(await readUntil(stream, '}'))).toEqual([{ countedUntilSeconds: noon + 60 }]);
    alerts.episodes = [];
    running.alertsChanged();
    expect(dataOf(await readUntil(stream, '}'))).toEqual([{ atSeconds: noon + 5, pages: 0, tickets: 0 }]);
    await stream.cancel();
  });

  test('a browser that comes back is told how things are, unless nothing has happened meanwhile', async () => {
    const running = await start();
    const listenFrom = async (headers: Record<string, string>): Promise<string> => {
      const response = await fetch(`${running.url}/api/v1/events`, { headers });
      const stream = response.body!.getReader();
      const text = await readUntil(stream, '\n\n');
      await stream.cancel();
      return text;
    };
    const lastId = /^id: (.*)$/m.exec(await listenFrom({}))![1]!;
    expect(dataOf(await listenFrom({ 'last-event-id': lastId }))).toEqual([]);
    running.slotCounted();
    expect(dataOf(await listenFrom({ 'last-event-id': lastId }))).toHaveLength(2);
    expect(dataOf(await listenFrom({ 'last-event-id': 'of another process' }))).toHaveLength(2);
  });

  test('a stream ends when the token behind it is taken back', async () => {
    let tokens = [{ name: 'page', token: 'viewer-token-0123456789', role: 'viewer' as const }];
    const authentication = { kind: 'tokens', tokens: () => tokens } as const;
    const running = (server = await startMadeUp(new MadeUpReader(), { authentication }));
    const headers = { authorization: `Bearer ${tokens[0]!.token}` };
    const stream = (await fetch(`${running.url}/api/v1/events`, { headers })).body!.getReader();
    await readUntil(stream, 'tickets');
    tokens = [];
    running.slotCounted();
    expect((await stream.read()).done).toBe(true);
  });

  test('one client holds 64 streams at most, another one still gets its own', async () => {
    const tokens = ['a', 'b'].map((name) => ({ name, token: `${name}-token-0123456789`, role: 'viewer' as const }));
    const authentication = { kind: 'tokens', tokens: () => tokens } as const;
    const { url } = (server = await startMadeUp(new MadeUpReader(), { authentication }));
    const open = await Promise.all(Array.from({ length: 64 }, () => listen(url, tokens[0]!.token)));
    expect(new Set(open.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    const refused = await listen(url, tokens[0]!.token);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '60']);
    const other = await listen(url, tokens[1]!.token);
    expect(other.statusCode).toBe(200);
    for (const response of [...open, refused, other]) response.destroy();
  });

  test('closing the server ends the streams', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/api/v1/events`);
    const stream = response.body!.getReader();
    await readUntil(stream, '}');
    await server!.close();
    server = undefined;
    expect((await stream.read()).done).toBe(true);
  });

  test('the 257th listener is told to come back later', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const tokens = names.map((name) => ({ name, token: `${name}-token-0123456789`, role: 'viewer' as const }));
    const authentication = { kind: 'tokens', tokens: () => tokens } as const;
    const { url } = (server = await startMadeUp(new MadeUpReader(), { authentication }));
    const open = await Promise.all(Array.from({ length: 256 }, (_, index) => listen(url, tokens[index % 4]!.token)));
    expect(open.map(({ statusCode }) => statusCode)).toEqual(open.map(() => 200));
    const refused = await listen(url, tokens[4]!.token);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '60']);
    for (const response of [...open, refused]) response.destroy();
  });
});

/** One listener on a connection of its own. */
function listen(url: string, token: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    get(`${url}/api/v1/events`, { agent: false, headers }, resolve).on('error', reject);
  });
}

/** What the events of a piece of a stream say. */
function dataOf(text: string): readonly unknown[] {
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as unknown);
}

describe('health', () => {
  test('alive is not ready: what is missing is told with a 503', async () => {
    const reader = new MadeUpReader();
    reader.watcher = { ...reader.watcher, lastSlot: undefined, notReady: ['no slot has been committed yet'] };
    const { url } = await start(reader);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const waiting = await fetch(`${url}/readyz`);
    expect(waiting.status).toBe(503);
    expect(await waiting.json()).toEqual({ ready: false, reasons: ['no slot has been committed yet'] });
    reader.watcher = { ...reader.watcher, notReady: [] };
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, reasons: [] }]);
  });
});

describe('/metrics', () => {
  test('tells lag, targets, and of every SLO budget and burn rates; unknown ones are absent', async () => {
    const reader = new MadeUpReader([
      status({ slo: slo(), total: 1_000_000, bad: 600, recent: steadily(20, 0.02) }),
      status({ slo: slo({ serviceName: 'a"b\\c\nd' }), total: 0, bad: 0, coverage: 0 }),
    ]);
    const clock = new StandingClock();
    const metrics = createOwnMetrics(reader, clock, '1.2.3');
    metrics.scrapeEnded('ok', 0.02, { badLines: 3, duplicates: 2, unreadable: 0 });
    metrics.scrapeEnded('ok', 0.02, { badLines: 3, duplicates: 0, unreadable: 0 });
    const failure = { code: 'file-unreadable', message: 'gone', hint: undefined } as const;
    reader.watcher = {
      ...reader.watcher,
      refusedServices: 7,
      refusedConfiguration: { at: noon, mistakes: 1 },
      places: [{ job: 'istio', kind: 'file', place: 'a.json', targets: 1, lastSuccessAt: undefined, failure }],
    };
    reader.seen = [target(), target({ refusedServices: 3 })];
    metrics.scrapeEnded('target-timeout', 10);
    metrics.commitEnded('disk-full', 0.1);
    const text = await metrics.render();
    const checkout = 'cluster="berlin",namespace="shop",service="checkout",slo="availability"';
    expect(text).toContain(`meshslo_slo_budget_remaining_ratio{${checkout}} 0.4\n`);
    expect(text).toMatch(new RegExp(`meshslo_slo_burn_rate\\{${checkout},window_seconds="3600"\\} (20|19\\.9999)`));
    expect(text).toContain('meshslo_slot_lag_seconds 5\n');
    expect(text).toContain('meshslo_scrape_duration_seconds_count{outcome="target-timeout"} 1\n');
    expect(text).toContain('meshslo_ledger_commit_duration_seconds_count{outcome="disk-full"} 1\n');
    expect(text).not.toMatch(/NaN|a"b/);
    expect(text).toContain('meshslo_bad_samples_total{kind="bad-line"} 6\n');
    expect(text).toContain('meshslo_bad_samples_total{kind="duplicate"} 2\n');
    expect(text).toContain('meshslo_bad_samples_total{kind="unreadable"} 0\n');
    expect(text).toContain('meshslo_discovery_up{job="istio",place="a.json"} 0\n');
    expect(text).toContain('meshslo_refused_services 7\n');
    expect(text).toContain('meshslo_targets_over_service_limit 1\n');
    expect(text).toContain('meshslo_config_last_reload_success 0\n');

    reader.current = [];
    reader.watcher = { ...reader.watcher, lastSlot: undefined };
    const later = await metrics.render();
    expect(later).not.toContain(checkout);
    expect(later).not.toMatch(/^meshslo_slot_lag_seconds/m);
  });

  test('beyond 5000 SLOs the least urgent ones are only counted', async () => {
    const many = Array.from({ length: 5001 }, (_, index) =>
      status({ slo: slo({ serviceName: `s${index}` }), total: 1_000_000, bad: index === 5000 ? 5000 : 0 }),
    );
    const text = await createOwnMetrics(new MadeUpReader(many), new StandingClock(), '1').render();
    expect(text).toContain('meshslo_slos_left_out 1\n');
    expect(text.match(/^meshslo_slo_budget_remaining_ratio\{/gm)).toHaveLength(5000);
    expect(text).toContain('service="s5000"');
  });

  test('SLOs without a budget take nobody’s place, however urgent they are', async () => {
    const silent = Array.from({ length: 5000 }, (_, index) =>
      status({ slo: slo({ serviceName: `silent-${index}` }), total: 0, bad: 0, coverage: 0 }),
    );
    const reader = new MadeUpReader([...silent, status({ total: 1_000_000, bad: 0 })]);
    const text = await createOwnMetrics(reader, new StandingClock(), '1').render();
    expect(text).toContain('meshslo_slos_left_out 0\n');
    expect(text).toMatch(/^meshslo_slo_budget_remaining_ratio\{.*service="checkout".*\} 1$/m);
  });
});

describe('the server itself', () => {
  test('a port that is taken is named, with what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const parts = { ...madeUpParts(new MadeUpReader()), port };
    await expect(startServer(parts)).rejects.toMatchObject({
      code: 'address-in-use',
      message: `port ${port} of 127.0.0.1 is in use by another program`,
      hint: expect.stringContaining('another port'),
    });
    other.close();
    await expect(startServer({ ...parts, port: 0, address: '0.0.0.0' })).rejects.toMatchObject({
      code: 'bad-configuration',
    });
    await expect(
      startServer({ ...parts, port: 0, address: '192.0.2.1', authentication: { kind: 'none', explicit: true } }),
    ).rejects.toMatchObject({ message: '192.0.2.1 is no address of this machine' });
  });

  test('brackets round an address are no part of it', async () => {
    const authentication = { kind: 'none', explicit: true } as const;
    await expect(startMadeUp(new MadeUpReader(), { address: '[192.0.2.1]', authentication })).rejects.toMatchObject({
      message: '192.0.2.1 is no address of this machine',
    });
  });

  test('nothing inline, framed or foreign is allowed to a page', async () => {
    const { url } = await start();
    const { headers } = await fetch(url);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';" +
        "form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('headers beyond 16 KB are refused', async () => {
    const { url } = await start();
    expect((await fetch(url, { headers: { cookie: 'x'.repeat(20_000) } })).status).toBe(431);
  });
});
