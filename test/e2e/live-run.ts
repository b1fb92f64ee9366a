import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { truth } from '../../src/simulator/truth.js';
import { everyTrouble, smallEdge, smallMesh, smallService } from '../simulator/small-mesh.js';
import { fasterRules, ruleFileText } from '../support/prometheus/faster-rules.js';
import type { RuleGroup } from '../support/prometheus/rule-file.js';
import { RunningPrometheus } from '../support/prometheus/running-prometheus.js';
import { ObservedMesh } from './observed-mesh.js';

const minute = 60;
const hour = 60 * minute;
const stepSeconds = 5;
const start = 1_795_168_800; // a whole hour
/** Rules look no farther behind the clock. */
const mostDelaySeconds = 60;
/** Silence before and after: nothing is on its way when books are compared, and five of them are recorded as such. */
const silenceMinutes = { before: 2, after: 4 };
/** Minutes of traffic, and in which of them something happens; an incident lasts two. */
const trafficMinutes = 15;
const incidents = [2, 11];
const restarts = { inPlace: 8, replaced: 9, silent: trafficMinutes + 2 };

/** Events of `shop/cart`, as three of them count. */
export interface Counted {
  readonly total: number;
  readonly bad: number;
}

/** What the log, the ledger and Prometheus say of a stretch from the beginning on. */
export interface Comparison {
  readonly perspective: 'server' | 'mesh-failures';
  readonly log: Counted;
  readonly ledger: Counted;
  /** From recorded minutes, and from recorded five minutes. */
  readonly minutes: Counted;
  readonly fiveMinutes: Counted;
}

export interface LiveRun {
  /** After the first incident, at the edge of a slot: traffic goes on, but nothing bad happens. */
  readonly between: readonly Comparison[];
  /** When everything is silent. */
  readonly end: readonly Comparison[];
  /** Evaluations that Prometheus left out, because the machine was too busy: what was to be recorded there is nowhere. */
  readonly missedEvaluations: number;
}

/**
 * A mesh that is watched by meshslo and by a real Prometheus with the generated rules, at one clock that runs `speed` times
 * faster than the wall's: a beginning in silence, two incidents, pods that restart and are replaced, an end in silence.
 */
export async function runLive(rules: readonly RuleGroup[], speed: number): Promise<LiveRun> {
  const at = (minutes: number): number => start + (silenceMinutes.before + minutes) * minute;
  const observed = new ObservedMesh(modelOf(at), start, 11);
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-live-'));
  let prometheus: RunningPrometheus | undefined;
  try {
    await observed.open('service: shop/cart\n');
    await observed.startMeshslo();
    await observed.list();
    // In one go: Prometheus reads it at any moment.
    const list = (): void => {
      writeFileSync(join(folder, 'targets.new'), JSON.stringify(observed.listed));
      renameSync(join(folder, 'targets.new'), join(folder, 'targets.json'));
    };
    list();
    writeFileSync(join(folder, 'rules.json'), ruleFileText(fasterRules(rules, speed)));
    const config = {
      rule_files: [join(folder, 'rules.json')],
      scrape_configs: [
        {
          job_name: 'sidecars',
          metrics_path: '/stats/prometheus',
          scrape_interval: `${Math.round(30_000 / speed)}ms`,
          scrape_timeout: `${Math.round(30_000 / speed)}ms`,
          file_sd_configs: [{ files: [join(folder, 'targets.json')] }],
        },
      ],
    };
    const lookback = `--query.lookback-delta=${Math.round(300_000 / speed)}ms`;
    prometheus = await RunningPrometheus.start(join(folder, 'data'), config, [lookback]);

    let began = Date.now() / 1000;
    const until = async (moment: number): Promise<void> => {
      while (observed.clock.now() < moment) {
        const due = began + (observed.clock.now() + stepSeconds - start) / speed;
        await sleep(Math.max(0, (due - Date.now() / 1000) * 1000));
        await observed.live(stepSeconds);
      }
    };
    const podOf = (service: string): string =>
      observed.mesh.pods.find(({ service: { name } }) => name === service)!.name;
    // The mesh stands still meanwhile, and does not make up for it: a burst is over before anybody reads it.
    const compare = async (books: readonly ('minutes' | 'fiveMinutes')[]): Promise<readonly Comparison[]> => {
      const since = Date.now() / 1000;
      await allRecorded(prometheus!, books, speed);
      began += Date.now() / 1000 - since;
      return comparisons(observed, prometheus!);
    };

    await until(at(restarts.inPlace));
    const between = await compare(['minutes']);
    observed.restart(podOf('cart'));
    await until(at(restarts.replaced));
    await observed.replace(podOf('cart'));
    list();
    // Whoever restarts in silence loses nothing, and adds nothing.
    await until(at(restarts.silent));
    observed.restart(podOf('web'));
    await until(at(trafficMinutes + silenceMinutes.after));
    return {
      between,
      end: await compare(['minutes', 'fiveMinutes']),
      missedEvaluations: await missedEvaluations(prometheus),
    };
  } finally {
    await prometheus?.stop();
    await observed.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Until what the mesh has told by now is in the books of Prometheus: every target was read since, and the rules recorded what
 * was read. It takes as long as it takes: a busy machine is late, not wrong.
 */
async function allRecorded(
  prometheus: RunningPrometheus,
  books: readonly ('minutes' | 'fiveMinutes')[],
  speed: number,
): Promise<void> {
  const timeOf = async (query: string): Promise<number> => {
    const [found] = await prometheus.instant(query, Date.now() / 1000);
    return found?.value ?? 0;
  };
  const reached = async (query: string, atSeconds: number): Promise<number> => {
    for (;;) {
      const time = await timeOf(query);
      if (time >= atSeconds) return time;
      await sleep(100);
    }
  };
  const recordedAt = (metric: string): string => `min(timestamp(service_sli:bad_events:${metric}{service="cart"}))`;
  await reached('min(timestamp(up))', Date.now() / 1000);
  const readAt = await timeOf('max(timestamp(up))');
  const minute = await reached(recordedAt('delta1m'), readAt + mostDelaySeconds / speed);
  if (books.includes('fiveMinutes')) await reached(recordedAt('delta5m'), minute);
}

async function missedEvaluations({ address }: RunningPrometheus): Promise<number> {
  const text = await fetch(`${address}/metrics`).then((response) => response.text());
  const lines = text.match(/^prometheus_rule_group_iterations_missed_total\{.*$/gm) ?? [];
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Requests only in the minutes of traffic, and bad ones only in incidents. */
function modelOf(at: (minutes: number) => number) {
  const hourOf = (moment: number): number => (moment / hour) % 24;
  return smallMesh(undefined, {
    services: [smallService('web'), smallService('cart', { versions: [{ version: 'v1', replicas: 16 }] })],
    edges: [
      smallEdge('shop/web', 'shop/cart', {
        requestsPerSecond: 40,
        curve: {
          dailySwing: 0,
          peakHour: 12,
          weekendShare: 1,
          silentHours: [hourOf(at(trafficMinutes)), hourOf(at(0))],
        },
        degradations: incidents.map((minutes) => ({
          firstSeconds: at(minutes),
          lastsSeconds: 2 * minute,
          shares: everyTrouble,
          slowdown: 1,
        })),
      }),
    ],
  });
}

async function comparisons(observed: ObservedMesh, prometheus: RunningPrometheus): Promise<readonly Comparison[]> {
  const now = observed.clock.now();
  const wallNow = Date.now() / 1000;
  return Promise.all(
    (['server', 'mesh-failures'] as const).map(async (perspective) => {
      const slo = perspective === 'server' ? 'availability' : 'mesh';
      const recorded = async (name: string): Promise<number> => {
        const selector = `service_sli:${name}{service="cart",sli="istio/${perspective}"}`;
        const [value] = await prometheus.instant(`sum_over_time(${selector}[30d])`, wallNow);
        return value?.value ?? 0;
      };
      const both = async (window: string): Promise<Counted> => ({
        total: await recorded(`events:${window}`),
        bad: await recorded(`bad_events:${window}`),
      });
      const sums = observed.ledger.sums({ from: start, to: now }, { unplaced: 'ending-inside' });
      const { total, bad } = sums.of(`test/shop/cart/${slo}`);
      const logged = truth(observed.log, 'shop/cart', perspective, { fromSeconds: start, toSeconds: now });
      return {
        perspective,
        log: { total: logged.total, bad: logged.bad },
        ledger: { total, bad },
        minutes: await both('delta1m'),
        fiveMinutes: await both('delta5m'),
      };
    }),
  );
}
