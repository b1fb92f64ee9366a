import type { Config } from '../config/config.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { FindingSource } from '../domain/finding-source.js';
import { Ledger } from '../ledger/ledger.js';
import { type RunningServer, startServer } from '../server/start-server.js';
import { alertDeskSettings } from './alerting.js';
import { type Assembly, assemble } from './assembly.js';
import type { CurrentSlos } from './current-slos.js';
import { slosKnownTo } from './know-again.js';
import { pageAccess } from './page-access.js';
import { scrapeJobs } from './scraping.js';
import type { Present, ServiceParts } from './service-parts.js';

/** So often the open minute is looked at. */
const earlyLookSeconds = 5;

/** A running meshslo: what {@link assemble} has put together, from its start to its end. */
export class Service {
  /** When the last slot before this start ended; undefined for a ledger that nothing was observed for. */
  readonly countedUntilBefore: EpochSeconds | undefined;
  readonly #parts: ServiceParts;
  readonly #slos: CurrentSlos;
  readonly #ledger: Ledger;
  readonly #present: Present;
  readonly #all: Assembly;
  #earlyLooks: NodeJS.Timeout | undefined;

  private constructor(parts: ServiceParts, slos: CurrentSlos, ledger: Ledger) {
    const last = ledger.lastObservedSlot();
    this.countedUntilBefore = last === undefined ? undefined : last + 60;
    this.#parts = parts;
    this.#slos = slos;
    this.#ledger = ledger;
    this.#present = { config: parts.config, server: undefined };
    this.#all = assemble({ ...parts, slos, ledger, present: this.#present });
  }

  /**
   * Opens the ledger, takes up the scraping where it was left, and answers.
   *
   * @throws Failure of {@link Ledger.open} and of the server; nothing is left running then
   */
  static async start(parts: ServiceParts): Promise<Service> {
    const ledger = Ledger.open(parts.config.ledgerPath);
    let service: Service | undefined;
    try {
      const slos = slosKnownTo(ledger, parts.config, parts.clock.now());
      await parts.prepare?.({ ledger, slos });
      service = new Service(parts, slos, ledger);
      await service.#run();
      return service;
    } catch (error) {
      if (service) await service.stop();
      else ledger.close();
      throw error;
    }
  }

  async #run(): Promise<void> {
    const { source, judge, board, desk, findings, catalogue, publishers, reports, keeper } = this.#all;
    judge.resume(this.#ledger.alerts.ongoing());
    board.refresh();
    this.#present.server = await this.#answer();
    await source.start(this.#ledger.checkpoints());
    desk.start();
    await catalogue.follow();
    findings.run(this.#findingSources());
    keeper.start();
    for (const one of publishers) one.start();
    reports.start();
    this.#earlyLooks = setInterval(() => this.#lookEarly(), earlyLookSeconds * 1000);
  }

  /** Where the page is. */
  get url(): string {
    return this.#present.server!.url;
  }

  /** Goes on with another configuration; what of it must wait for a restart, `describeChanges` tells. */
  async reconfigure(config: Config): Promise<void> {
    const { source, board, desk, catalogue, findings, reports } = this.#all;
    this.#present.config = config;
    this.#slos.replace(config.slos);
    await source.reconfigure(scrapeJobs(config));
    this.#ledger.declare(this.#slos.all(), this.#parts.clock.now());
    board.refresh();
    desk.reconfigure(alertDeskSettings(config));
    await catalogue.follow();
    findings.run(this.#findingSources());
    reports.reconfigured();
  }

  /** Shows that a changed configuration was refused, and the one before is in force. */
  configRefused(mistakes: number): void {
    this.#all.board.configurationRefused({ at: this.#parts.clock.now(), mistakes });
  }

  /** Shows that the configuration in force is the one that is written. */
  configAccepted(): void {
    this.#all.board.configurationRefused(undefined);
  }

  /** Sends the reports of the last whole week, where they were never made. Never fails. */
  sendLastWeek(): Promise<void> {
    return this.#all.reports.sendLastWeek();
  }

  /** Ends everything in order; what the open minute holds is found again by the next start. */
  async stop(): Promise<void> {
    const { source, desk, findings, catalogue, controlPlanes, publishers, reports, keeper } = this.#all;
    clearInterval(this.#earlyLooks);
    await Promise.all(publishers.map((one) => one.stop()));
    await keeper.stop();
    desk.stop();
    findings.stop();
    await reports.stop();
    await catalogue.stop();
    controlPlanes.close();
    await source.stop();
    await this.#present.server?.close();
    this.#ledger.close();
  }

  /** Begins to answer, for whoever may ask under the configuration in force. */
  async #answer(): Promise<RunningServer> {
    const { config, clock, uiFolder, version, onBug } = this.#parts;
    const { board, desk, findings, controlPlanes, catalogue, reports, metrics, notices } = this.#all;
    return startServer({
      reader: board,
      alerts: desk,
      findings,
      controlPlanes,
      migration: catalogue,
      registries: catalogue,
      reports,
      metrics,
      clock,
      address: config.listen.address,
      port: config.listen.port,
      authentication: pageAccess(() => this.#present.config.listen, notices),
      uiFolder,
      version,
      onBug,
    });
  }

  /** Nobody who is to be woken waits for the end of a minute. */
  #lookEarly(): void {
    const { board, source, desk } = this.#all;
    if (board.lookEarly(source.openMinute())) desk.look();
  }

  /** Everything that looks for trouble under the configuration in force. */
  #findingSources(): readonly FindingSource[] {
    const { controlPlanes, reports, catalogue } = this.#all;
    return [...controlPlanes.collectorsFor(this.#present.config), reports.findings, ...catalogue.sources];
  }
}
