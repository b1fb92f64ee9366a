import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { EndpointSet } from '../../src/controlplane/endpoint-set.js';
import { ProxyWatch } from '../../src/controlplane/proxy-watch.js';
import { BodyBuffers } from '../../src/scrape/http/body-buffer.js';
import { ByteBudget } from '../../src/scrape/http/byte-budget.js';
import { TestClock } from '../scrape/test-clock.js';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** So many proxies at addresses of their own, of which each takes a second, if nothing else is said, and answers with this status. */
async function slowProxies(
  count: number,
  status: number,
  onAsked: (clock: TestClock, set: EndpointSet) => void = (clock) => clock.pass(1),
) {
  const clock = new TestClock(1_800_000_000);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.host!);
    onAsked(clock, set);
    response.writeHead(status).end('proxy_build_info{version="1"} 1\n');
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const targets = Array.from({ length: count }, (_, index) => `127.0.0.${index + 1}:${port}`);
  const set = new EndpointSet({
    name: 'proxies',
    endpoints: { targets: [{ kind: 'static', groups: [{ targets, labels: {} }] }], scheme: 'http', access: {} },
    defaultPort: port,
    timeoutSeconds: 60,
    buffers: new BodyBuffers(new ByteBudget(4_194_304, 268_435_456)),
    clock,
  });
  const more = () => Promise.resolve(undefined);
  const questions = { metricsPath: '/metrics', names: ['proxy_build_info'], more };
  const watch = new ProxyWatch({ set, questions, cluster: 'eu', intervalSeconds: 15, clock });
  closing.push(
    () => set.close(),
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return { watch, asked, server };
}

test('slow proxies do not take the time of their control plane: those that were not asked come first at the next look', async () => {
  const { watch, asked } = await slowProxies(100, 200);
  await watch.look();
  const first = asked.splice(0);
  expect(first.length).toBeLessThan(75);
  await watch.look();
  expect(new Set([...first, ...asked]).size).toBe(100);
  expect(watch.proxies).toHaveLength(100);
});

test('nobody has told anything where all are silent, and nobody needs to where none is listed', async () => {
  const silent = await slowProxies(2, 503);
  await silent.watch.look();
  expect(silent.watch.isTold).toBe(false);
  const none = await slowProxies(0, 200);
  await none.watch.look();
  expect(none.watch.isTold).toBe(true);
});

test('nobody is asked any more once the set is closed, and no connection stays open', async () => {
  let isClosed = false;
  const { watch, server } = await slowProxies(100, 200, (_clock, set) => {
    if (!isClosed) set.close();
    isClosed = true;
  });
  await watch.look();
  expect(watch.proxies).toHaveLength(0);
  server.close();
  await once(server, 'close');
});
