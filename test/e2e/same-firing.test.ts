import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { targetAlerts } from '../../src/alerting/scrape-alerts.js';
import { sloAlerts } from '../../src/alerting/slo-alerts.js';
import { SloJudge } from '../../src/alerting/slo-judge.js';
import type { AlertName } from '../../src/domain/alert-names.js';
import { ruleSet } from '../../src/generate/rules/rule-set.js';
import { ruleYaml } from '../../src/generate/rules/rule-yaml.js';
import { loadAlertPolicies } from '../../src/packs/load-alert-policies.js';
import { queriesAbout } from '../docs/runbook-queries.js';
import { madeUpSlo, partsOf } from '../generate/rules/made-up-slos.js';
import { smallEdge, smallMesh, smallService } from '../simulator/small-mesh.js';
import { describeWith } from '../support/programs.js';
import { readRuleFile } from '../support/prometheus/rule-file.js';
import { RunningPrometheus } from '../support/prometheus/running-prometheus.js';
import { SteppedRules } from '../support/prometheus/stepped-rules.js';
import { SteppedScrapes } from '../support/prometheus/stepped-scrapes.js';
import { disagreements } from './disagreements.js';
import { ObservedMesh } from './observed-mesh.js';

const start = 1_795_168_800; // a whole hour
const minute = 60;
/** What was seen for an hour is missed when it is gone. */
const calm = 65;
const minutes = calm + 50;

/** Minutes: a delay, and a minute that is not summed up yet. */
const mostShift = 2;

/** Minutes of trouble, and the share of requests that fail meanwhile. */
const incidents = {
  calm: { rate: 20 },
  'fast-burn': { rate: 10, from: 10.4, lasts: 8, share: 1 },
  'slow-burn': { rate: 30, from: 5, lasts: 40, share: 0.012 },
  exhausted: { rate: 2, from: 12, lasts: 3, share: 0.5 },
  unlisted: { rate: 5 },
  lost: { rate: 5 },
} as const;
type Service = keyof typeof incidents;
const services = Object.keys(incidents) as readonly Service[];

/** What each incident is there to make fire. */
const shown: readonly (readonly [Service, AlertName])[] = [
  ['fast-burn', 'ErrorBudgetBurnFast'],
  ['slow-burn', 'ErrorBudgetBurnSlow'],
  ['exhausted', 'ErrorBudgetExhausted'],
  ['unlisted', 'SliDataMissing'],
  ['lost', 'ScrapeTargetLost'],
];
const alerts = shown.map(([, alert]) => alert);

/** The minute of an incident in which somebody reads the alert's runbook. */
const readAt: Readonly<Partial<Record<AlertName, number>>> = {
  ErrorBudgetBurnFast: 16,
  ErrorBudgetBurnSlow: 40,
  ErrorBudgetExhausted: 18,
  ScrapeTargetLost: 30,
  SliDataMissing: 30,
};

const model = smallMesh(undefined, {
  services: services.map((name) => smallService(name, { versions: [{ version: 'v1', replicas: 1 }] })),
  edges: services.map((name) => {
    const { rate, ...trouble } = incidents[name];
    const degradations =
      'share' in trouble
        ? [
            {
              firstSeconds: start + (calm + trouble.from) * minute,
              lastsSeconds: trouble.lasts * minute,
              shares: { 'server-error': trouble.share },
              slowdown: 1,
            },
          ]
        : [];
    return smallEdge(undefined, `shop/${name}`, {
      requestsPerSecond: rate,
      shares: { 'server-error': 0.0001 },
      degradations,
    });
  }),
});

describeWith('prometheus', 'one mesh, watched by the embedded evaluator and by generated rules in a Prometheus', () => {
  const observed = new ObservedMesh(model, start, 11);
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-firing-'));
  let prometheus: RunningPrometheus;
  /** By minute, `alert service` of all that fires. */
  const embedded: ReadonlySet<string>[] = [];
  const generated: ReadonlySet<string>[] = [];
  /** `alert: query`, and how many series it has had: in a calm minute, and in the incident. */
  const asked: { readonly calm: Map<string, number>; readonly incident: Map<string, number> } = {
    calm: new Map(),
    incident: new Map(),
  };

  beforeAll(async () => {
    prometheus = await RunningPrometheus.start(join(folder, 'data'));
    await observed.open('service: shop/calm\n');
    await observed.startMeshslo();
    await observed.list();
    const slos = services.map((name) =>
      madeUpSlo({ service: { cluster: 'test', namespace: 'shop', name }, owner: undefined }),
    );
    const files = ruleSet(partsOf(slos, { cluster: 'test' })).filter(({ name }) => name !== 'meshslo-dependencies');
    const rules = new SteppedRules(prometheus, files.map(ruleYaml).flatMap(readRuleFile));
    const scrapes = new SteppedScrapes(prometheus.address, ['istio_requests_total', 'envoy_server_uptime']);
    const policy = loadAlertPolicies().policies.get('standard')!;
    const judge = new SloJudge(() => policy);
    const podOf = (service: Service): string => observed.mesh.pods.find((pod) => pod.service.name === service)!.name;
    for (let at = -calm; at < minutes - calm; at++) {
      if (at === 5) await observed.servers.setFault(podOf('lost'), 'refuse');
      if (at === 8) observed.listed = observed.listed.filter(({ labels }) => labels['pod'] !== podOf('unlisted'));
      for (let half = 0; half < 2; half++) {
        await observed.live(30);
        const listed = observed.listed.map(({ targets, labels }) => ({ address: targets[0]!, labels }));
        await scrapes.scrape(listed, observed.clock.now());
      }
      const now = observed.clock.now();
      await rules.evaluate(now);
      generated.push(
        new Set(rules.firing().map(({ alertname, service }) => `${String(alertname)} ${String(service)}`)),
      );
      for (const [service, alert] of shown) {
        const moment = at === -2 ? 'calm' : at === readAt[alert] ? 'incident' : undefined;
        if (moment === undefined) continue;
        for (const query of queriesAbout(alert, { cluster: 'test', namespace: 'shop', name: service })) {
          asked[moment].set(`${alert}: ${query}`, (await prometheus.instant(query, now)).length);
        }
      }
      const kept = observed.ledger.slos().map(({ epochs }) => epochs.at(-1)!.slo);
      const links = { page: undefined, runbooks: undefined, dashboards: undefined };
      const judged = judge.look(
        observed.ledger,
        kept.filter(({ name }) => name === 'availability'),
        now,
      );
      const context = { cluster: 'test', links, now, startedAt: start };
      const all = [
        ...sloAlerts(judged, { links, knownUntil: now, watchedRatio: 1 }),
        ...targetAlerts(observed.targets, context, () => undefined),
      ];
      embedded.push(new Set(all.map(({ name, labels }) => `${name} ${String(labels['service'])}`)));
    }
  }, 400_000);

  afterAll(async () => {
    await prometheus.stop();
    await observed.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(services.flatMap((service) => alerts.map((alert) => ({ service, alert }))))(
    '$service: $alert fires in the same minutes of both',
    ({ service, alert }) => {
      const of = (firing: readonly ReadonlySet<string>[]): readonly boolean[] =>
        firing.map((set) => set.has(`${alert} ${service}`));
      expect(disagreements(of(generated), of(embedded), mostShift)).toEqual([]);
    },
  );

  test.each(shown.map(([, alert]) => alert))(
    'every query of the runbook of %s has an answer while it fires',
    (alert) => {
      const answered = [...asked.incident].filter(([query]) => query.startsWith(`${alert}:`));
      expect(answered.length).toBeGreaterThan(0);
      // Of data that is missing there is none: there is while all is well.
      const answers = alert === 'SliDataMissing' ? asked.calm : asked.incident;
      expect(answered.filter(([query]) => answers.get(query) === 0).map(([query]) => query)).toEqual([]);
      if (alert === 'SliDataMissing') expect(answered.map(([, amount]) => amount)).toContain(0);
    },
  );

  test.each(shown.map(([service, alert]) => ({ service, alert })))(
    '$alert is shown by $service, and did not fire before',
    ({ service, alert }) => {
      const fires = embedded.map((set) => set.has(`${alert} ${service}`));
      expect(fires.indexOf(true)).toBeGreaterThan(calm);
      expect(embedded.slice(0, calm).flatMap((set) => [...set])).toEqual([]);
    },
  );
});
