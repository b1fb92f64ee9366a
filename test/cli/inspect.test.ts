import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inspect } from '../../src/cli/inspect.js';
import { readSource } from '../../src/cli/read-source.js';
import { acceptedFormats } from '../../src/scrape/http/accepted-formats.js';

const identity = 'destination_service_name="cart",destination_service_namespace="shop",reporter="destination"';
const sidecar = `# TYPE istio_requests_total counter
istio_requests_total{${identity},response_code="200",response_flags="-"} 40
istio_requests_total{${identity},response_code="503",response_flags="UF,URX"} 2
istio_requests_total{${identity},response_code="0",response_flags="DC"} 1
istio_requests_total{reporter="source",destination_service_name="PassthroughCluster"} 7
# TYPE istio_build gauge
istio_build{component="proxy",tag="1.24.2"} 1
# TYPE envoy_server_uptime gauge
envoy_server_uptime{} 3600
`;

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/good': (response) => void response.end(sidecar),
  '/gzip': (response) => void response.setHeader('content-encoding', 'gzip').end(gzipSync(sidecar)),
  '/other': (response) => void response.end('up 1\n'),
  '/broken': (response) => void response.end(`${sidecar}what is this\n`),
  '/hostile': (response) =>
    void response.end(
      'istio_requests_total{reporter="destination",destination_service_name="\u001b[31mred",destination_service_namespace="x"} 1\n',
    ),
  '/empty': (response) => void response.end(),
  '/bomb': (response) => void response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(5_000_000))),
  '/forbidden': (response) => void response.writeHead(403).end('no'),
  '/elsewhere': (response) => void response.writeHead(302, { location: '/good' }).end(),
  '/hanging': () => undefined,
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write(sidecar.slice(0, 100), () => response.socket?.destroy());
  },
};

/** By path: the headers of the last request. */
const asked = new Map<string, IncomingHttpHeaders>();
const server = createServer((request, response) => {
  asked.set(request.url ?? '', request.headers);
  answers[request.url ?? '']?.(response);
});
const folder = mkdtempSync(join(tmpdir(), 'meshslo-inspect-'));
let base = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

async function run(
  source: string,
  options: { strict?: boolean; output?: 'text' | 'json'; pack?: readonly string[] } = {},
) {
  let text = '';
  const terminal = { color: false, write: (part: string) => void (text += part) };
  const code = await inspect(source, { output: 'text', timeout: 20, ...options }, terminal);
  return { code, text };
}

describe('meshslo inspect', () => {
  test.each(['/good', '/gzip'])('%s: mesh, version, uptime, and how its requests count', async (path) => {
    const { code, text } = await run(`${base}${path}`);
    expect(text).toBe(`${base}${path}: Istio sidecars and gateways, version 1.24.2, up 1h
Prometheus text, ${sidecar.length} bytes, 6 samples of 3 families, 2 of them read

SERVICE    SEEN BY  GOOD  BAD  LEFT OUT
shop/cart  server     40    2         1
shop/cart  union      40    2         0
7 requests to no service of the mesh

FAMILY                TYPE     SAMPLES  READ
istio_requests_total  counter        4  yes
envoy_server_uptime   gauge          1  yes
istio_build           gauge          1
`);
    expect(code).toBe(0);
  });

  test('the same as JSON', async () => {
    const { text } = await run(`${base}/good`, { output: 'json' });
    expect(JSON.parse(text)).toMatchObject({
      sound: true,
      mesh: { name: 'istio', version: '1.24.2' },
      uptimeSeconds: 3600,
      requestsOfNoService: 7,
      services: [{ service: 'shop/cart', perspective: 'server', requests: { good: 40, bad: 2, 'left-out': 1 } }, {}],
    });
  });

  test('a target of no known mesh is good metrics all the same', async () => {
    const { code, text } = await run(`${base}/other`);
    expect(text).toMatch(/of no mesh that is known here/);
    expect(code).toBe(0);
  });

  test('a line that cannot be read makes the target a broken one, with its place', async () => {
    const { code, text } = await run(`${base}/broken`);
    expect(text).toMatch(/broken: 1 bad lines\n {2}10:\d+ /);
    expect(code).toBe(1);
  });

  test('a file without a last newline is good tolerantly, and strictly broken: its last value may be cut', async () => {
    const file = join(folder, 'cut.prom');
    writeFileSync(file, sidecar.trimEnd());
    expect((await run(file)).code).toBe(0);
    expect((await run(file, { strict: true })).text).toMatch(/final-newline/);
    expect((await run(file, { strict: true })).code).toBe(1);
  });

  test('an empty body is broken: a proxy always has something to say', async () => {
    expect(await run(`${base}/empty`)).toMatchObject({ code: 1, text: expect.stringMatching(/no samples at all/) });
  });

  test('a terminal never obeys what a target says', async () => {
    expect((await run(`${base}/hostile`)).text).not.toContain('\u001b');
  });

  test('a pack of one’s own is looked at first for mistakes, then with its eyes', async () => {
    const pack = join(folder, 'pack.yaml');
    writeFileSync(pack, 'pack: mine\n');
    expect(await run(`${base}/other`, { pack: [pack] })).toMatchObject({
      code: 1,
      text: expect.stringMatching(/missing/),
    });
    writeFileSync(
      pack,
      `pack: mine
title: Mine
detect: [{ family: up }]
target: { path: / }
requests: { families: [up] }
services: { all: { name: { constant: all }, namespace: { constant: all } } }
classes: { all: [{ name: all, verdict: good }] }
views: [{ perspective: server, service: all, classes: all }]
`,
    );
    expect((await run(`${base}/other`, { pack: [pack] })).text).toMatch(/: Mine, version unknown\n/);
  });

  test('a user in the URL is let in, and neither told nor lost in a failure', async () => {
    const withUser = base.replace('//', '//ann:h%75sh@');
    const { code, text } = await run(`${withUser}/good`);
    expect(code).toBe(0);
    expect(text).toContain('http://***@127.0.0.1:');
    expect(text).not.toMatch(/ann|h%75sh|hush/);
    expect(asked.get('/good')?.authorization).toBe(`Basic ${Buffer.from('ann:hush').toString('base64')}`);
    const refused = readSource(`${withUser}/forbidden`, { bodyBytes: 1000, timeoutSeconds: 20 });
    await expect(refused).rejects.toThrow(/^http:\/\/\*\*\*@127\.0\.0\.1:\d+\/forbidden answered with status 403$/);
    const none = readSource('http://ann:hu/sh@host/', { bodyBytes: 1000, timeoutSeconds: 20 });
    await expect(none).rejects.toMatchObject({ code: 'bad-arguments', message: 'the URL is none' });
  });

  test('metrics are asked for as a scrape asks for them', async () => {
    await run(`${base}/good`);
    expect(asked.get('/good')?.accept).toBe(acceptedFormats);
  });

  test('a file may be compressed', async () => {
    const file = join(folder, 'good.prom.gz');
    writeFileSync(file, gzipSync(sidecar));
    expect((await run(file)).code).toBe(0);
  });
});

describe('what cannot be looked at', () => {
  test.each([
    { path: '/forbidden', code: 'target-status', why: 'only 200 is an answer' },
    { path: '/elsewhere', code: 'target-status', why: 'a redirect is not followed' },
    { path: '/hanging', code: 'target-timeout', why: 'nobody waits for ever' },
    { path: '/cut', code: 'body-malformed', why: 'half an answer is none' },
    { path: '/bomb', code: 'body-too-large', why: 'the limit holds after decompression' },
  ])('$path is $code: $why', async ({ path, code }) => {
    const timeoutSeconds = path === '/hanging' ? 0.5 : 20;
    const reading = readSource(`${base}${path}`, { bodyBytes: 1_000_000, timeoutSeconds });
    await expect(reading).rejects.toMatchObject({ code });
  });

  test('a target that refuses is unreachable', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const reading = readSource(`http://127.0.0.1:${port}/`, { bodyBytes: 1000, timeoutSeconds: 20 });
    await expect(reading).rejects.toMatchObject({ code: 'target-unreachable' });
  });

  test('files: one that is absent, one that is too large, one whose gzip is a bomb or damaged', async () => {
    const limits = { bodyBytes: 1000, timeoutSeconds: 20 };
    const write = (name: string, content: Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    await expect(readSource(join(folder, 'absent'), limits)).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(readSource(write('large', Buffer.alloc(1001)), limits)).rejects.toMatchObject({
      code: 'body-too-large',
    });
    const bomb = gzipSync(Buffer.alloc(100_000));
    await expect(readSource(write('bomb', bomb), limits)).rejects.toMatchObject({ code: 'body-too-large' });
    await expect(readSource(write('half', bomb.subarray(0, 20)), limits)).rejects.toMatchObject({
      code: 'body-malformed',
    });
  });
});
