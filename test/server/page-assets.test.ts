import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunningServer } from '../../src/server/start-server.js';
import { MadeUpReader } from './made-up-reader.js';
import { startMadeUp } from './running.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-assets-'));
const code = 'console.log("page");'.repeat(100);
let server: RunningServer;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  for (const page of ['index.html', 'login.html'])
    writeFileSync(join(folder, page), `<!doctype html><title>${page}</title>`);
  writeFileSync(join(folder, 'assets', 'page-1.js'), code);
  writeFileSync(join(folder, 'assets', 'page-1.js.br'), brotliCompressSync(code));
  writeFileSync(join(folder, 'assets', 'page-1.js.gz'), gzipSync(code));
  writeFileSync(join(folder, 'assets', 'small.js'), '1;');
  server = await startMadeUp(new MadeUpReader(), { uiFolder: folder });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** The headers as they are sent; `fetch` decompresses by itself. */
function headersOf(path: string, acceptEncoding: string): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    // As a string an address would be cleaned of its dots.
    const { hostname, port } = new URL(server.url);
    request({ hostname, port, path, headers: { 'accept-encoding': acceptEncoding } }, (response) => {
      response.resume();
      resolve({ ...response.headers, status: String(response.statusCode) });
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  { accepts: 'gzip, deflate, br', encoding: 'br', why: 'the best one that a browser reads' },
  { accepts: 'gzip', encoding: 'gzip', why: 'an older one' },
  { accepts: 'identity', encoding: undefined, why: 'a program that reads none' },
  { accepts: 'br;q=0, gzip', encoding: 'gzip', why: 'what is refused is not sent' },
])('the page’s code comes as $encoding: $why', async ({ accepts, encoding }) => {
  const headers = await headersOf('/assets/page-1.js', accepts);
  expect(headers).toMatchObject({ status: '200', 'content-type': expect.stringContaining('javascript') });
  expect(headers['content-encoding']).toBe(encoding);
  expect(headers.vary).toContain('Accept-Encoding');
  expect(headers['cache-control']).toContain('immutable');
});

test('it is the same code whatever it comes as', async () => {
  expect(await (await fetch(`${server.url}/assets/page-1.js`)).text()).toBe(code);
});

test('what has no copy comes as it is', async () => {
  expect((await headersOf('/assets/small.js', 'br'))['content-encoding']).toBeUndefined();
});

test.each(['/assets/nothing.js', '/assets/../index.html', '/assets/%2e%2e/login.html'])(
  '%s is not there',
  async (path) => {
    expect((await headersOf(path, 'br'))['status']).toBe('404');
  },
);
