import type { AlertDesk } from '../alerting/alert-desk.js';
import { SloJudge } from '../alerting/slo-judge.js';
import type { Config } from '../config/config.js';
import type { AlertPolicy } from '../domain/alert-policy.js';
import { type Slo, usualAlerts } from '../domain/slo.js';
import type { FindingDesk } from '../findings/finding-desk.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Publisher } from '../publish/publisher.js';
import type { ScrapeSource } from '../scrape/scrape-source.js';
import { createOwnMetrics, type OwnMetrics } from '../server/own-metrics.js';
import { createAlertDesk } from './alerting.js';
import { ServiceCatalogue } from './catalog.js';
import { controlPlanesOf } from './control-plane-parts.js';
import type { ControlPlanes } from './control-planes.js';
import { CountedSlots } from './counted-slots.js';
import type { CurrentSlos } from './current-slos.js';
import { createFindingDesk } from './findings.js';
import { MinuteNews } from './minute-news.js';
import { Notices } from './notices.js';
import { createPublishers } from './publishing.js';
import { createReports, type WeeklyReports } from './reports.js';
import { createScrapeSource } from './scraping.js';
import type { Present, ServiceParts } from './service-parts.js';
import { SlotKeeper } from './slot-keeper.js';
import { StatusBoard } from './status-board.js';
import { targetOwner } from './target-owner.js';

/** Every part of a service. */
export interface Assembly {
  readonly notices: Notices;
  readonly source: ScrapeSource;
  readonly judge: SloJudge;
  readonly board: StatusBoard;
  readonly metrics: OwnMetrics;
  readonly desk: AlertDesk;
  readonly findings: FindingDesk;
  readonly catalogue: ServiceCatalogue;
  readonly controlPlanes: ControlPlanes;
  readonly publishers: readonly Publisher[];
  readonly reports: WeeklyReports;
  readonly keeper: SlotKeeper;
}

/** What is there before any part is. */
export interface Ground extends Pick<ServiceParts, 'clock' | 'version' | 'onNotice' | 'onBug'> {
  readonly slos: CurrentSlos;
  readonly ledger: Ledger;
  readonly present: Present;
}

/** Puts the parts together, in the order in which they hear of an event; none has begun. */
export function assemble({ clock, version, onNotice, onBug, slos, ledger, present }: Ground): Assembly {
  const config = (): Config => present.config;
  const notices = new Notices(onNotice);
  const source = createScrapeSource({
    config: config(),
    slos,
    ownerOf: targetOwner(() => catalogue.catalog),
    clock,
    metrics: () => metrics,
  });
  const judge = new SloJudge((slo) => policyOf(config(), slo));
  const board = new StatusBoard({
    ledger,
    slos,
    source,
    meshOf: (job) => meshOf(config(), job),
    judge,
    alerting: () => desk.state,
    clock,
  });
  const metrics = createOwnMetrics(board, clock, version);
  const desk = createAlertDesk({
    ledger,
    board,
    source,
    metrics,
    clock,
    present,
    notices,
    findings: () => findings,
    onBug,
  });
  const findings = createFindingDesk({
    ledger,
    clock,
    metrics,
    notices,
    onChanged: () => present.server?.findingsChanged(),
    onBug,
  });
  const catalogue = new ServiceCatalogue({
    clock,
    slos,
    statuses: () => board.statuses(),
    traffic: () => board.traffic(),
    knownUntil: () => board.knownUntil,
    targets: () => source.targets,
    known: () => findings.ongoing(),
    metrics,
    config,
    onBug,
  });
  const { catalog } = catalogue;
  const controlPlanes = controlPlanesOf({ slos, catalog, config, metrics, clock });
  const publishers = createPublishers({ config, slos, ledger, clock, metrics, notices, onNotice, onBug });
  const reports = createReports({
    ledger,
    slos,
    findings,
    catalog,
    config,
    clock,
    metrics,
    notices,
    environment: process.env,
    onBug,
  });
  const slots = new CountedSlots({
    source,
    slos,
    ledger,
    metrics,
    clock,
    onNotice,
    onCommitted: (batch) => {
      board.committed(batch);
      catalogue.committed(batch);
    },
  });
  const news = new MinuteNews({ board, desk, source, slos, present, notices, onNotice });
  const keeper = new SlotKeeper({
    source: slots,
    commit: (batch) => slots.commit(batch),
    clock,
    isKept: (slotStart) => ledger.hasObservedSlot(slotStart),
    onKept: (kept) => news.tell(kept),
  });
  return {
    notices,
    source,
    judge,
    board,
    metrics,
    desk,
    findings,
    catalogue,
    controlPlanes,
    publishers,
    reports,
    keeper,
  };
}

/** An SLO that a changed configuration has left behind is judged as usual. */
function policyOf({ policies }: Config, { alerts }: Slo): AlertPolicy {
  return policies.get(alerts.policy) ?? policies.get(usualAlerts.policy)!;
}

function meshOf({ scrape }: Config, job: string): string {
  return scrape.jobs.find(({ name }) => name === job)?.pack.name ?? '';
}
