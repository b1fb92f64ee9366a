import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetAlerts } from '../../src/alerting/scrape-alerts.js';
import { sloAlerts } from '../../src/alerting/slo-alerts.js';
import { SloJudge } from '../../src/alerting/slo-judge.js';
import type { AlertName } from '../../src/domain/alert-names.js';
import { ruleSet } from '../../src/generate/rules/rule-set.js';
import { ruleYaml } from '../../src/generate/rules/rule-yaml.js';
import { loadAlertPolicies } from '../../src/packs/load-alert-policies.js';
import type { MeshModel } from '../../src/simulator/mesh-model.js';
import { queriesAbout } from '../docs/runbook-queries.js';
import { madeUpSlo, partsOf } from '../generate/rules/made-up-slos.js';
import { neededRules } from '../support/prometheus/needed-rules.js';
import { readRuleFile } from '../support/prometheus/rule-file.js';
import { RunningPrometheus } from '../support/prometheus/running-prometheus.js';
import { SteppedRules } from '../support/prometheus/stepped-rules.js';
import { SteppedScrapes } from '../support/prometheus/stepped-scrapes.js';
import { ObservedMesh } from './observed-mesh.js';

/** A mesh of services in the namespace `shop`, and how it is watched. */
export interface WatchedStory {
  readonly model: MeshModel;
  readonly start: number;
  readonly services: readonly string[];
  /** Every proxy is scraped so often, by both. */
  readonly scrapeSeconds: 15 | 60;
  /** What the rules are evaluated for; those that none of these reads are not. */
  readonly alerts: readonly AlertName[];
}

/** All that fires of `alert service` by minute, from two that watch one mesh. */
export class TwoWatchers {
  readonly observed: ObservedMesh;
  readonly embedded: ReadonlySet<string>[] = [];
  readonly generated: ReadonlySet<string>[] = [];
  readonly #story: WatchedStory;
  readonly #folder = mkdtempSync(join(tmpdir(), 'meshslo-watchers-'));
  readonly #policy = loadAlertPolicies().policies.get('standard')!;
  readonly #judge = new SloJudge(() => this.#policy);
  #prometheus: RunningPrometheus | undefined;
  #rules: SteppedRules | undefined;
  #scrapes: SteppedScrapes | undefined;

  constructor(story: WatchedStory) {
    this.#story = story;
    this.observed = new ObservedMesh(story.model, story.start, 11);
  }

  async open(): Promise<void> {
    const { services, scrapeSeconds, alerts } = this.#story;
    const prometheus = await RunningPrometheus.start(join(this.#folder, 'data'));
    this.#prometheus = prometheus;
    await this.observed.open(`service: shop/${services[0]!}\n`, `${scrapeSeconds}s`);
    await this.observed.startMeshslo();
    await this.observed.list();
    const slos = services.map((name) =>
      madeUpSlo({ service: { cluster: 'test', namespace: 'shop', name }, owner: undefined }),
    );
    const groups = ruleSet(partsOf(slos, { cluster: 'test' }))
      .map(ruleYaml)
      .flatMap(readRuleFile);
    const about = { cluster: 'test', namespace: 'shop', name: services[0]! };
    const queries = alerts.flatMap((alert) => queriesAbout(alert, about));
    this.#rules = new SteppedRules(prometheus, neededRules(groups, { alerts, queries }));
    this.#scrapes = new SteppedScrapes(prometheus.address, ['istio_requests_total', 'envoy_server_uptime']);
  }

  /** Lets a minute pass, and looks at its end. */
  async minute(): Promise<void> {
    const { start, scrapeSeconds } = this.#story;
    const { observed } = this;
    // Prometheus is told twice a minute: what it has of two scrapes is what it would have of four.
    const between = Math.max(30, scrapeSeconds);
    for (let passed = 0; passed < 60; passed += between) {
      await observed.live(between);
      const listed = observed.listed.map(({ targets, labels }) => ({ address: targets[0]!, labels }));
      await this.#scrapes!.scrape(listed, observed.clock.now());
    }
    const now = observed.clock.now();
    await this.#rules!.evaluate(now);
    this.generated.push(
      new Set(this.#rules!.firing().map(({ alertname, service }) => `${String(alertname)} ${String(service)}`)),
    );
    const slos = observed.ledger.slos().map(({ epochs }) => epochs.at(-1)!.slo);
    const links = { page: undefined, runbooks: undefined, dashboards: undefined };
    const judged = this.#judge.look(
      observed.ledger,
      slos.filter(({ name }) => name === 'availability'),
      now,
    );
    const context = { cluster: 'test', links, now, startedAt: start };
    const all = [
      ...sloAlerts(judged, { links, knownUntil: now, watchedRatio: 1 }),
      ...targetAlerts(observed.targets, context, () => undefined),
    ];
    this.embedded.push(new Set(all.map(({ name, labels }) => `${name} ${String(labels['service'])}`)));
  }

  /** The first pod of a service, or another one. */
  podOf(service: string, place = 0): string {
    return this.observed.mesh.pods.filter((pod) => pod.service.name === service)[place]!.name;
  }

  /** How many series every query of an alert's runbook has now, by query. */
  async askRunbook(alert: AlertName, service: string): Promise<ReadonlyMap<string, number>> {
    const answers = new Map<string, number>();
    for (const query of queriesAbout(alert, { cluster: 'test', namespace: 'shop', name: service })) {
      answers.set(query, (await this.#prometheus!.instant(query, this.observed.clock.now())).length);
    }
    return answers;
  }

  async close(): Promise<void> {
    await this.#prometheus?.stop();
    await this.observed.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
