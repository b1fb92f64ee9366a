import { createServer } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { envoySyncSource, type SyncDelay } from '../../src/catalog/registry/envoy-sync.js';
import { ConsulApi } from '../../src/simulator/consul-api.js';
import { consulPlace, HandClock, listen, until } from './support.js';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A Consul with one service, an Envoy that knows what it is told, and meshslo between them. */
async function world() {
  const clock = new HandClock();
  const consul = new ConsulApi();
  let hosts: readonly string[] = ['10.0.0.1'];
  let trouble: 'silent' | 'malformed' | undefined;
  const envoy = createServer((_request, response) => {
    if (trouble === 'silent') {
      response.destroy();
      return;
    }
    if (trouble === 'malformed') {
      response.end('{"cluster_statuses": "half a list"}');
      return;
    }
    const host_statuses = hosts.map((address) => ({ address: { socket_address: { address, port_value: 80 } } }));
    response.end(JSON.stringify({ cluster_statuses: [{ name: 'cart', host_statuses }] }));
  });
  // Another one, of a mesh without this service.
  const other = createServer((_request, response) => response.end('{"cluster_statuses": []}'));
  const register = (id: string, address: string) =>
    consul.register({ node: 'n', id, service: 'cart', address, port: 80 });
  register('1', '10.0.0.1');
  const envoyUrl = await listen(envoy);
  const place = consulPlace(await listen(consul.server), clock, {
    envoys: [envoyUrl, await listen(other)].map((url) => url.replace('http://', '')),
  });
  ends.push(() => {
    consul.close();
    envoy.closeAllConnections();
    void place.stop();
    envoy.close();
    other.closeAllConnections();
    other.close();
    consul.server.close();
  });
  const delays: SyncDelay[] = [];
  const source = envoySyncSource({
    place,
    clock,
    onDelay: (delay) => void delays.push(delay),
    ownerOf: () => 'payments',
  });
  place.start(() => undefined);
  await until(() => place.reading !== undefined);
  const signal = new AbortController().signal;
  /** Some seconds later. */
  const look = async (seconds: number) => {
    await until(() => consul.isAwaited);
    clock.time += seconds;
    consul.tick(clock.time);
    return source.look(signal);
  };
  await source.look(signal);
  const know = (...addresses: readonly string[]) => (hosts = addresses);
  const changed = async (id: string, address: string) => {
    const { instances } = place.reading!;
    register(id, address);
    await until(() => place.reading!.instances.length > instances.length);
  };
  const fall = (into: typeof trouble) => (trouble = into);
  return { clock, delays, look, know, changed, fall };
}

test('the delay from a change until the Envoy knows it is measured, with how far it may be off', async () => {
  const { delays, look, know, changed, clock } = await world();
  clock.time += 5;
  await changed('2', '10.0.0.2');
  expect((await look(0)).findings).toEqual([]);
  await look(5);
  expect(delays).toEqual([]);
  know('10.0.0.1', '10.0.0.2');
  await look(5);
  // The change was seen at second 5 of readings 5 s apart, and the Envoy 10 s later by looks 5 s apart.
  expect(delays).toMatchObject([{ registry: 'consul dc1', service: 'cart', seconds: 10, errorSeconds: 10 }]);
});

test('an Envoy that does not learn for longer than it may is named with the owner, and no longer once it knows', async () => {
  const { look, know, changed } = await world();
  await changed('2', '10.0.0.2');
  await look(0);
  expect((await look(30)).findings).toEqual([]);
  const late = await look(5);
  expect(late.findings).toMatchObject([{ kind: 'SlowRegistrySync', owner: 'payments', subject: { service: 'cart' } }]);
  know('10.0.0.2', '10.0.0.1');
  const repaired = await look(5);
  expect([repaired.findings, repaired.judged]).toEqual([[], ['SlowRegistrySync']]);
});

test.each(['silent', 'malformed'] as const)(
  'an Envoy that falls %s has not learnt anything: what was found of it stays, whatever others tell',
  async (trouble) => {
    const { look, know, changed, fall } = await world();
    await changed('2', '10.0.0.2');
    await look(0);
    const [late] = (await look(35)).findings;
    fall(trouble);
    const unknown = await look(5);
    expect(unknown.findings).toEqual([]);
    expect(unknown.unseen!(late!)).toBe(true);
    fall(undefined);
    know('10.0.0.2', '10.0.0.1');
    const repaired = await look(5);
    expect([repaired.findings, repaired.unseen!(late!)]).toEqual([[], false]);
  },
);
