import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { BodyBuffers } from '../../../src/scrape/http/body-buffer.js';
import { ByteBudget } from '../../../src/scrape/http/byte-budget.js';
import { getRequest } from '../../../src/scrape/http/get-request.js';
import { TargetConnection } from '../../../src/scrape/http/target-connection.js';
import { answers, TestTarget } from '../test-target.js';

const buffers = new BodyBuffers(new ByteBudget(1000, 5000));
const request = getRequest('/metrics', 'pod', {});
let target: TestTarget;
let connection: TargetConnection;

beforeEach(async () => {
  target = await TestTarget.listen(answers('a 1\n'));
  connection = new TargetConnection({ host: '127.0.0.1', port: target.port, tls: undefined });
});

afterEach(async () => {
  connection.close();
  await target.close();
});

test('one connection serves all scrapes', async () => {
  for (let scrape = 0; scrape < 5; scrape++) expect(await get()).toBe('a 1\n');
  expect(target.connections).toBe(1);
});

test('a connection that was closed between two scrapes is opened again, and nobody is told', async () => {
  await get();
  target.disconnect();
  expect(await get()).toBe('a 1\n');
  await get();
  expect(target.connections).toBe(2);
});

test('a target that closes every connection after its answer is asked over new ones', async () => {
  target.behave = answers('a 2\n', { Connection: 'close' });
  expect(await get()).toBe('a 2\n');
  expect(await get()).toBe('a 2\n');
  expect(target.connections).toBe(2);
});

test('bytes after the answer end the connection, and are not taken for the next answer', async () => {
  target.behave = answers('a 3\nHTTP/1.1 200 OK\r\n', { 'Content-Length': '4' });
  expect(await get()).toBe('a 3\n');
  target.behave = answers('a 4\n');
  expect(await get()).toBe('a 4\n');
  expect(target.connections).toBe(2);
});

test('an answer that comes after its time is not taken for the next one', async () => {
  target.behave = (socket) => setTimeout(() => answers('late 1\n')(socket, ''), 80);
  await expect(get(0.02)).rejects.toMatchObject({ code: 'target-timeout' });
  target.behave = (socket) => setTimeout(() => answers('a 5\n')(socket, ''), 120);
  expect(await get()).toBe('a 5\n');
});

test('large bodies share one budget; who finds it empty fails alone, and gives everything back', async () => {
  target.behave = answers('x'.repeat(4000));
  const other = new TargetConnection({ host: '127.0.0.1', port: target.port, tls: undefined });
  const held = buffers.lend();
  await other.get(request, { timeoutSeconds: 60, bodyBytes: 10_000 }, held);
  await expect(get()).rejects.toMatchObject({
    code: 'body-too-large',
    message: expect.stringContaining('no memory') as unknown as string,
  });
  buffers.release(held);
  expect(await get()).toHaveLength(4000);
  other.close();
});

test('a name that does not exist is said to be none', async () => {
  connection = new TargetConnection({ host: 'no-such-host.invalid', port: 1, tls: undefined });
  await expect(get()).rejects.toMatchObject({ code: 'target-unreachable' });
});

async function get(timeoutSeconds = 60): Promise<string> {
  const body = buffers.lend();
  try {
    await connection.get(request, { timeoutSeconds, bodyBytes: 10_000 }, body);
    return Buffer.from(body.bytes).toString('latin1');
  } finally {
    buffers.release(body);
  }
}
