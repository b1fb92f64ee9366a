import { beforeEach, expect, test } from '@jest/globals';
import { SloCatalogue } from '../../src/config/slo-catalogue.js';
import { makeTarget } from '../../src/scrape/discovery/target.js';
import { TargetState } from '../../src/scrape/target-state.js';
import { Introductions } from '../../src/sli/introductions.js';
import { Tally } from '../../src/sli/tally.js';
import { leastConfig, Workspace } from '../config/workspace.js';
import { requestSeries } from './sidecar-text.js';
import { testJob } from './test-job.js';

/** 12:00:00 of some day. */
const noon = 1_800_014_400;

let directory: SloCatalogue;
let tally: Tally;
let introductions: Introductions;
let at = 0;

beforeEach(() => {
  const workspace = new Workspace();
  directory = new SloCatalogue(workspace.load({ 'meshslo.yaml': leastConfig }).config!.slos);
  workspace.remove();
  tally = new Tally(directory);
  introductions = new Introductions(directory);
  at = 0;
});

/** A target of a job in which every target may bring in three services. */
function newTarget(address: string): TargetState {
  const job = testJob([], {
    limits: { bodyBytes: 1_000_000, decompressedBytes: 1_000_000, series: 1000, services: 3 },
  });
  return new TargetState({
    target: makeTarget(job, address, {}),
    job,
    tally,
    introductions,
    ownService: () => undefined,
    absentAt: undefined,
    saved: undefined,
  });
}

/** A target's requests to some services, as many to each. */
function scrape(state: TargetState, services: readonly string[], count: number) {
  at += 15;
  const lines = services.map((name) => `${requestSeries('200').replaceAll('"cart"', `"${name}"`)} ${count}\n`);
  const times = { startedAt: noon + at, startedMonotonic: at, endedAt: noon + at, endedMonotonic: at };
  const { refusedServices } = state.observe(Buffer.from(lines.join('')), times);
  state.attempted(true);
  return refusedServices;
}

function counted(): readonly (readonly [string, number])[] {
  return tally
    .take()
    .events.filter(({ slo }) => slo.endsWith('/availability'))
    .map(({ slo, total }) => [slo.split('/')[2]!, total] as const)
    .sort();
}

test('a target brings in as many services as it may; those of others and its first ones count', () => {
  const junk = Array.from({ length: 100 }, (_, index) => `junk-${index}`);
  const [honest, broken] = [newTarget('10.0.0.1:15090'), newTarget('10.0.0.2:15090')];
  for (const count of [0, 10]) {
    scrape(honest, ['cart'], count);
    expect(scrape(broken, ['cart', ...junk], count)).toBe(97);
  }
  expect(counted()).toEqual([
    ['cart', 20],
    ['junk-0', 10],
    ['junk-1', 10],
    ['junk-2', 10],
  ]);
});

test('a service that it was refused counts from when another target brings it in', () => {
  const [first, second] = [newTarget('10.0.0.1:15090'), newTarget('10.0.0.2:15090')];
  const services = ['a', 'b', 'c', 'd'];
  expect(scrape(first, services, 0)).toBe(1);
  expect(scrape(first, services, 10)).toBe(1);
  scrape(second, ['d'], 0);
  expect(scrape(first, services, 25)).toBe(0);
  scrape(second, ['d'], 7);
  expect(counted()).toEqual([
    ['a', 25],
    ['b', 25],
    ['c', 25],
    ['d', 22],
  ]);
});

test('a change of SLOs gives it no more room', () => {
  const broken = newTarget('10.0.0.1:15090');
  const services = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (let count = 0; count < 5; count++) {
    expect(scrape(broken, services, count)).toBe(3);
    const version = directory.version;
    // A service that was seen by clients only, and now by its own proxy: its SLOs are others.
    directory.meet({ cluster: 'eu1', namespace: 'x', name: `other-${count}` }, 'client', 'istio');
    directory.meet({ cluster: 'eu1', namespace: 'x', name: `other-${count}` }, 'server', 'istio');
    expect(directory.version).toBeGreaterThan(version);
  }
});
