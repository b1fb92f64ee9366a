import { afterEach, expect, test } from '@jest/globals';
import { EnvoyFactsBook } from '../../src/controlplane/envoy-control/envoy-facts.js';
import { askedEndpoint, closeAsked } from './asked-endpoints.js';

afterEach(closeAsked);

const node = { id: 'web-1', cluster: 'web' };
const dump = { configs: [{ bootstrap: { node } }] };

/** An Envoy that names its node in its configuration only. */
async function oldEnvoy(say: (path: string) => unknown) {
  const asked: string[] = [];
  const client = await askedEndpoint(({ path }) => {
    asked.push(path);
    return { body: say(path) };
  });
  const dumps = (): number => asked.filter((path) => path === '/config_dump').length;
  return { client, dumps };
}

test('an old Envoy is asked for all of its configuration once, and again when another process runs', async () => {
  let uptime = 100;
  let now = 1000;
  const { client, dumps } = await oldEnvoy((path) =>
    path === '/server_info' ? { version: 'a/1.13.1/Clean', uptime_current_epoch: `${uptime}s` } : dump,
  );
  const book = new EnvoyFactsBook(() => now);
  for (const passed of [0, 15, 15]) {
    uptime += passed;
    now += passed;
    const told = await book.ask(client);
    expect(told).toEqual({
      version: '1.13.1',
      node: { text: JSON.stringify(node), group: JSON.stringify({ cluster: 'web' }) },
    });
  }
  expect(dumps()).toBe(1);
  uptime = 3;
  await book.ask(client);
  expect(dumps()).toBe(2);
  // It begins again right after, and runs for longer than the process before did when it was asked.
  now += 60;
  uptime = 50;
  await book.ask(client);
  expect(dumps()).toBe(3);
});

test('a configuration that is none is asked for again after ten minutes, and all else is told', async () => {
  let now = 1000;
  const { client, dumps } = await oldEnvoy((path) =>
    path === '/server_info' ? { version: 'a/1.13.1/Clean', uptime_current_epoch: `${now - 991}s` } : 'too early',
  );
  const book = new EnvoyFactsBook(() => now);
  expect(await book.ask(client)).toEqual({ version: '1.13.1', node: undefined });
  now += 300;
  await book.ask(client);
  expect(dumps()).toBe(1);
  now += 300;
  await book.ask(client);
  expect(dumps()).toBe(2);
});

test('few configurations are read at the same time: the others wait for a later look', async () => {
  const envoys = await Promise.all(
    Array.from({ length: 5 }, () =>
      oldEnvoy((path) => (path === '/server_info' ? { version: 'a/1.13.1/Clean', uptime_current_epoch: '9s' } : dump)),
    ),
  );
  const book = new EnvoyFactsBook(() => 1000);
  const look = async (): Promise<number> => {
    const told = await Promise.all(envoys.map(({ client }) => book.ask(client)));
    return told.filter((one) => one.node).length;
  };
  expect(await look()).toBeLessThan(5);
  while ((await look()) < 5);
  expect(envoys.map(({ dumps }) => dumps())).toEqual([1, 1, 1, 1, 1]);
});
