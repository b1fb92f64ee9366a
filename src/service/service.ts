import { AlertDesk, type AlertDeskSettings, type AlertingState } from '../alerting/alert-desk.js';
import type { Config } from '../config/config.js';
import type { Clock, EpochSeconds } from '../domain/clock.js';
import { Failure, failureOf } from '../domain/failure.js';
import type { SlotBatch } from '../domain/slot-batch.js';
import { type Slo, sloId, usualAlerts } from '../domain/slo.js';
import { SloJudge } from '../alerting/slo-judge.js';
import type { AlertPolicy } from '../domain/alert-policy.js';
import type { FindingSource } from '../domain/finding-source.js';
import type { FindingDesk } from '../findings/finding-desk.js';
import { Ledger } from '../ledger/ledger.js';
import { ScrapeSource } from '../scrape/scrape-source.js';
import { createOwnMetrics, type OwnMetrics } from '../server/own-metrics.js';
import { type RunningServer, startServer } from '../server/start-server.js';
import { noticeAlerting } from './alert-notices.js';
import { AlertsNow } from './alerts-now.js';
import { controlPlanesOf } from './control-plane-parts.js';
import type { ControlPlanes } from './control-planes.js';
import { ServiceCatalogue } from './catalog.js';
import { createFindingDesk } from './findings.js';
import { CurrentSlos } from './current-slos.js';
import { noticeInputs } from './input-notices.js';
import { knowAgain } from './know-again.js';
import { Notices } from './notices.js';
import { createReports, type WeeklyReports } from './reports.js';
import { pageAccess } from './page-access.js';
import type { Publisher } from '../publish/publisher.js';
import { createPublishers } from './publishing.js';
import { type ScrapeJob, scrapeJob } from '../scrape/scrape-job.js';
import { type KeptSlot, SlotKeeper } from './slot-keeper.js';
import { StatusBoard } from './status-board.js';

/** So often the open minute is looked at. */
const earlyLookSeconds = 5;

/** What a service runs with. */
export interface ServiceParts {
  readonly config: Config;
  readonly clock: Clock;
  /** Folder of the built page. */
  readonly uiFolder: string;
  readonly version: string;
  /** Told of what an operator should know, a sentence each. */
  readonly onNotice: (notice: string) => void;
  readonly onBug: (error: unknown) => void;
  /** Fills a ledger that is to begin with history; called before anything is scraped. */
  readonly prepare?: (parts: { readonly ledger: Ledger; readonly slos: CurrentSlos }) => Promise<void>;
}

/** The only place where the parts are put together: source, ledger, board, server. */
export class Service {
  /** When the last slot before this start ended; undefined for a ledger that nothing was observed for. */
  readonly countedUntilBefore: EpochSeconds | undefined;
  readonly #parts: ServiceParts;
  readonly #slos: CurrentSlos;
  readonly #ledger: Ledger;
  readonly #source: ScrapeSource;
  readonly #judge: SloJudge;
  readonly #board: StatusBoard;
  readonly #metrics: OwnMetrics;
  readonly #keeper: SlotKeeper;
  readonly #desk: AlertDesk;
  readonly #findings: FindingDesk;
  readonly #catalogue: ServiceCatalogue;
  readonly #controlPlanes: ControlPlanes;
  readonly #notices: Notices;
  readonly #publishers: readonly Publisher[];
  readonly #reports: WeeklyReports;
  /** The SLOs there were when a slot was collected. */
  readonly #slosOf = new WeakMap<SlotBatch, readonly Slo[]>();
  #config: Config;
  #server: RunningServer | undefined;
  #earlyLooks: NodeJS.Timeout | undefined;
  #lastFailure: string | undefined;

  private constructor(parts: ServiceParts, slos: CurrentSlos, ledger: Ledger) {
    const { config, clock, version } = parts;
    this.#parts = parts;
    this.#notices = new Notices(parts.onNotice);
    this.#config = config;
    this.#slos = slos;
    this.#ledger = ledger;
    const last = ledger.lastObservedSlot();
    this.countedUntilBefore = last === undefined ? undefined : last + 60;
    this.#source = new ScrapeSource({
      jobs: scrapeJobs(config),
      directory: slos,
      clock,
      concurrency: config.scrape.concurrency,
      onScrape: ({ outcome, durationSeconds, unusable }) => {
        if (outcome === 'skipped') return;
        this.#metrics.scrapeEnded(outcome === 'success' ? 'ok' : outcome, durationSeconds, unusable);
      },
    });
    this.#judge = new SloJudge((slo) => this.#policyOf(slo));
    const meshOf = (job: string): string => this.#meshOf(job);
    const alerting = (): AlertingState => this.#desk.state;
    this.#board = new StatusBoard({ ledger, slos, source: this.#source, meshOf, judge: this.#judge, alerting, clock });
    this.#metrics = createOwnMetrics(this.#board, clock, version);
    const alertsNow = new AlertsNow({
      ledger,
      board: this.#board,
      source: this.#source,
      clock,
      settings: () => alertDeskSettings(this.#config),
    });
    this.#desk = new AlertDesk({
      store: ledger.alerts,
      clock,
      settings: alertDeskSettings(config),
      evaluate: () => alertsNow.ofServices(),
      watch: () => alertsNow.ofScraping(),
      onEvaluated: (durationSeconds) => this.#metrics.alerts.evaluated(durationSeconds),
      onPosted: (posted) => this.#metrics.alerts.posted(posted),
      onLook: (changed) => {
        noticeAlerting(this.#desk.state, this.#notices);
        if (changed.length > 0) this.#server?.alertsChanged();
      },
    });
    this.#findings = createFindingDesk({
      ledger,
      clock,
      metrics: this.#metrics,
      notices: this.#notices,
      onChanged: () => this.#server?.findingsChanged(),
      onBug: parts.onBug,
    });
    this.#catalogue = new ServiceCatalogue({
      clock,
      slos,
      statuses: () => this.#board.statuses(),
      traffic: () => this.#board.traffic(),
      known: () => this.#findings.ongoing(),
      metrics: this.#metrics,
      config,
      onBug: parts.onBug,
    });
    this.#controlPlanes = controlPlanesOf({
      slos,
      catalog: this.#catalogue.catalog,
      config: () => this.#config,
      metrics: this.#metrics,
      clock,
    });
    this.#publishers = createPublishers({
      config: () => this.#config,
      slos,
      ledger,
      clock,
      metrics: this.#metrics,
      notices: this.#notices,
      onNotice: parts.onNotice,
      onBug: parts.onBug,
    });
    this.#reports = createReports({
      ledger,
      slos,
      findings: this.#findings,
      catalog: this.#catalogue.catalog,
      config: () => this.#config,
      clock,
      metrics: this.#metrics,
      notices: this.#notices,
      environment: process.env,
      onBug: parts.onBug,
    });
    this.#keeper = new SlotKeeper({
      source: { collect: (until) => this.#collect(until) },
      commit: (batch) => this.#commit(batch),
      clock,
      isKept: (slotStart) => ledger.hasObservedSlot(slotStart),
      onKept: (kept) => this.#kept(kept),
    });
  }

  /**
   * Opens the ledger, takes up the scraping where it was left, and answers.
   *
   * @throws Failure of {@link Ledger.open} and of the server; nothing is left running then
   */
  static async start(parts: ServiceParts): Promise<Service> {
    const ledger = Ledger.open(parts.config.ledgerPath);
    const slos = new CurrentSlos(parts.config.slos);
    try {
      knowAgain(slos, ledger, parts.clock.now());
      await parts.prepare?.({ ledger, slos });
      const service = new Service(parts, slos, ledger);
      await service.#run();
      return service;
    } catch (error) {
      ledger.close();
      throw error;
    }
  }

  /** Where the page is. */
  get url(): string {
    return this.#server!.url;
  }

  /** Goes on with another configuration; what of it must wait for a restart, `describeChanges` tells. */
  async reconfigure(config: Config): Promise<void> {
    this.#config = config;
    this.#slos.replace(config.slos);
    await this.#source.reconfigure(scrapeJobs(config));
    this.#ledger.declare(this.#slos.all(), this.#parts.clock.now());
    this.#board.refresh();
    this.#desk.reconfigure(alertDeskSettings(config));
    await this.#catalogue.follow(this.#config);
    this.#findings.run(this.#findingSources());
    this.#reports.reconfigured();
  }

  /** Sends the reports of the last whole week, where they were never made. Never fails. */
  sendLastWeek(): Promise<void> {
    return this.#reports.sendLastWeek();
  }

  /** Shows that a changed configuration was refused, and the one before is in force. */
  configRefused(mistakes: number): void {
    this.#board.configurationRefused({ at: this.#parts.clock.now(), mistakes });
  }

  /** Shows that the configuration in force is the one that is written. */
  configAccepted(): void {
    this.#board.configurationRefused(undefined);
  }

  /** Ends everything in order; what the open minute holds is found again by the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#earlyLooks);
    await Promise.all(this.#publishers.map((one) => one.stop()));
    await this.#keeper.stop();
    this.#desk.stop();
    this.#findings.stop();
    await this.#reports.stop();
    await this.#catalogue.stop();
    this.#controlPlanes.close();
    await this.#source.stop();
    await this.#server?.close();
    this.#ledger.close();
  }

  async #run(): Promise<void> {
    const { config, clock, uiFolder, version, onBug } = this.#parts;
    this.#judge.resume(this.#ledger.alerts.ongoing());
    this.#board.refresh();
    const { address, port } = config.listen;
    const authentication = pageAccess(() => this.#config.listen, this.#notices);
    const parts = {
      reader: this.#board,
      alerts: this.#desk,
      findings: this.#findings,
      controlPlanes: this.#controlPlanes,
      migration: this.#catalogue,
      registries: this.#catalogue,
      reports: this.#reports,
      metrics: this.#metrics,
      clock,
      address,
      port,
      authentication,
      uiFolder,
    };
    this.#server = await startServer({ ...parts, version, onBug });
    await this.#source.start(this.#ledger.checkpoints());
    this.#desk.start();
    await this.#catalogue.follow(this.#config);
    this.#findings.run(this.#findingSources());
    this.#keeper.start();
    for (const one of this.#publishers) one.start();
    this.#reports.start();
    this.#earlyLooks = setInterval(() => this.#lookEarly(), earlyLookSeconds * 1000);
  }

  /** Nobody who is to be woken waits for the end of a minute. */
  #lookEarly(): void {
    if (this.#board.lookEarly(this.#source.openMinute())) this.#desk.look();
  }

  /** Everything that looks for trouble under the configuration in force. */
  #findingSources(): readonly FindingSource[] {
    return [...this.#controlPlanes.collectorsFor(this.#config), this.#reports.findings, ...this.#catalogue.sources];
  }

  async #collect(until: EpochSeconds): Promise<readonly SlotBatch[]> {
    const batches = await this.#source.collect(until);
    for (const batch of batches) this.#slosOf.set(batch, this.#slos.all());
    return batches;
  }

  #commit(batch: SlotBatch): void {
    const { clock } = this.#parts;
    const began = clock.monotonic();
    try {
      // A slot that had to wait may hold SLOs that a reload has removed since.
      const removed = (this.#slosOf.get(batch) ?? []).filter((slo) => !this.#slos.has(sloId(slo)));
      this.#ledger.declare([...this.#slos.all(), ...removed], batch.slotStart);
      const { isCounted, lostSeconds } = this.#ledger.commit(batch);
      if (!isCounted)
        this.#parts.onNotice('an imported hour stands where this minute was to be written; its events are left out');
      if (lostSeconds > 0)
        this.#parts.onNotice(`${lostSeconds} s of imported history gave way to what is observed now`);
      this.#metrics.commitEnded('ok', clock.monotonic() - began);
    } catch (error) {
      if (error instanceof Failure) this.#metrics.commitEnded(error.code, clock.monotonic() - began);
      throw error;
    }
    this.#board.committed(batch);
    this.#catalogue.committed(batch);
  }

  #kept(kept: KeptSlot): void {
    const unreadable = this.#show(kept);
    const failure = kept.failure ?? unreadable;
    if (failure?.message !== this.#lastFailure) {
      const waiting = kept.waiting > 0 ? `; ${kept.waiting} slots wait in memory` : '';
      this.#parts.onNotice(failure ? `${failure.message}${waiting}` : 'slots are written and read again');
    }
    this.#lastFailure = failure?.message;
    if (!unreadable) this.#desk.look();
    // Whoever hears of the slot asks for its alerts, too.
    if (kept.lastSlot !== undefined) this.#server?.slotCounted();
    const { discoveries, targets } = this.#source;
    noticeInputs({ discoveries, targets, refusedServices: this.#slos.refusedServices }, this.#notices);
  }

  /** A ledger that cannot be read any more keeps nobody from counting. */
  #show(kept: KeptSlot): Failure | undefined {
    try {
      this.#board.kept(kept);
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  /** An SLO that a changed configuration has left behind is judged as usual. */
  #policyOf({ alerts }: Slo): AlertPolicy {
    const { policies } = this.#config;
    return policies.get(alerts.policy) ?? policies.get(usualAlerts.policy)!;
  }

  #meshOf(job: string): string {
    return this.#config.scrape.jobs.find(({ name }) => name === job)?.pack.name ?? '';
  }
}

function scrapeJobs({ scrape, clusterAliases }: Config): readonly ScrapeJob[] {
  return scrape.jobs.map((job) => scrapeJob(job, clusterAliases));
}

function alertDeskSettings({ cluster, alerting, links }: Config): AlertDeskSettings {
  return { cluster, links, alertmanagers: alerting.alertmanagers };
}
