import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SlotBatch } from '../../src/domain/slot-batch.js';
import { ScrapeSource } from '../../src/scrape/scrape-source.js';
import { cart, ListedSlos, slo } from '../sli/directory.js';
import { sidecarText } from './sidecar-text.js';
import { TestClock } from './test-clock.js';
import { testJob } from './test-job.js';
import { answers, TestTarget } from './test-target.js';

const noon = 1_800_014_400;
const interval = 15;
let folder: string;
let clock: TestClock;
let pods: TestTarget[];
/** By pod: when it was last asked. */
let askedAt: number[];
let source: ScrapeSource;
let kept: Map<string, Uint8Array>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-lists-'));
  clock = new TestClock(noon);
  kept = new Map();
  askedAt = [];
  pods = [await TestTarget.listen(answers('')), await TestTarget.listen(answers(''))];
});

afterEach(async () => {
  await source.stop();
  await Promise.all(pods.map((pod) => pod.close()));
  rmSync(folder, { recursive: true, force: true });
});

describe('a target that is no longer listed', () => {
  test('and comes back has lost nothing and repeats nothing', async () => {
    await start(0);
    await scrape(100);
    list();
    await pass(1);
    await pass(60);
    list(0);
    await pass(0);
    await scrape(130);
    // Gone for longer than 2.5 intervals: it is not known when in these minutes the 30 requests came.
    expect(await collect()).toMatchObject({ events: [{ total: 0 }], unplaced: [{ total: 30, bad: 0 }] });
  });

  test('a list that only flickers does not even make a gap', async () => {
    await start(0);
    await scrape(100);
    list();
    await pass(5);
    list(0);
    await pass(5);
    await scrape(130);
    expect(await collect()).toMatchObject({ events: [{ total: 30 }], unplaced: [], unseen: [] });
  });

  test('and is listed with other labels is read with these, and loses nothing', async () => {
    await start(0);
    await scrape(100);
    writeList([0], { namespace: 'shop', app: 'cart', pod: 'cart-2' });
    await pass(1);
    await scrape(130);
    expect(source.targets).toMatchObject([{ labels: { pod: 'cart-2' } }]);
    expect(await collect()).toMatchObject({ events: [{ total: 30 }], unplaced: [], unseen: [] });
  });

  test('leaves an end that nobody has seen, told once, over a restart of meshslo too', async () => {
    await start(0);
    await scrape(100);
    await collect();
    list();
    await pass(1);
    const goneAt = clock.now();
    await pass(45);
    const id = `sidecars ${pods[0]!.address}/stats/prometheus`;
    // It may have been scraped in the very second in which it went; an end is never empty.
    const to = Math.max(goneAt, askedAt[0]! + 1);
    expect((await collect()).unseen).toEqual([{ target: id, services: [cart], from: askedAt[0], to }]);
    expect((await collect()).unseen).toEqual([]);
    await restart();
    await pass(60);
    expect((await collect()).unseen).toEqual([]);
  });

  test('does not spoil the coverage', async () => {
    await start(0, 1);
    await scrape(100);
    await collect();
    list(0);
    await pass(0);
    await scrape(110);
    expect((await collect()).events).toMatchObject([{ total: 10, coverage: 1 }]);
  });

  test('is forgotten after a day, and then seen for the first time', async () => {
    await start(0);
    await scrape(100);
    await collect();
    expect([...kept.keys()].filter((key) => key.includes(pods[0]!.address))).toHaveLength(2);
    list();
    await pass(1);
    await pass(86_500);
    await collect();
    expect([...kept.keys()].filter((key) => key.includes(pods[0]!.address))).toEqual([]);
    list(0);
    await pass(0);
    await scrape(9000);
    expect(await collect()).toMatchObject({ events: [{ total: 0 }], unplaced: [] });
  });

  test('what it grew between the last minute and its end is not counted again when it comes back', async () => {
    await start(0);
    await scrape(100);
    await collect();
    await scrape(140);
    list();
    await pass(0);
    expect((await collect()).events).toMatchObject([{ total: 40 }]);
    await restart();
    list(0);
    await pass(0);
    await scrape(150);
    expect((await collect()).events).toMatchObject([{ total: 10 }]);
  });
});

describe('a target that is new on the list', () => {
  test('counts from zero when its process began after the last list without it', async () => {
    await start(0);
    await scrape(100);
    await collect();
    list(0, 1);
    await pass(0);
    sidecar(1, 12, { 200: 7, 500: 2 });
    await scrape(100);
    expect((await collect()).events).toMatchObject([{ total: 9, bad: 2 }]);
  });

  test('is only remembered when its process is old', async () => {
    await start(0);
    await scrape(100);
    await collect();
    list(0, 1);
    await pass(0);
    sidecar(1, 50_000, { 200: 70_000 });
    await scrape(100);
    expect((await collect()).events).toMatchObject([{ total: 0 }]);
  });
});

test('changed settings of a job lose nothing and repeat nothing', async () => {
  await start(0);
  clock.pass(60);
  await scrape(100);
  await source.reconfigure([job(0.5)]);
  await scrape(112);
  expect(await collect()).toMatchObject({ events: [{ total: 12 }], signals: [{ proxies: 1 }] });
});

describe('a target of a job that is no longer configured', () => {
  async function scrapedOnce(): Promise<void> {
    await start(0);
    await scrape(100);
    await collect();
    clock.pass(10);
  }

  async function expectTail(): Promise<void> {
    const goneAt = clock.now();
    await pass(45);
    const id = `sidecars ${pods[0]!.address}/stats/prometheus`;
    expect((await collect()).unseen).toEqual([{ target: id, services: [cart], from: askedAt[0], to: goneAt }]);
    expect((await collect()).unseen).toEqual([]);
  }

  test('leaves an end that nobody has seen', async () => {
    await scrapedOnce();
    await source.reconfigure([testJob([], { name: 'gateways' })]);
    await expectTail();
  });

  test('leaves one as well when the job went while meshslo was not running', async () => {
    await scrapedOnce();
    await source.stop();
    source = newSource([testJob([], { name: 'gateways' })]);
    await source.start([...kept].map(([key, state]) => ({ key, state })));
    await expectTail();
  });
});

test('a missing token fails its job in words, and only its job', async () => {
  list(0);
  for (const pod of pods.keys()) sidecar(pod, 3600, { 200: 100 });
  const tokenFile = join(folder, 'token');
  const secured = testJob([{ kind: 'static', groups: [{ targets: [pods[1]!.address], labels: {} }] }], {
    name: 'secured',
    access: { authorization: { kind: 'bearer', tokenFile } },
  });
  const directory = new ListedSlos([slo()]);
  source = new ScrapeSource({ jobs: [job(), secured], directory, clock, concurrency: 10, pace: 'manual' });
  await source.start([]);
  await pass(interval);
  const message = `cannot read ${tokenFile}: ENOENT`;
  expect(source.targets).toMatchObject([{ up: true }, { up: false, failure: { code: 'file-unreadable', message } }]);
  expect(source.discoveries.filter(({ trouble }) => trouble)).toMatchObject([{ job: 'secured', trouble: { message } }]);

  writeFileSync(tokenFile, 'secret');
  await pass(interval);
  await pass(interval);
  expect(source.targets).toMatchObject([{ up: true }, { up: true }]);
  expect(pods[1]!.requests[0]).toContain('Authorization: Bearer secret');
});

test('the wall clock set back or forward between two scrapes neither repeats nor loses nor unplaces anything', async () => {
  await start(0);
  await scrape(100);
  clock.jump(-7200);
  await scrape(112);
  clock.jump(9000);
  await scrape(120);
  expect(await collect()).toMatchObject({ events: [{ total: 20 }], unplaced: [], unseen: [] });
});

test('by itself, a source keeps the pace of its interval', async () => {
  list(0);
  sidecar(0, 60, { 200: 1 });
  const real = { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 };
  const scraped = new Promise<void>((done) => {
    let scrapes = 0;
    source = new ScrapeSource({
      jobs: [{ ...job(), intervalSeconds: 0.2 }],
      directory: new ListedSlos([slo()]),
      clock: real,
      concurrency: 1,
      onScrape: ({ outcome }) => outcome === 'success' && ++scrapes === 3 && done(),
    });
  });
  await source.start([]);
  await scraped;
});

let written = 0;

/** Writes the list of targets, by their number. */
function list(...listed: readonly number[]): void {
  writeList(listed);
}

function writeList(listed: readonly number[], labels: Readonly<Record<string, string>> = {}): void {
  const path = join(folder, 'targets.json');
  writeFileSync(path, JSON.stringify([{ targets: listed.map((pod) => pods[pod]!.address), labels }]));
  written += 1;
  utimesSync(path, written, written);
}

function job(timeoutSeconds = 60) {
  const paths = [join(folder, 'targets.json')];
  return testJob([{ kind: 'files', paths, refreshSeconds: 1 }], { timeoutSeconds });
}

function newSource(jobs = [job()]): ScrapeSource {
  const directory = new ListedSlos([slo()]);
  return new ScrapeSource({ jobs, directory, clock, concurrency: 10, pace: 'manual' });
}

async function start(...listed: readonly number[]): Promise<void> {
  list(...listed);
  for (const pod of pods.keys()) sidecar(pod, 3600 + clock.monotonic(), { 200: 100 });
  source = newSource();
  await source.start([]);
}

async function restart(): Promise<void> {
  await source.stop();
  source = newSource();
  await source.start([...kept].map(([key, state]) => ({ key, state })));
}

/** Lets time pass in one go, and does what is due then: lists are read again, scrapes are made. */
async function pass(seconds: number): Promise<void> {
  clock.pass(Math.max(seconds, 1));
  await source.tick();
}

/** From now on the pod says that it has been up so long, and ages from there, and has had so many requests. */
function sidecar(pod: number, uptimeSeconds: number, requests: Readonly<Record<string, number>>): void {
  const bornAt = clock.monotonic() - uptimeSeconds;
  pods[pod]!.behave = (socket, request) => {
    askedAt[pod] = clock.now();
    answers(sidecarText({ uptime: Math.floor(clock.monotonic() - bornAt), requests }))(socket, request);
  };
}

/** One interval passes, in which the first pod, an old one, comes to so many requests. */
async function scrape(requests: number): Promise<void> {
  sidecar(0, 3600 + clock.monotonic(), { 200: requests });
  clock.pass(interval);
  await source.tick();
}

async function collect(): Promise<SlotBatch> {
  const batch = (await source.collect(Math.ceil(clock.now() / 60) * 60))[0]!;
  for (const { key, state } of batch.checkpoints) {
    if (state) kept.set(key, state);
    else kept.delete(key);
  }
  return batch;
}
