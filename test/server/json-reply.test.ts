import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { KeptAnswer } from '../../src/server/json-reply.js';

let server: Server;
let version = 'first';
let made = 0;

beforeEach(async () => {
  made = 0;
  version = 'first';
  const kept = new KeptAnswer();
  const make = () => ({
    version,
    number: (made += 1),
    names: Array.from({ length: 1000 }, (_, index) => `name-${index}`),
  });
  const app = express();
  app.get('/', (request, response) => kept.send(request, response, version, make));
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  await once(server, 'close');
});

async function ask(encoding: string): Promise<{ readonly version: string; readonly number: number }> {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'accept-encoding': encoding } });
  expect(response.headers.get('content-encoding')).toBe(encoding === 'gzip' ? 'gzip' : null);
  return (await response.json()) as { version: string; number: number };
}

test('a kept answer is made once for everybody, compressed or not, until it is of another version', async () => {
  const answers = await Promise.all([ask('gzip'), ask('identity'), ask('gzip')]);
  expect(answers.map(({ number }) => number)).toEqual([1, 1, 1]);
  version = 'second';
  expect(await ask('gzip')).toMatchObject({ version: 'second', number: 2 });
  expect((await ask('identity')).number).toBe(2);
});
