import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { controlPlaneKinds } from '../../../src/packs/control-plane-pack.js';
import { ruleSet } from '../../../src/generate/rules/rule-set.js';
import { ruleFileName, ruleYaml } from '../../../src/generate/rules/rule-yaml.js';
import { loadPacks } from '../../../src/packs/load-packs.js';
import { settingsOf } from '../../controlplane/observed-control-plane.js';
import { disagreements } from '../../e2e/disagreements.js';
import { describeWith } from '../../support/programs.js';
import { type MetricStore, PrometheusStore } from '../../support/prometheus/metric-store.js';
import { neededRules } from '../../support/prometheus/needed-rules.js';
import { recordRules } from '../../support/prometheus/record-rules.js';
import { replayRules } from '../../support/prometheus/replayed-rules.js';
import { readRuleFile } from '../../support/prometheus/rule-file.js';
import { VictoriaStore } from '../../support/prometheus/victoria-store.js';
import { everySlo, madeUpSlo, partsOf } from './made-up-slos.js';

const start = 1_795_168_800; // a whole hour
const minutes = 110;
const span = { fromSeconds: start, toSeconds: start + minutes * 60 };
const scrapeSeconds = 30;

/** Minutes: rules of either are evaluated by the minute, those about targets by two, and see what ended for a moment longer. */
const mostShift = 2;

/** Requests in half a minute; how many of them fail from a minute on, and for how long. */
const services = {
  calm: { requests: 600, alert: undefined },
  outage: { requests: 300, bad: 300, from: 70, lasts: 8, alert: 'ErrorBudgetBurnFast' },
  slow: { requests: 900, bad: 11, from: 65, lasts: 40, alert: 'ErrorBudgetBurnSlow' },
  spent: { requests: 60, bad: 30, from: 72, lasts: 3, alert: 'ErrorBudgetExhausted' },
  lost: { requests: 150, silentFrom: 70, alert: 'ScrapeTargetLost' },
} as const;
type Service = keyof typeof services;
const names = Object.keys(services) as readonly Service[];
const alerts = names.flatMap((name) => services[name].alert ?? []);

/** The samples that a Prometheus would have written of a proxy of each service. */
function tell(store: MetricStore): void {
  const steps = (minutes * 60) / scrapeSeconds + 1;
  for (const name of names) {
    const one = services[name];
    const target = { job: 'sidecars', instance: name };
    const requests = {
      __name__: 'istio_requests_total',
      ...target,
      reporter: 'destination',
      destination_service_name: name,
      destination_service_namespace: 'shop',
    };
    const last = 'silentFrom' in one ? (one.silentFrom * 60) / scrapeSeconds : steps - 1;
    const add = (labels: Readonly<Record<string, string>>, valueAt: (step: number) => number, to: number): void => {
      const ends = to < steps - 1 ? 1 : 0;
      const times = Float64Array.from({ length: to + 1 + ends }, (_, step) => (start + step * scrapeSeconds) * 1000);
      store.add(
        labels,
        times,
        times.map((_, step) => (step > to ? Number.NaN : valueAt(step))),
      );
    };
    const badBy = (step: number): number => {
      if (!('bad' in one)) return 0;
      const begun = Math.max(0, step - (one.from * 60) / scrapeSeconds);
      return one.bad * Math.min(begun, (one.lasts * 60) / scrapeSeconds);
    };
    add({ ...requests, response_code: '200' }, (step) => step * one.requests - badBy(step), last);
    add({ ...requests, response_code: '500' }, badBy, last);
    add({ __name__: 'envoy_server_uptime', ...target }, (step) => 600 + step * scrapeSeconds, last);
    add({ __name__: 'up', ...target }, (step) => (step <= last ? 1 : 0), steps - 1);
  }
}

/** When alerts of services fire, by the minute. */
class FiringMinutes {
  readonly #minutes = new Map<string, Set<number>>();

  /** An evaluation that finds it stands for all minutes until the next one. */
  add(alert: string, labels: Readonly<Record<string, string>>, times: Iterable<number>, intervalSeconds: number): void {
    const key = `${alert} ${labels['service']!}`;
    const found = this.#minutes.get(key) ?? new Set();
    this.#minutes.set(key, found);
    for (const at of times) {
      for (let more = 0; more < intervalSeconds / 60; more++) found.add((at - start) / 60 + more);
    }
  }

  of(alert: string, service: string): readonly boolean[] {
    const found = this.#minutes.get(`${alert} ${service}`);
    return Array.from({ length: minutes + 1 }, (_, minute) => found?.has(minute) ?? false);
  }
}

describeWith('vmalert', 'a real vmalert', (vmalert) => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-vmalert-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('loads every file that is generated of every mesh, control plane and registry', () => {
    const parts = partsOf([
      ...everySlo,
      ...[...loadPacks().packs.keys()].map((mesh) => madeUpSlo({ mesh, name: `of-${mesh}`, tier: mesh })),
    ]);
    const files = ruleSet({
      ...parts,
      controlPlanes: controlPlaneKinds.map((kind) => settingsOf({ kind, name: kind })),
      registries: [{ name: 'dc1', cluster: 'eu-1', owner: 'platform' }],
    });
    expect(files.length).toBeGreaterThan(8);
    for (const file of files) writeFileSync(join(folder, ruleFileName(file)), ruleYaml(file));
    const { status, stderr } = spawnSync(vmalert, ['-dryRun', `-rule=${folder}/*.yaml`, '-loggerLevel=ERROR'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describeWith('victoria-metrics', 'one story, replayed by vmalert, and recorded by a Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-vmalert-story-'));
  const slos = names.map((name) => madeUpSlo({ service: { ...madeUpSlo().service, name }, owner: undefined }));
  const all = ruleSet(partsOf(slos)).map(ruleYaml).flatMap(readRuleFile);
  // A replay goes through all time rule by rule: what holds an alert by its own past cannot be replayed, by neither.
  const groups = neededRules(all, { alerts, queries: [] }).map((group) => ({
    ...group,
    rules: group.rules.filter(({ labels }) => labels?.['step'] !== 'held'),
  }));
  const prometheus = new PrometheusStore(join(folder, 'prometheus'));
  let victoria: VictoriaStore;
  const firing = { vmalert: new FiringMinutes(), prometheus: new FiringMinutes() };

  beforeAll(async () => {
    victoria = await VictoriaStore.start(join(folder, 'victoria'));
    for (const store of [victoria, prometheus]) {
      tell(store);
      await store.settle();
    }
    await replayRules(victoria, groups, span);
    await recordRules(prometheus, groups, span);
    for (const { rules, intervalSeconds } of groups) {
      for (const { alert, expr } of rules) {
        if (alert === undefined) continue;
        for (const series of await prometheus.range(expr, span.fromSeconds, span.toSeconds, intervalSeconds)) {
          firing.prometheus.add(alert, series.labels, series.timesSeconds, intervalSeconds);
        }
        for (const series of await victoria.samples(`ALERTS{alertname="${alert}",alertstate="firing"}`)) {
          firing.vmalert.add(alert, series.labels, series.timesSeconds, intervalSeconds);
        }
      }
    }
  }, 120_000);

  afterAll(async () => {
    await victoria.close();
    await prometheus.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(names.flatMap((service) => alerts.map((alert) => ({ service, alert }))))(
    '$service: $alert fires in the same minutes of both',
    ({ service, alert }) => {
      const [actual, expected] = [firing.vmalert, firing.prometheus].map((one) => one.of(alert, service));
      expect(disagreements(actual!, expected!, mostShift)).toEqual([]);
    },
  );

  test('minutes are counted to the event by both, and under the cluster that is configured where series name none', async () => {
    // Two scrapes of 300 requests, in the middle of the outage.
    for (const store of [victoria, prometheus]) {
      const at = start + 76 * 60;
      const [all] = await store.instant('service_sli:events:delta1m{service="outage"}', at);
      const [bad, ...others] = await store.instant('service_sli:bad_events:delta1m{service="outage"}', at);
      expect([all!.value, bad!.value, bad!.labels['cluster'], others]).toEqual([600, 600, 'eu-1', []]);
    }
  });

  test('each incident fires what it is there for, and the calm one nothing', () => {
    const fired = names.map((name) => [name, alerts.filter((alert) => firing.vmalert.of(alert, name).includes(true))]);
    expect(Object.fromEntries(fired)).toEqual({
      calm: [],
      outage: expect.arrayContaining(['ErrorBudgetBurnFast', 'ErrorBudgetExhausted']),
      slow: expect.arrayContaining(['ErrorBudgetBurnSlow']),
      spent: expect.arrayContaining(['ErrorBudgetExhausted']),
      lost: ['ScrapeTargetLost'],
    });
  });
});
