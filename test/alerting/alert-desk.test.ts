import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { AlertDesk, type AlertDeskParts } from '../../src/alerting/alert-desk.js';
import type { ActiveAlert, AlertEpisode } from '../../src/domain/alert.js';
import { Failure } from '../../src/domain/failure.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { withPath } from '../ledger/support.js';
import { TestClock } from '../scrape/test-clock.js';
import { describeWith } from '../support/programs.js';
import { RealAlertmanager } from '../support/real-alertmanager.js';
import { monday, page, ticket } from './alerts.js';
import { until } from '../support/until.js';

const nowhere = { page: undefined, runbooks: undefined, dashboards: undefined };

function deskOf(ledger: Ledger, changes: Partial<AlertDeskParts> = {}): AlertDesk {
  return new AlertDesk({
    store: ledger.alerts,
    clock: new TestClock(monday),
    settings: { cluster: 'eu', alertmanagers: [], links: nowhere },
    evaluate: () => [],
    watch: () => [],
    onEvaluated: () => undefined,
    onPosted: () => undefined,
    onLook: () => undefined,
    ...changes,
  });
}

const names = (episodes: readonly AlertEpisode[]): readonly string[] =>
  episodes.map(({ name, labels }) => `${name} ${labels['service'] ?? ''}`.trim());

describe('a desk without any Alertmanager', () => {
  test('remembers what fires and what has ended, with the texts of now while it goes on', () =>
    withPath((path) => {
      const ledger = Ledger.open(path);
      const clock = new TestClock(monday);
      let active: readonly ActiveAlert[] = [page('cart'), ticket('cart'), ticket('stock')];
      const desk = deskOf(ledger, { clock, evaluate: () => active });
      desk.look();
      const byId = (episodes: readonly AlertEpisode[]) => new Map(episodes.map((one) => [one.id, one]));
      expect(byId(ledger.alerts.ongoing())).toEqual(byId(desk.ongoing()));
      const summary = 'worse than a minute ago';
      active = [page('cart', { annotations: { summary } }), ticket('cart')];
      clock.pass(60);
      desk.look();
      const found = desk.find({ limit: 10 }).episodes;
      expect(found.map(({ name, endedAt, inhibited }) => [name, endedAt, inhibited])).toEqual(
        expect.arrayContaining([
          ['ErrorBudgetBurnFast', undefined, false],
          ['ErrorBudgetBurnSlow', undefined, true],
          ['ErrorBudgetBurnSlow', monday + 60, false],
        ]),
      );
      const burning = found.find(({ severity }) => severity === 'page')!;
      expect(burning.annotations).toEqual({ summary });
      const mark = { by: 'ada', at: monday + 60, note: '' };
      expect(desk.mark(burning.id, 'acknowledged', mark)).toEqual({ ...burning, acknowledged: mark });
      expect(desk.get(burning.id)!.acknowledged).toEqual(mark);
      desk.look();
      expect(ledger.alerts.get(burning.id)!.acknowledged).toEqual(mark);
      ledger.close();
    }));

  test('ends nothing after a restart before somebody has looked', () =>
    withPath((path) => {
      const ledger = Ledger.open(path);
      deskOf(ledger, { evaluate: () => [page('cart')] }).look();
      const [before] = ledger.alerts.ongoing();
      const again = deskOf(ledger);
      again.lookAtSelf();
      expect(again.ongoing()).toEqual([before]);
      again.look();
      expect(again.ongoing()).toEqual([]);
      ledger.close();
    }));

  test('a lost target is not found by a restart: for ten minutes nobody can know', () =>
    withPath((path) => {
      const ledger = Ledger.open(path);
      const lost = page('cart', { name: 'ScrapeTargetLost', severity: 'ticket' });
      deskOf(ledger, { evaluate: () => [lost] }).look();
      const [before] = ledger.alerts.ongoing();
      const clock = new TestClock(monday + 60);
      let known: readonly ActiveAlert[] = [];
      const again = deskOf(ledger, { clock, evaluate: () => known });
      clock.pass(599);
      again.look();
      expect(again.ongoing()).toEqual([before]);
      known = [lost];
      clock.pass(1);
      again.look();
      expect(again.ongoing()).toEqual([before]);
      known = [];
      again.look();
      expect(again.ongoing()).toEqual([]);
      ledger.close();
    }));

  test('goes on with what fired while nobody can look, and says after three minutes that nobody does', () =>
    withPath((path) => {
      const ledger = Ledger.open(path);
      const clock = new TestClock(monday);
      let isBroken = false;
      const desk = deskOf(ledger, {
        clock,
        evaluate: () => {
          if (isBroken) throw new Failure('ledger-damaged', 'the ledger is damaged');
          return [page('cart')];
        },
      });
      desk.look();
      isBroken = true;
      clock.pass(60);
      desk.look();
      expect(desk.state.failure).toMatchObject({ code: 'ledger-damaged' });
      clock.pass(119);
      desk.lookAtSelf();
      expect(names(desk.ongoing())).toEqual(['ErrorBudgetBurnFast cart']);
      clock.pass(1);
      desk.lookAtSelf();
      expect(names(desk.ongoing())).toEqual(['ErrorBudgetBurnFast cart', 'MeshsloEvaluatorStuck']);
      expect(desk.ongoing()[1]!.annotations['description']).toContain('since 2026-06-01T00:00:00Z');
      isBroken = false;
      desk.look();
      expect(names(desk.ongoing())).toEqual(['ErrorBudgetBurnFast cart']);
      ledger.close();
    }));

  test('a process that stood still is no evaluator that is stuck, unless it does not look after that either', () =>
    withPath((path) => {
      const ledger = Ledger.open(path);
      const clock = new TestClock(monday);
      const desk = deskOf(ledger, { clock });
      desk.look();
      clock.pass(600);
      desk.tick();
      expect(desk.ongoing()).toEqual([]);
      clock.pass(15);
      desk.tick();
      expect(names(desk.ongoing())).toEqual(['MeshsloEvaluatorStuck']);
      ledger.close();
    }));

  test('a clock that jumps makes no evaluator stuck', () =>
    withPath((path) => {
      const ledger = Ledger.open(path);
      const clock = new TestClock(monday);
      const desk = deskOf(ledger, { clock });
      desk.look();
      clock.jump(7200);
      desk.lookAtSelf();
      expect(desk.ongoing()).toEqual([]);
      ledger.close();
    }));

  test('tells on while the disk is full, and what people say then is refused, not lost in silence', () =>
    withPath((path) => {
      const ledger = Ledger.open(path, { mostBytes: 1024 });
      const desk = deskOf(ledger, { evaluate: () => [page('cart', { annotations: { long: 'x'.repeat(1e6) } })] });
      desk.look();
      expect(names(desk.ongoing())).toEqual(['ErrorBudgetBurnFast cart']);
      expect(desk.state.unsaved).toMatchObject({ episodes: 1, failure: { code: 'disk-full' } });
      expect(desk.find({ limit: 10, state: 'active' }).episodes).toEqual(desk.ongoing());
      expect(desk.find({ limit: 10, state: 'ended' }).episodes).toEqual([]);
      expect(desk.get(desk.ongoing()[0]!.id)).toEqual(desk.ongoing()[0]);
      expect(() => desk.mark(desk.ongoing()[0]!.id, 'noise', { by: 'ada', at: monday, note: '' })).toThrow(
        expect.objectContaining({ code: 'disk-full' }),
      );
      ledger.close();
    }));
});

describeWith('prometheus-alertmanager', 'a desk with real Alertmanagers', (program) => {
  const script = `.cache/alerting-process-${process.pid}.mjs`;
  let alertmanager: RealAlertmanager;

  beforeAll(async () => {
    alertmanager = await RealAlertmanager.start(program);
    buildSync({
      entryPoints: ['test/alerting/alerting-process.ts'],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
  });

  afterAll(async () => {
    await alertmanager.close();
    rmSync(script, { force: true });
  });

  test('of two, one is down: the other hears everything, and after five minutes that the first hears nothing', () =>
    withPath(async (path) => {
      const ledger = Ledger.open(path);
      const clock = new TestClock(Date.now() / 1000);
      const dead = 'http://127.0.0.1:9';
      const alertmanagers = [dead, alertmanager.url].map((url) => ({ url, timeoutSeconds: 60, access: {} }));
      const desk = deskOf(ledger, {
        clock,
        settings: { cluster: 'eu', alertmanagers, links: { ...nowhere, runbooks: 'https://wiki.example/{alert}' } },
        evaluate: () => [page('cart')],
      });
      desk.start();
      desk.look();
      await until(() => desk.state.alertmanagers.every((one) => one.failure ?? one.lastSuccessAt));
      clock.pass(301);
      desk.look();
      await until(() => desk.state.alertmanagers[1]!.waiting === 0);
      const known = await alertmanager.alerts();
      expect(known.map(({ labels }) => labels['alertname']).sort()).toEqual([
        'ErrorBudgetBurnFast',
        'MeshsloNotificationsFailing',
        'MeshsloWatchdog',
      ]);
      const failing = known.find(({ labels }) => labels['alertmanager'] === dead)!;
      expect(failing.labels).toMatchObject({ cluster: 'eu', severity: 'ticket' });
      expect(failing.annotations).toMatchObject({
        summary: `Alertmanager ${dead} does not take alerts`,
        description: expect.stringMatching(/^connection refused; so for 5m1s\. \d alerts wait/) as unknown as string,
        runbook_url: 'https://wiki.example/MeshsloNotificationsFailing',
      });
      desk.reconfigure({ cluster: 'eu', alertmanagers: alertmanagers.slice(1), links: nowhere });
      expect(names(desk.ongoing())).toEqual(['ErrorBudgetBurnFast cart']);
      desk.stop();
      ledger.close();
    }));

  test('kill -9 of ours: the next start goes on with the same episode, and Alertmanager sees no other', () =>
    withPath(async (path) => {
      await alertmanager.restart();
      const first = await runUntilTold(script, path, alertmanager.url);
      const [before] = (await alertmanager.alerts()).filter(({ labels }) => labels['service'] === 'cart');
      const second = await runUntilTold(script, path, alertmanager.url);
      expect(second).toBe(first);
      const after = (await alertmanager.alerts()).filter(({ labels }) => labels['service'] === 'cart');
      expect(after).toHaveLength(1);
      expect(after[0]).toMatchObject({
        startsAt: before!.startsAt,
        generatorURL: `https://meshslo.example/alerts/${first}`,
      });
      expect(Date.parse(after[0]!.endsAt)).toBeGreaterThanOrEqual(Date.parse(before!.endsAt));
    }));
});

/** Starts the process, waits until its alert was posted, kills it; returns the id of the episode. */
async function runUntilTold(script: string, path: string, url: string): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, [script, path, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  try {
    await until(() => /^ok$/m.test(printed));
  } finally {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }
  return printed.split('\n')[0]!;
}
