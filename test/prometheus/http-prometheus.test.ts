import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/domain/failure.js';
import { HttpPrometheus } from '../../src/prometheus/http-prometheus.js';
import type { PrometheusConnection } from '../../src/prometheus/http-prometheus.js';
import { AnsweringServer, formOf, json, vector } from './answering-server.js';

let server: AnsweringServer | undefined;
let api: HttpPrometheus | undefined;
afterEach(async () => {
  api?.close();
  await server?.close();
  server = undefined;
});

const ourTime = 1_800_000_000;

async function asking(answer: RequestListener, own: Partial<PrometheusConnection> = {}): Promise<HttpPrometheus> {
  server = await AnsweringServer.start(answer);
  api = new HttpPrometheus({
    url: server.url,
    access: { authorization: 'Bearer hunter2', tls: {} },
    tenant: undefined,
    timeoutSeconds: 60,
    answerBytes: 100_000,
    clock: { now: () => ourTime, monotonic: () => 0 },
    ...own,
  });
  return api;
}

const endless: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = (): void => {
    while (response.write('['.repeat(10_000)));
    response.once('drain', more);
  };
  more();
};

const bomb = gzipSync(Buffer.alloc(50_000_000));

const dripping: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};

function html(status: number): RequestListener {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html><h1>Sign in</h1></html>');
  };
}

function says(value: unknown, status = 200): RequestListener {
  return (_, response) => {
    json(response, value, status);
  };
}

describe('an answer', () => {
  test('is the labels and values of its series', async () => {
    const prometheus = await asking(says(vector([{ __name__: 'up', job: 'a' }, 1], [{ job: 'b' }, 0.5])));
    expect(await prometheus.instant('up')).toEqual([
      { labels: { __name__: 'up', job: 'a' }, value: 1 },
      { labels: { job: 'b' }, value: 0.5 },
    ]);
  });

  test('is asked for with login and tenant, in a body, for the server’s own now', async () => {
    const seen: unknown[] = [];
    const prometheus = await asking(
      (request, response) => {
        void formOf(request).then((form) => {
          seen.push([
            request.method,
            request.url,
            request.headers.authorization,
            request.headers['x-scope-orgid'],
            form.get('time'),
          ]);
          response.setHeader('date', new Date((ourTime + 100) * 1000).toUTCString());
          json(response, vector());
        });
      },
      { tenant: 'shop' },
    );
    await prometheus.instant('up');
    await prometheus.instant('up');
    await prometheus.instant('up', 5);
    const ask = (time: string): readonly unknown[] => ['POST', '/api/v1/query', 'Bearer hunter2', 'shop', time];
    expect(seen).toEqual([ask(`${ourTime}`), ask(`${ourTime + 100.5}`), ask('5')]);
    expect(prometheus.clockAheadSeconds).toBe(100.5);
  });

  test('to what this server does not know is nothing, and no failure', async () => {
    const prometheus = await asking(html(404));
    expect([await prometheus.version(), await prometheus.flags(), await prometheus.seriesCount()]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await prometheus.metricNames('istio_')).toEqual([]);
  });

  test('that lies about its form is nothing either', async () => {
    const prometheus = await asking(says({ status: 'success', data: { version: 7, headStats: 'many' } }));
    expect(await prometheus.version()).toBeUndefined();
    expect(await prometheus.seriesCount()).toBeUndefined();
    expect(await prometheus.metricNames('a')).toEqual([]);
  });
});

test.each([
  { answer: () => undefined, is: 'target-timeout', says: 'did not answer within 0.4 s', why: 'it hangs' },
  { answer: dripping, is: 'target-timeout', says: 'did not answer within 0.4 s', why: 'it never ends, byte by byte' },
  { answer: endless, is: 'body-too-large', says: 'more than 100000 bytes', why: 'it never ends' },
  {
    answer: (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    },
    is: 'body-too-large',
    says: 'more than 100000 bytes',
    why: 'a bomb of gzip',
  },
  { answer: html(200), is: 'body-malformed', says: 'does not talk like a Prometheus', why: 'a login page' },
  { answer: html(401), is: 'unauthenticated', says: 'asks for a login', why: 'no login, and no JSON' },
  { answer: html(403), is: 'forbidden', says: 'does not let us', why: 'not allowed' },
  { answer: html(404), is: 'not-found', says: 'has no /api/v1/query', why: 'another prefix' },
  { answer: html(302), is: 'target-status', says: 'leads elsewhere', why: 'a login elsewhere' },
  { answer: html(503), is: 'target-status', says: 'answered 503', why: 'not ready' },
  {
    answer: says(
      { status: 'error', errorType: 'execution', error: 'query processing would load too many samples' },
      422,
    ),
    is: 'target-status',
    says: 'too many samples',
    why: 'the question is too large',
  },
  {
    answer: says({ status: 'success', data: { resultType: 'matrix', result: [] } }),
    is: 'body-malformed',
    says: '',
    why: 'no vector',
  },
  {
    answer: says({ status: 'success', data: { resultType: 'vector', result: [{ metric: { a: 1 }, value: 7 }] } }),
    is: 'body-malformed',
    says: '',
    why: 'a lie',
  },
  { answer: says(null), is: 'body-malformed', says: '', why: 'nothing' },
  { answer: (_, response) => void response.destroy(), is: 'target-unreachable', says: 'was', why: 'it hangs up' },
] satisfies { answer: RequestListener; is: string; says: string; why: string }[])(
  '$why: $is, and no secret in it',
  async ({ answer, is, says: text }) => {
    const timeoutSeconds = is === 'target-timeout' ? 0.4 : 60;
    const prometheus = await asking(answer, { timeoutSeconds });
    const error = await prometheus.instant('up').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ code: is, message: expect.stringContaining(text) });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('hunter2');
  },
);

test('a user in the address is sent and not shown', async () => {
  let seen: string | undefined;
  const one = await asking((request, response) => {
    seen = request.headers.authorization;
    json(response, { status: 'error', error: 'no' }, 500);
  });
  const url = one.address.replace('http://', 'http://me:hunter2@');
  const own = {
    url,
    access: { authorization: undefined, tls: {} },
    tenant: undefined,
    timeoutSeconds: 60,
    answerBytes: 1000,
  };
  const prometheus = new HttpPrometheus({ ...own, clock: { now: () => ourTime, monotonic: () => 0 } });
  const error = await prometheus.instant('up').catch((caught: unknown) => caught);
  prometheus.close();
  expect(seen).toBe(`Basic ${Buffer.from('me:hunter2').toString('base64')}`);
  expect(inspect(error, { depth: 20 })).not.toContain('hunter2');
});

test('nobody there is told as that', async () => {
  const prometheus = await asking(() => undefined);
  await server!.close();
  server = undefined;
  await expect(prometheus.instant('up')).rejects.toMatchObject({
    code: 'target-unreachable',
    message: expect.stringContaining('connection refused'),
  });
});
