import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ServiceId } from '../../src/domain/service-id.js';
import type { SlotBatch } from '../../src/domain/slot-batch.js';
import { ScrapeSource } from '../../src/scrape/scrape-source.js';
import { cart, ListedSlos, slo } from '../sli/directory.js';
import { sidecarText } from './sidecar-text.js';
import { TestClock } from './test-clock.js';
import { testJob } from './test-job.js';
import { answers, TestTarget } from './test-target.js';

const web: ServiceId = { ...cart, name: 'web' };
/** A slot in which the service was looked at all the time, and had no requests. */
const noTraffic = [{ slo: 'eu1/shop/cart/availability', total: 0, bad: 0, coverage: 1 }];

let folder: string;
let clock: TestClock;
let pod: TestTarget;
let source: ScrapeSource;
let kept: Map<string, Uint8Array>;
/** Whose proxies are by a catalogue; undefined while it has not been read. */
let catalogued: ServiceId | undefined;
/** Which services are known to have proxies of their own. */
let served: readonly ServiceId[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-silent-'));
  clock = new TestClock(1_800_014_400);
  pod = await TestTarget.listen(answers(''));
  kept = new Map();
  catalogued = undefined;
  served = [cart, web];
  list({});
  await start();
});

afterEach(async () => {
  await source.stop();
  await pod.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a sidecar that began again, and has no series of requests yet, shows that there were none', async () => {
  await scrape({ uptime: 3600, requests: { 200: 7 } });
  expect(await scrape({ uptime: 5, requests: {} })).toEqual(noTraffic);
});

test('so does one that began again while meshslo did', async () => {
  await scrape({ uptime: 3600, requests: { 200: 7 } });
  await restart();
  expect(await scrape({ uptime: 5, requests: {} })).toEqual(noTraffic);
  await restart();
  expect(await scrape({ uptime: 20, requests: {} })).toEqual(noTraffic);
});

test('one that carried several services carries them until its requests tell which', async () => {
  await scrape({ uptime: 3600, requests: { 200: 7 } }, ['cart', 'web']);
  await restart();
  const both = [{ slo: 'eu1/shop/cart/availability' }, { slo: 'eu1/shop/web/availability' }];
  expect(await scrape({ uptime: 5, requests: {} })).toMatchObject(both);
  await restart();
  expect(await scrape({ uptime: 20, requests: {} })).toMatchObject(both);
  await restart();
  expect(await scrape({ uptime: 35, requests: { 200: 1 } })).toMatchObject([{ slo: 'eu1/shop/cart/availability' }]);
});

test('one that takes in requests for another service now says nothing of the former one', async () => {
  await scrape({ uptime: 3600, requests: { 200: 7 } });
  await restart();
  expect(await scrape({ uptime: 5, requests: { 200: 1 } }, ['web'])).toMatchObject([
    { slo: 'eu1/shop/web/availability' },
  ]);
});

test('an address that a catalogue knows to be another’s now says nothing of the former one', async () => {
  await scrape({ uptime: 3600, requests: { 200: 7 } });
  await restart();
  catalogued = web;
  expect(await scrape({ uptime: 5, requests: {} })).toMatchObject([{ slo: 'eu1/shop/web/availability', coverage: 1 }]);
});

test.each([
  { by: 'its labels', labels: { namespace: 'shop', app: 'cart' }, owner: undefined },
  { by: 'the catalogue', labels: {}, owner: cart },
])(
  'a new pod that nobody has called yet shows that of the service that a word of $by names',
  async ({ labels, owner }) => {
    list(labels);
    catalogued = owner;
    await restart();
    expect(await scrape({ uptime: 5, requests: {} })).toEqual(noTraffic);
  },
);

test('a catalogue may be read late', async () => {
  expect(await scrape({ uptime: 5, requests: {} })).toEqual([]);
  catalogued = cart;
  expect(await scrape({ uptime: 20, requests: {} })).toEqual(noTraffic);
});

test('of a new pod that nobody knows, nothing is shown', async () => {
  expect(await scrape({ uptime: 5, requests: {} })).toEqual([]);
});

test('a service that is not known to have proxies of its own is not shown by a name alone', async () => {
  served = [];
  catalogued = cart;
  expect(await scrape({ uptime: 5, requests: {} })).toEqual([]);
});

test('an address that was off the list for minutes says nothing of the former service: its pod may be another one', async () => {
  await scrape({ uptime: 3600, requests: { 200: 7 } });
  writeFileSync(join(folder, 'pods.json'), '[]');
  for (let count = 0; count < 20; count++) await minute();
  list({});
  await minute();
  expect(await scrape({ uptime: 5, requests: {} })).toEqual([]);
});

test('a list that flickers makes nobody unknown', async () => {
  await scrape({ uptime: 3600, requests: { 200: 7 } });
  writeFileSync(join(folder, 'pods.json'), '[]');
  await minute();
  list({});
  await minute();
  expect(await scrape({ uptime: 5, requests: {} })).toEqual(noTraffic);
});

test('a sidecar that does not answer shows nothing', async () => {
  await scrape({ uptime: 3600, requests: { 200: 7 } });
  await restart();
  pod.behave = (socket) => socket.destroy();
  expect(await minute()).toEqual([{ ...noTraffic[0], coverage: 0 }]);
});

function list(labels: Readonly<Record<string, string>>): void {
  writeFileSync(join(folder, 'pods.json'), JSON.stringify([{ targets: [pod.address], labels }]));
}

async function start(): Promise<void> {
  const slos = new ListedSlos([slo(), slo({ service: web })]);
  slos.isServed = ({ name }) => served.some((one) => one.name === name);
  const jobs = [testJob([{ kind: 'files', paths: [join(folder, 'pods.json')], refreshSeconds: 1 }])];
  const ownerOf = (): ServiceId | undefined => catalogued;
  source = new ScrapeSource({ jobs, directory: slos, ownerOf, clock, concurrency: 10, pace: 'manual' });
  await source.start([...kept].map(([key, state]) => ({ key, state })));
}

/** Of the minute in which meshslo begins only a part is observed: it begins with a whole one. */
async function restart(): Promise<void> {
  await source.stop();
  clock.pass(60 - (clock.now() % 60));
  await start();
}

/** Scrapes the sidecar once, and tells the events of the slot. */
async function scrape(
  sidecar: Parameters<typeof sidecarText>[0],
  services: readonly string[] = ['cart'],
): Promise<SlotBatch['events']> {
  const bodies = services.map((name) =>
    sidecarText({ ...sidecar, uptime: undefined }).replaceAll(
      'destination_service_name="cart"',
      `destination_service_name="${name}"`,
    ),
  );
  pod.behave = answers(bodies.join('') + sidecarText({ uptime: sidecar.uptime, requests: {} }));
  return minute();
}

async function minute(): Promise<SlotBatch['events']> {
  clock.pass(15);
  await source.tick();
  const { events, checkpoints } = (await source.collect(Math.ceil(clock.now() / 60) * 60))[0]!;
  for (const { key, state } of checkpoints) {
    if (state) kept.set(key, state);
    else kept.delete(key);
  }
  return events;
}
