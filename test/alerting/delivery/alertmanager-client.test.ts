import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createPlain, type Server as PlainServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { AlertmanagerClient } from '../../../src/alerting/delivery/alertmanager-client.js';
import type { PostAnswer } from '../../../src/scrape/http/json-poster.js';
import { Notifier } from '../../../src/alerting/delivery/notifier.js';
import type { AccessSettings } from '../../../src/config/access-settings.js';
import type { AlertmanagerSettings } from '../../../src/config/config.js';
import { Failure } from '../../../src/domain/failure.js';
import { describeWith } from '../../support/programs.js';
import { byKey, episodeOf, page } from '../alerts.js';
import { until } from '../../support/until.js';

let server: Server | PlainServer | undefined;
let client: AlertmanagerClient | undefined;

afterEach(async () => {
  await client?.close();
  if (server instanceof Object && 'closeAllConnections' in server) server.closeAllConnections();
  server?.close();
  server = client = undefined;
});

async function listen(one: Server | PlainServer): Promise<string> {
  server = one;
  one.listen(0, '127.0.0.1');
  await once(one, 'listening');
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
}

async function post(
  url: string,
  { timeoutSeconds = 20, ...access }: AccessSettings & { readonly timeoutSeconds?: number } = {},
): Promise<PostAnswer | Failure> {
  client ??= new AlertmanagerClient({ url, timeoutSeconds, access });
  return client.post('[]').catch((error: unknown) => {
    if (error instanceof Failure) return error;
    throw error;
  });
}

const answering = (answer: RequestListener): Promise<string> => listen(createServer(answer));

describe('an answer', () => {
  test('is read whatever it is: status, words, clock and patience', async () => {
    const url = await answering((_request, response) => {
      response.writeHead(429, { date: 'Mon, 01 Jun 2026 00:00:00 GMT', 'retry-after': '7' });
      response.end('"too\\u001b[31m many"');
    });
    expect(await post(url)).toEqual({
      status: 429,
      message: 'too\ufffd[31m many',
      theirNow: Date.UTC(2026, 5, 1) / 1000,
      retryAfterSeconds: 7,
    });
  });

  test.each([
    ['an object', '{"code": 601, "message": "alerts in body is required"}', 'alerts in body is required'],
    ['a page of a proxy', '<html>Bad Gateway</html>', ''],
    ['plain words', 'plain words', 'plain words'],
    ['nothing', 'null', ''],
    ['too much', 'x'.repeat(5000), 'x'.repeat(200)],
  ])('of %s is told in a sentence', async (_why, text, message) => {
    const url = await answering((_request, response) => response.writeHead(400).end(text));
    expect(await post(url)).toMatchObject({ status: 400, message });
  });

  test('without an end is read no further than a sentence needs', async () => {
    const url = await answering((_request, response) => {
      response.writeHead(200);
      const more = (): boolean => response.write('x'.repeat(1000));
      response.on('drain', more);
      const timer = setInterval(more, 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(await post(url)).toMatchObject({ status: 200 });
  });
});

describe('what is no answer is a failure of its own kind', () => {
  test('nobody listens', async () => {
    const url = await answering(() => undefined);
    server!.close();
    expect(await post(url)).toMatchObject({ code: 'target-unreachable', message: 'connection refused' });
  });

  test.each<[string, RequestListener]>([
    ['hangs', () => undefined],
    [
      'drips byte by byte',
      (_request, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('one that %s is given up in time', async (_why, answer) => {
    expect(await post(await answering(answer), { timeoutSeconds: 0.3 })).toMatchObject({
      code: 'target-timeout',
      message: 'no whole answer within 0.3 s',
    });
  });

  test('one that hangs up', async () => {
    const url = await answering((request) => request.socket.destroy());
    expect(await post(url)).toMatchObject({
      code: 'target-unreachable',
      message: expect.stringMatching(/closed without an answer|reset/) as unknown as string,
    });
  });

  test('one that does not speak HTTP', async () => {
    const url = await listen(createPlain((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
    expect(await post(url)).toBeInstanceOf(Failure);
  });

  test('one that does not speak TLS', async () => {
    const url = await answering((_request, response) => response.end());
    const failure = await post(url.replace('http:', 'https:'));
    expect(failure).toMatchObject({ code: 'target-unreachable', message: 'it does not speak TLS' });
    expect((failure as Failure).hint).toContain('http://');
  });

  test('after all of them it is asked anew', async () => {
    let requests = 0;
    const url = await answering((request, response) => {
      requests += 1;
      if (requests === 1) request.socket.destroy();
      else response.end();
    });
    expect(await post(url)).toBeInstanceOf(Failure);
    expect(await post(url)).toMatchObject({ status: 200 });
  });
});

describe('a login', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-login-'));
  const file = join(folder, 'secret');
  afterEach(() => rmSync(file, { force: true }));

  const asked = async (access: AccessSettings) => {
    const seen: IncomingMessage['headers'][] = [];
    const url = await answering((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    return { url, seen, say: () => post(url, access) };
  };

  test('is read from its file, and anew when that changes', async () => {
    writeFileSync(file, 'first-token\n');
    const { seen, say } = await asked({ authorization: { kind: 'bearer', tokenFile: file } });
    await say();
    writeFileSync(file, 'the-second-token\n');
    await say();
    expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer first-token', 'Bearer the-second-token']);
  });

  test('may be a password', async () => {
    writeFileSync(file, 'pässword');
    const { seen, say } = await asked({ authorization: { kind: 'basic', username: 'meshslo', passwordFile: file } });
    await say();
    expect(Buffer.from(seen[0]!.authorization!.slice(6), 'base64').toString()).toBe('meshslo:pässword');
  });

  test('that cannot be read is said, and nothing is sent without it', async () => {
    const { seen, say } = await asked({ authorization: { kind: 'bearer', tokenFile: file } });
    expect(await say()).toMatchObject({ code: 'file-unreadable' });
    expect(seen).toEqual([]);
  });
});

describeWith('openssl', 'an Alertmanager behind TLS', (openssl) => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-am-tls-'));
  const [keyFile, certFile] = [join(folder, 'am.key'), join(folder, 'am.crt')];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is told where its certificate is trusted, and nothing where it is not', async () => {
    const subject = ['-subj', '/CN=am.example', '-addext', 'subjectAltName=DNS:am.example'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile];
    execFileSync(openssl, ['req', '-x509', '-days', '1', ...key, '-out', certFile, ...subject], { stdio: 'ignore' });
    let requests = 0;
    const tls = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
    const plain = await listen(
      createTlsServer(tls, (_request, response) => {
        requests += 1;
        response.end();
      }),
    );
    const url = plain.replace('http:', 'https:');
    expect(await post(url)).toMatchObject({ code: 'target-untrusted' });
    expect(requests).toBe(0);
    await client!.close();
    client = undefined;
    expect(await post(url, { tls: { caFile: certFile, serverName: 'am.example' } })).toMatchObject({ status: 200 });
  });
});

test('one Alertmanager that hangs delays no other; reloads keep those that stay as they are', async () => {
  const told: number[] = [];
  const url = await answering((request, response) => {
    if (request.url!.startsWith('/hanging')) return;
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      told.push((JSON.parse(text) as unknown[]).length);
      response.end();
    });
  });
  const notifier = new Notifier({
    clock: { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 },
    page: () => undefined,
    chance: () => 0,
    onPosted: () => undefined,
  });
  const settings = (path: string): AlertmanagerSettings => ({ url: url + path, timeoutSeconds: 60, access: {} });
  notifier.reconfigure([settings('/hanging'), settings('')]);
  const cart = episodeOf(page('cart'), 'c', Date.now() / 1000);
  notifier.announce(byKey([cart]), []);
  await until(() => told.length === 1);
  notifier.reconfigure([settings('')]);
  notifier.announce(byKey([cart, episodeOf(page('stock'), 's', Date.now() / 1000)]), []);
  await until(() => told.length === 2);
  // Only the news: what it knows already is told again in a minute.
  expect(told).toEqual([1, 1]);
  await until(() => notifier.health.every(({ waiting }) => waiting === 0));
  expect(notifier.health.map((one) => one.url)).toEqual([url]);
  notifier.stop();
});
