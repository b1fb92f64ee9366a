import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { SloCatalogue } from '../../src/config/slo-catalogue.js';
import type { OpenEvents } from '../../src/domain/open-minute.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { scrapeJob } from '../../src/scrape/scrape-job.js';
import { ScrapeSource } from '../../src/scrape/scrape-source.js';
import { SlotKeeper } from '../../src/service/slot-keeper.js';
import type { DiscoveredTarget } from '../../src/simulator/mesh-servers.js';
import { MeshServers } from '../../src/simulator/mesh-servers.js';
import type { EventSink, RequestEvents } from '../../src/simulator/event-log.js';
import type { DataPlane } from '../../src/simulator/planes/data-plane.js';
import { SidecarPlane } from '../../src/simulator/planes/sidecar-plane.js';
import type { MeshModel } from '../../src/simulator/mesh-model.js';
import { EventLog } from '../../src/simulator/event-log.js';
import { Mesh } from '../../src/simulator/mesh.js';
import { TestClock } from '../scrape/test-clock.js';
import { type Lost, LossBook } from './loss-book.js';

/** Everything that stands between the log of a simulated mesh and a ledger, over real HTTP, in a time that the test moves. */
export class ObservedMesh {
  readonly log = new EventLog();
  readonly clock: TestClock;
  readonly mesh: Mesh;
  readonly servers: MeshServers;
  readonly losses = new LossBook();
  /** How long proxies may take for an answer, of the real time: short only while one hangs on purpose, which is waited for. */
  patienceSeconds = 60;
  /** Pods as discovery lists them; stands still while it is broken. */
  listed: readonly DiscoveredTarget[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'meshslo-e2e-'));
  readonly #discovery = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(this.listed));
  });
  #running: { readonly source: ScrapeSource; readonly keeper: SlotKeeper; readonly ledger: Ledger } | undefined;
  #config: Config | undefined;

  readonly #plane: DataPlane;
  readonly #pack: string;

  /** @param of whose proxies these are; Istio's sidecars where nothing is said */
  constructor(
    model: MeshModel,
    startSeconds: number,
    seed: number,
    of: { readonly pack: string; readonly plane: DataPlane } = { pack: 'istio', plane: new SidecarPlane() },
  ) {
    this.clock = new TestClock(startSeconds);
    this.#plane = of.plane;
    this.#pack = of.pack;
    const write: EventSink = (events) => {
      this.log.write(events.map((event) => ('count' in event ? this.#carried(event) : event)));
      this.#plane.take(events);
    };
    this.mesh = new Mesh(model, startSeconds, seed, write);
    this.servers = new MeshServers(this.mesh, undefined, of.plane);
  }

  /** The event with the names of the proxies that counted it in place of those of pods. */
  #carried(event: RequestEvents): RequestEvents {
    const { pod, clientPod } = event;
    return {
      ...event,
      pod: pod && this.#plane.carrierOf(pod),
      clientPod: clientPod && this.#plane.carrierOf(clientPod),
    };
  }

  /** Serves pods and discovery, and writes a configuration with the given SLO file. */
  async open(slos: string, interval: '15s' | '60s' = '15s'): Promise<void> {
    await this.servers.reconcile();
    await new Promise<void>((resolve) => this.#discovery.listen(0, '127.0.0.1', resolve));
    const { port } = this.#discovery.address() as AddressInfo;
    const file = join(this.#folder, 'meshslo.yaml');
    writeFileSync(join(this.#folder, 'slos.yaml'), slos);
    writeFileSync(
      file,
      `cluster: test
ledger: ledger.db
scrape:
  interval: ${interval}
  jobs:
    - { name: sidecars, mesh: ${this.#pack}, targets: [{ http_sd: { url: 'http://127.0.0.1:${port}/', refresh: 5s } }] }
slos: [slos.yaml]
`,
    );
    const { config, diagnostics } = loadConfig(file);
    if (!config) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
    this.#config = config;
  }

  get ledger(): Ledger {
    return this.#running!.ledger;
  }

  /** What meshslo has counted of the open minute; nothing while it is dead. */
  openMinute(): readonly OpenEvents[] {
    return this.#running?.source.openMinute() ?? [];
  }

  /** How the running meshslo finds its targets. */
  get targets(): ScrapeSource['targets'] {
    return this.#running!.source.targets;
  }

  /** Starts meshslo, as a new process would: nothing but the ledger's file is known to it. */
  async startMeshslo(): Promise<void> {
    const config = this.#config!;
    const ledger = Ledger.open(config.ledgerPath);
    const directory = new SloCatalogue(config.slos);
    const patience = (): number => this.patienceSeconds;
    const source = new ScrapeSource({
      jobs: config.scrape.jobs.map((job) => ({
        ...scrapeJob(job, config.clusterAliases),
        get timeoutSeconds() {
          return patience();
        },
      })),
      directory,
      clock: this.clock,
      concurrency: 8,
      pace: 'manual',
    });
    const keeper = new SlotKeeper({
      source,
      commit: (batch) => {
        ledger.declare(directory.all(), batch.slotStart);
        ledger.commit(batch);
        this.losses.committed();
      },
      clock: this.clock,
      isKept: (slotStart) => ledger.hasObservedSlot(slotStart),
      onKept: ({ failure }) => {
        if (failure) throw failure;
      },
    });
    await source.start(ledger.checkpoints());
    this.#running = { source, keeper, ledger };
  }

  /** Ends meshslo without warning: what it held in memory is gone. */
  async killMeshslo(): Promise<void> {
    const { source, ledger } = this.#running!;
    await source.stop();
    ledger.close();
    this.#running = undefined;
    this.losses.meshsloDied();
  }

  /** Lets time pass in steps of five seconds; every minute that ends is committed. */
  async live(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 5) {
      this.clock.pass(5);
      this.mesh.advance(this.clock.now());
      if (!this.#running) continue;
      const { source, keeper } = this.#running;
      await source.tick();
      for (const { labels, lastSuccessAt } of source.targets) {
        if (lastSuccessAt !== undefined) this.losses.scraped(labels['pod']!, lastSuccessAt);
      }
      if (this.clock.now() % 60 === 0) await keeper.keep();
    }
  }

  /** Lists the pods that are there now. */
  async list(): Promise<void> {
    await this.servers.reconcile();
    this.listed = this.servers.targets();
  }

  /** A proxy begins again, wherever it is. */
  restartProxy(proxy: string): void {
    this.losses.ended(proxy, this.clock.now());
    this.#plane.restart(proxy, this.clock.now());
  }

  restart(pod: string): void {
    this.losses.ended(pod, this.clock.now());
    this.mesh.restart(pod);
  }

  async replace(pod: string): Promise<void> {
    this.losses.ended(pod, this.clock.now());
    this.mesh.replace(pod);
    await this.list();
  }

  /** What nobody could count, up to now: ends of processes, and what no scrape has reached yet. */
  lost(): readonly Lost[] {
    return this.losses.all(
      this.#plane.proxies().map(({ name }) => name),
      this.clock.now(),
    );
  }

  async close(): Promise<void> {
    if (this.#running) {
      await this.#running.source.stop();
      this.#running.ledger.close();
    }
    await this.servers.close();
    this.#discovery.closeAllConnections();
    this.#discovery.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
