import { setTimeout as sleep } from 'node:timers/promises';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../../src/config/config.js';
import { loadConfig } from '../../../src/config/load-config.js';
import type { Board } from '../../../src/domain/board.js';
import type { Slo } from '../../../src/domain/slo.js';
import { boardSet } from '../../../src/generate/dashboards/board-set.js';
import { ruleSet } from '../../../src/generate/rules/rule-set.js';
import { ruleYaml } from '../../../src/generate/rules/rule-yaml.js';
import { type ControlPlaneKind, controlPlaneKinds } from '../../../src/packs/control-plane-pack.js';
import { ruleParts } from '../../../src/publish/documents.js';
import { CurrentSlos } from '../../../src/service/current-slos.js';
import { Service } from '../../../src/service/service.js';
import type { DiscoveredTarget } from '../../../src/simulator/mesh-servers.js';
import { fasterRules, ruleFileText } from '../prometheus/faster-rules.js';
import { RealAlertmanager } from '../real-alertmanager.js';
import { readRuleFile } from '../prometheus/rule-file.js';
import { RunningPrometheus } from '../prometheus/running-prometheus.js';
import { ToldFindings } from './told-findings.js';
import { WatchedControlPlanes } from './watched-control-planes.js';
import { WatchedPlanes } from './watched-planes.js';

/** So many times faster than the wall's does time pass in the meshes, and for rules and boards. */
export const speed = 15;

/** Every mesh and every control plane, meshslo that watches them, one real Prometheus that scrapes all by generated rules, and an Alertmanager. */
export class WatchedFleet {
  readonly #folder = mkdtempSync(join(tmpdir(), 'meshslo-boards-'));
  readonly #startSeconds = Math.floor(Date.now() / 1000);
  /** From when on time passes in the meshes: when everything is there. */
  #beganMs = Infinity;
  readonly planes = new WatchedPlanes(this.#startSeconds, () => this.#present());
  readonly #controlPlanes = new WatchedControlPlanes(this.planes.mesh, () => this.#present());
  readonly #elsewhere = new ToldFindings();
  #config: Config | undefined;
  #service: Service | undefined;
  #prometheus: RunningPrometheus | undefined;
  #alertmanager: RealAlertmanager | undefined;

  get prometheus(): RunningPrometheus {
    return this.#prometheus!;
  }

  /** Every board of the fleet. */
  boards(): readonly Board[] {
    const config = this.#config!;
    return [...boardSet({ ...ruleParts(config, this.#slos()), boards: config.boards })];
  }

  /** @param alertmanager the program */
  async start(alertmanager: string): Promise<void> {
    this.#alertmanager = await RealAlertmanager.start(alertmanager);
    await this.planes.reconcile();
    await this.#controlPlanes.open();
    this.#config = this.#configure();
    // A minute of the real time ends in some seconds: the ledger need not be waited for.
    const shift = 64 - ((Date.now() / 1000) % 60) + 56;
    this.#service = await Service.start({
      config: this.#config,
      clock: { now: () => Date.now() / 1000 + shift, monotonic: () => performance.now() / 1000 },
      uiFolder: this.#folder,
      version: 'test',
      onNotice: () => undefined,
      onBug: (error) => {
        throw error;
      },
    });
    const elsewhere = await this.#elsewhere.open();
    this.#beganMs = Date.now();
    this.#prometheus = await RunningPrometheus.start(
      join(this.#folder, 'data'),
      (own) => this.#prometheusConfig({ prometheus: own, elsewhere }),
      [`--query.lookback-delta=${300_000 / speed}ms`],
    );
    // Long enough for whatever is lost to have been there.
    await sleep(10_000);
    await this.planes.silence(this.planes.podOf('web'));
    await this.planes.endCertificate(this.planes.podOf('cart'));
  }

  async close(): Promise<void> {
    await this.#prometheus?.stop();
    await this.#service?.stop();
    await this.#alertmanager?.close();
    await this.#elsewhere.close();
    await this.planes.close();
    await this.#controlPlanes.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #present(): void {
    const passed = (Date.now() - this.#beganMs) / 1000;
    const now = this.#startSeconds + Math.floor(passed * speed);
    if (now > this.planes.mesh.nowSeconds) this.planes.mesh.advance(now);
  }

  /** Of services that were seen from every side that their mesh has. */
  #slos(): readonly Slo[] {
    const slos = new CurrentSlos(this.#config!.slos);
    for (const pack of this.planes.packs) {
      for (const { perspective } of this.#config!.packs.get(pack)!.views) {
        for (const name of ['cart', 'web']) {
          const [namespace] = this.planes.serviceOf(pack, name).split('/');
          slos.meet({ cluster: pack, namespace: namespace!, name }, perspective, pack);
        }
      }
    }
    return slos.all();
  }

  #configure(): Config {
    const slos = this.planes.packs.flatMap((pack) =>
      ['cart', 'web'].map((name) => ({
        service: `${pack}/${this.planes.serviceOf(pack, name)}`,
        mesh: pack,
        owner: 'team-shop',
        ...(pack === 'ztunnel' && { slos: { availability: { perspective: 'client' } } }),
      })),
    );
    writeFileSync(join(this.#folder, 'slos.yaml'), slos.map((one) => JSON.stringify(one)).join('\n---\n'));
    const file = join(this.#folder, 'meshslo.yaml');
    // meshslo itself scrapes Istio's proxies only; that there are others it has to know.
    const jobs = this.planes.packs.map((pack) => {
      const targets = pack === 'istio' ? this.planes.targetsOf(pack) : [];
      return { name: pack, mesh: pack, cluster: pack, targets: [this.#listed(pack, targets)] };
    });
    const lists = this.#controlPlanes.lists();
    const settings = {
      cluster: 'istio',
      listen: { port: 0 },
      ledger: 'ledger.db',
      links: { page: 'http://meshslo.example', runbooks: 'http://runbooks.example/{alert}' },
      rules: { cluster_label: 'cluster' },
      alerting: { alertmanagers: [{ url: this.#alertmanager!.url }] },
      scrape: { interval: '2s', timeout: '2s', jobs },
      control_planes: controlPlaneKinds.map((kind) => ({
        name: kind,
        kind,
        interval: '2s',
        timeout: '2s',
        ...Object.fromEntries(
          Object.entries(lists[kind]).map(([list, targets]) => [
            list,
            { targets: [this.#listed(`${kind}-${list}`, targets)] },
          ]),
        ),
        ...(kind === 'linkerd1' && { namespaces: ['default'] }),
        ...(kind === 'envoy-control' && { wanted_version: '1.31.0' }),
      })),
      slos: ['slos.yaml'],
    };
    writeFileSync(file, JSON.stringify(settings));
    const { config, diagnostics } = loadConfig(file);
    if (!config) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
    return config;
  }

  /** A list of targets in a file, as a configuration of meshslo names it. */
  #listed(name: string, targets: readonly DiscoveredTarget[]): object {
    const file = join(this.#folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(targets));
    return { file_sd: { files: [file] } };
  }

  /** @param more hosts and ports that have metrics of their own, by name */
  #prometheusConfig(more: Readonly<Record<string, string>>): object {
    const rules = ruleSet(ruleParts(this.#config!, this.#slos())).flatMap((one) => readRuleFile(ruleYaml(one)));
    const folder = join(this.#folder, 'prometheus');
    mkdirSync(folder);
    writeFileSync(join(folder, 'rules.json'), ruleFileText(fasterRules(rules, speed)));
    const pool = (name: string, path: string, targets: readonly DiscoveredTarget[], cluster: string): object => ({
      job_name: name,
      metrics_path: path,
      scrape_interval: '1s',
      scrape_timeout: '1s',
      static_configs: targets.map(({ targets: addresses, labels }) => ({
        targets: addresses,
        labels: { ...labels, cluster },
      })),
    });
    const lists = this.#controlPlanes.lists();
    const ofControlPlane = (kind: ControlPlaneKind): readonly object[] =>
      (['instances', 'proxies'] as const).flatMap((list) => {
        const targets = lists[kind][list];
        const path = this.#controlPlanes.pathOf(kind, list);
        return targets === undefined ? [] : [pool(`${kind} ${list}`, path, targets, 'control-planes')];
      });
    return {
      rule_files: [join(folder, 'rules.json')],
      scrape_configs: [
        ...this.planes.packs.map((pack) => pool(pack, this.planes.pathOf(pack), this.planes.targetsOf(pack), pack)),
        ...controlPlaneKinds.flatMap(ofControlPlane),
        ...Object.entries({
          meshslo: new URL(this.#service!.url).host,
          alertmanager: new URL(this.#alertmanager!.url).host,
          ...more,
        }).map(([name, host]) => pool(name, '/metrics', [{ targets: [host], labels: {} }], 'control-planes')),
      ],
    };
  }
}
