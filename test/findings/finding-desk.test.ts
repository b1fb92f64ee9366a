import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/domain/failure.js';
import type { FindingSource, Look } from '../../src/domain/finding-source.js';
import type { MeshEvent } from '../../src/domain/mesh-event.js';
import { FindingDesk, type FindingDeskParts } from '../../src/findings/finding-desk.js';
import type { LookOutcome } from '../../src/findings/source-runner.js';
import { SourceRunner } from '../../src/findings/source-runner.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { finding, look, noon, ToldSource } from './finding-support.js';

let folder: string;
let ledger: Ledger;
const clock = { time: noon, now: () => clock.time, monotonic: () => clock.time };
const desks: FindingDesk[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-findings-'));
  ledger = Ledger.open(join(folder, 'ledger.db'));
  clock.time = noon;
});

afterEach(() => {
  for (const desk of desks.splice(0)) desk.stop();
  ledger.close();
  rmSync(folder, { recursive: true });
});

/** A desk, and a way to wait for so many looks. */
function startDesk(sources: readonly FindingSource[]) {
  const outcomes: LookOutcome[] = [];
  const bugs: unknown[] = [];
  let told: () => void = () => undefined;
  const desk = new FindingDesk({
    findings: ledger.findings,
    events: ledger.events,
    clock,
    onBug: (error) => void bugs.push(error),
    onLook: (outcome) => {
      outcomes.push(outcome);
      told();
    },
  });
  desks.push(desk);
  desk.run(sources);
  const looks = async (count: number): Promise<void> => {
    while (outcomes.length < count) await new Promise<void>((resolve) => (told = resolve));
  };
  return { desk, outcomes, bugs, looks };
}

function told(name: string, ...proxies: readonly string[]): ToldSource {
  const source = new ToldSource(name);
  source.next = () => Promise.resolve(look(proxies.map((proxy) => finding(proxy))));
  return source;
}

const deploy: MeshEvent = {
  kind: 'deploy',
  at: noon - 30,
  service: { cluster: 'eu', namespace: 'shop', name: 'cart' },
  summary: 'cart went from 1.4.2 to 1.5.0',
  facts: { before: '1.4.2', version: '1.5.0' },
};

describe('findings', () => {
  test('are the same over a restart, and over when the next look no longer has them', async () => {
    const first = startDesk([told('istio', 'cart-1', 'cart-2')]);
    await first.looks(1);
    const before = first.desk.ongoing();
    const idOf = (proxy: string) => before.find(({ subject }) => subject['proxy'] === proxy)!.id;
    clock.time = noon + 40;
    first.desk.stop();
    const source = told('istio', 'cart-1');
    const second = startDesk([source]);
    expect(second.desk.ongoing()).toEqual(before);
    await second.looks(1);
    expect(second.desk.ongoing().map(({ id, firstSeen, lastSeen }) => ({ id, firstSeen, lastSeen }))).toEqual([
      { id: idOf('cart-1'), firstSeen: noon, lastSeen: noon + 40 },
    ]);
    const during = second.desk.during({ from: noon + 10, to: noon + 20 });
    expect(during.map(({ resolvedAt }) => resolvedAt).sort()).toEqual([noon + 40, undefined]);
    expect(second.desk.during({ from: noon + 41, to: noon + 50 })).toHaveLength(1);
    expect(second.desk.get(idOf('cart-2'))?.resolvedAt).toBe(noon + 40);
  });

  test('of a source that the configuration no longer has are over', async () => {
    const { desk, looks } = startDesk([told('istio', 'cart-1'), told('consul', 'stock-1')]);
    await looks(2);
    desk.run([told('consul', 'stock-1')]);
    expect(desk.ongoing().map(({ subject }) => subject['proxy'])).toEqual(['stock-1']);
  });

  test('wait in memory while the disk is full, and are written afterwards', async () => {
    let isFull = true;
    const findings: FindingDeskParts['findings'] = {
      ongoing: () => [],
      resolvedSince: () => [],
      resolvedDuring: () => [],
      get: () => undefined,
      save: (all) => {
        if (isFull) throw new Failure('disk-full', 'the disk is full');
        ledger.findings.save(all);
      },
    };
    const desk = new FindingDesk({
      findings,
      events: ledger.events,
      clock,
      onBug: () => undefined,
      onLook: () => undefined,
    });
    const runner = (proxy: string) => desk.run([told(proxy, proxy)]);
    runner('cart-1');
    await Promise.resolve();
    await new Promise(setImmediate);
    expect(desk.state.unsaved?.code).toBe('disk-full');
    expect(desk.during({ from: noon - 1, to: noon + 1 })).toHaveLength(1);
    isFull = false;
    desk.stop();
    expect(ledger.findings.ongoing()).toHaveLength(1);
  });
});

describe('sources', () => {
  test('harm nobody: one that hangs, one that fails and one with a bug leave the others as they are', async () => {
    const hanging = new ToldSource('hanging');
    hanging.next = () => new Promise(() => undefined);
    const failing = new ToldSource('failing');
    failing.next = () => Promise.reject(new Failure('target-unreachable', 'connection refused'));
    const buggy = new ToldSource('buggy');
    buggy.next = () => {
      throw new TypeError('x is not a function');
    };
    const { desk, bugs, looks } = startDesk([hanging, failing, buggy, told('good', 'cart-1')]);
    await looks(3);
    expect(desk.ongoing()).toHaveLength(1);
    const states = desk.state.sources.map(({ name, lookedAt, trouble }) => [name, lookedAt, trouble?.code]);
    expect(states).toEqual([
      ['hanging', undefined, undefined],
      ['failing', undefined, 'target-unreachable'],
      ['buggy', undefined, 'body-malformed'],
      ['good', noon, undefined],
    ]);
    expect(bugs).toEqual([expect.any(TypeError)]);
  });

  test('leave nothing behind that would keep the signal of each look for ever', async () => {
    const source = new ToldSource('quick');
    const signals: AbortSignal[] = [];
    const quick: FindingSource = {
      name: 'quick',
      everySeconds: 15,
      look: (given) => {
        signals.push(given);
        return source.look();
      },
    };
    await new SourceRunner(quick, { clock, onLook: () => undefined, onBug: () => undefined }).look();
    expect(signals.map((signal) => getEventListeners(signal, 'abort').length)).toEqual([0]);
  });

  test('that take too long are called off, and what they found before goes on', async () => {
    const source = new ToldSource('slow');
    let signal: AbortSignal | undefined;
    const hanging: FindingSource = {
      name: 'slow',
      everySeconds: 15,
      look: (given) => {
        signal = given;
        return new Promise<Look>(() => undefined);
      },
    };
    const outcomes: LookOutcome[] = [];
    const onLook = (outcome: LookOutcome) => void outcomes.push(outcome);
    const runner = new SourceRunner(hanging, { clock, onLook, onBug: () => undefined, patienceSeconds: 0.01 });
    await runner.look();
    expect(signal?.aborted).toBe(true);
    expect(outcomes).toMatchObject([{ source: source.name, look: undefined, trouble: { code: 'target-timeout' } }]);
  });
});

describe('events', () => {
  test('are kept once, over restarts, and found by service and by time; those of a whole mesh concern every service', async () => {
    const mesh: MeshEvent = { ...deploy, kind: 'control-plane', service: undefined, at: noon - 20 };
    const other: MeshEvent = { ...deploy, service: { ...deploy.service!, name: 'a/b%c' } };
    const source = new ToldSource('kubernetes');
    source.next = () => Promise.resolve({ findings: [], judged: [], events: [deploy, mesh, other] });
    for (let start = 0; start < 2; start += 1) {
      const { desk, looks } = startDesk([source]);
      await looks(1);
      const range = { from: noon - 60, to: noon };
      expect(desk.events(range)).toHaveLength(3);
      expect(desk.events(range, deploy.service)).toEqual([deploy, mesh]);
      expect(desk.events(range, other.service)).toEqual([other, mesh]);
      expect(desk.events({ from: noon - 25, to: noon })).toEqual([mesh]);
      desk.stop();
    }
  });
});
