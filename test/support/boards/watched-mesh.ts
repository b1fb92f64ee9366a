import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:http';
import type { Config } from '../../../src/config/config.js';
import { loadConfig } from '../../../src/config/load-config.js';
import type { Board } from '../../../src/domain/board.js';
import { boardSet } from '../../../src/generate/dashboards/board-set.js';
import { ruleYaml } from '../../../src/generate/rules/rule-yaml.js';
import { ruleSet } from '../../../src/generate/rules/rule-set.js';
import { ruleParts } from '../../../src/publish/documents.js';
import { CurrentSlos } from '../../../src/service/current-slos.js';
import { Service } from '../../../src/service/service.js';
import { IstioFleet } from '../../../src/simulator/istio-fleet.js';
import { closeServer, listen } from '../../../src/simulator/loopback.js';
import { MeshServers } from '../../../src/simulator/mesh-servers.js';
import type { MeshModel } from '../../../src/simulator/mesh-model.js';
import { Mesh } from '../../../src/simulator/mesh.js';
import { everyTrouble, smallEdge, smallMesh, smallService } from '../../simulator/small-mesh.js';
import { fasterRules, ruleFileText } from '../prometheus/faster-rules.js';
import { readRuleFile } from '../prometheus/rule-file.js';
import { RunningPrometheus } from '../prometheus/running-prometheus.js';

/** So many times faster than the wall's does time pass in the mesh, and for rules and boards. */
export const speed = 30;

/** A shop behind a gateway with every trouble there is: callers and a service without proxies, two versions, gRPC. */
function troubledShop(): MeshModel {
  const troubled = { shares: everyTrouble };
  return smallMesh(undefined, {
    services: [
      smallService('istio-ingressgateway'),
      smallService('web'),
      smallService('cart', {
        versions: [
          { version: 'v1', replicas: 2 },
          { version: 'v2', replicas: 1 },
        ],
      }),
      smallService('ledger', { protocol: 'grpc' }),
      smallService('mail', { proxied: false }),
    ],
    edges: [
      smallEdge('shop/istio-ingressgateway', 'shop/web', troubled),
      smallEdge('shop/web', 'shop/cart', troubled),
      smallEdge('shop/cart', 'shop/ledger', troubled),
      smallEdge('shop/cart', 'shop/mail', troubled),
      smallEdge(undefined, 'shop/cart', troubled),
    ],
  });
}

/** A simulated mesh with its control plane, meshslo that watches it, and a real Prometheus that scrapes all three by generated rules. */
export class WatchedMesh {
  readonly #folder = mkdtempSync(join(tmpdir(), 'meshslo-boards-'));
  readonly #beganMs = Date.now();
  readonly #startSeconds = Math.floor(this.#beganMs / 1000);
  readonly #mesh = new Mesh(troubledShop(), this.#startSeconds, 5, () => undefined);
  readonly #servers = new MeshServers(this.#mesh, () => this.#present());
  readonly #fleet = new IstioFleet(this.#mesh, {
    instances: 2,
    beforeAnswer: () => this.#present(),
    changeSeconds: 60,
  });
  readonly #discovery = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(this.#servers.targets()));
  });
  #config: Config | undefined;
  #service: Service | undefined;
  #prometheus: RunningPrometheus | undefined;

  get prometheus(): RunningPrometheus {
    return this.#prometheus!;
  }

  /** Every board of the mesh's services. */
  boards(): readonly Board[] {
    const config = this.#config!;
    return [...boardSet({ ...ruleParts(config, this.#slos()), boards: config.boards })];
  }

  async start(): Promise<void> {
    await this.#servers.reconcile();
    await this.#fleet.open();
    this.#fleet.sync.faults.refusing.set(this.#podOf('cart'), 'no such route');
    const config = await this.#configure();
    this.#config = config;
    // A minute of the real time ends in some seconds: the ledger need not be waited for.
    const shift = 64 - ((Date.now() / 1000) % 60) + 56;
    this.#service = await Service.start({
      config,
      clock: { now: () => Date.now() / 1000 + shift, monotonic: () => performance.now() / 1000 },
      uiFolder: this.#folder,
      version: 'test',
      onNotice: () => undefined,
      onBug: (error) => {
        throw error;
      },
    });
    this.#prometheus = await RunningPrometheus.start(join(this.#folder, 'data'), this.#prometheusConfig(), [
      `--query.lookback-delta=${300_000 / speed}ms`,
    ]);
  }

  /** One proxy stops to answer. */
  async silence(service: string): Promise<void> {
    await this.#servers.setFault(this.#podOf(service), 'refuse');
  }

  /** Address of one proxy of a service. */
  proxyOf(service: string): string {
    return this.#servers.address(this.#podOf(service));
  }

  #podOf(service: string): string {
    return this.#mesh.pods.find(({ service: { name } }) => name === service)!.name;
  }

  async close(): Promise<void> {
    await this.#prometheus?.stop();
    await this.#service?.stop();
    await this.#servers.close();
    await this.#fleet.close();
    await closeServer(this.#discovery);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #present(): void {
    const passed = (Date.now() - this.#beganMs) / 1000;
    const now = this.#startSeconds + Math.floor(passed * speed);
    if (now > this.#mesh.nowSeconds) this.#mesh.advance(now);
  }

  #slos() {
    return new CurrentSlos(this.#config!.slos).all();
  }

  async #configure(): Promise<Config> {
    const port = await listen(this.#discovery, 0);
    const file = join(this.#folder, 'meshslo.yaml');
    writeFileSync(join(this.#folder, 'slos.yaml'), 'service: shop/cart\nowner: team-shop\n---\nservice: shop/web\n');
    writeFileSync(
      file,
      `cluster: test
listen: { port: 0 }
ledger: ledger.db
links: { page: 'http://meshslo.example', runbooks: 'http://runbooks.example/{alert}' }
scrape:
  interval: 1s
  timeout: 1s
  jobs: [{ name: sidecars, mesh: istio, targets: [{ http_sd: { url: 'http://127.0.0.1:${port}/', refresh: 5s } }] }]
slos: [slos.yaml]
`,
    );
    const { config, diagnostics } = loadConfig(file);
    if (!config) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
    return config;
  }

  #prometheusConfig(): object {
    const rules = ruleSet(ruleParts(this.#config!, this.#slos())).flatMap((one) => readRuleFile(ruleYaml(one)));
    const folder = join(this.#folder, 'prometheus');
    mkdirSync(folder);
    writeFileSync(join(folder, 'rules.json'), ruleFileText(fasterRules(rules, speed)));
    writeFileSync(join(folder, 'targets.new'), JSON.stringify(this.#servers.targets()));
    renameSync(join(folder, 'targets.new'), join(folder, 'targets.json'));
    const every = { scrape_interval: `${15_000 / speed}ms`, scrape_timeout: `${15_000 / speed}ms` };
    return {
      rule_files: [join(folder, 'rules.json')],
      scrape_configs: [
        {
          job_name: 'sidecars',
          metrics_path: '/stats/prometheus',
          ...every,
          file_sd_configs: [{ files: [join(folder, 'targets.json')] }],
        },
        { job_name: 'istiod', ...every, static_configs: [{ targets: this.#fleet.addresses }] },
        {
          job_name: 'meshslo',
          scrape_interval: '1s',
          scrape_timeout: '1s',
          static_configs: [{ targets: [new URL(this.#service!.url).host] }],
        },
      ],
    };
  }
}
