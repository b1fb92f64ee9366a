import type { Config } from '../config/config.js';
import type { ServiceCatalog } from '../domain/catalog-service.js';
import type { Clock } from '../domain/clock.js';
import type { FindingBook } from '../domain/finding-book.js';
import type { FindingSource } from '../domain/finding-source.js';
import { Failure } from '../domain/failure.js';
import { type IsoWeek, isoWeekAfter, isoWeekName, isoWeekOf } from '../domain/iso-week.js';
import type { Ledger } from '../ledger/ledger.js';
import { Courier } from '../report/delivery/courier.js';
import { Doors } from '../report/delivery/doors.js';
import { ReportDesk } from '../report/delivery/report-desk.js';
import { isLookedAt } from '../report/looked-at.js';
import { reportFindings } from '../report/delivery/report-findings.js';
import { mailOf } from '../report/delivery/report-mail.js';
import { ReportShelf } from '../report/report-shelf.js';
import { readWeek, type WeekBook } from '../report/week-book.js';
import { reportMetrics } from '../server/report-metrics.js';
import type { OwnMetrics } from '../server/own-metrics.js';
import type { CurrentSlos } from './current-slos.js';
import { firstWord } from './first-word.js';
import type { Notices } from './notices.js';

interface ReportParts {
  readonly ledger: Ledger;
  readonly slos: CurrentSlos;
  readonly findings: Pick<FindingBook, 'during' | 'events'>;
  /** Empty while no place tells of services. */
  readonly catalog: Pick<ServiceCatalog, 'services'>;
  /** The configuration in force. */
  readonly config: () => Config;
  readonly clock: Clock;
  readonly metrics: OwnMetrics;
  readonly notices: Notices;
  readonly environment: NodeJS.ProcessEnv;
  readonly onBug: (error: unknown) => void;
}

/** Reports of weeks: made when they are due, delivered, archived, and there to be looked at. */
export interface WeeklyReports {
  readonly desk: ReportDesk;
  readonly shelf: ReportShelf;
  /** Recipients who are not reached. */
  readonly findings: FindingSource;
  start(): void;
  /** Sends the reports of the last whole week, where they were never made. Never fails. */
  sendLastWeek(): Promise<void>;
  /** Another configuration is in force: what waits may go now. */
  reconfigured(): void;
  /** Ends after what is being made and handed over, but waits for no mail server that hangs. */
  stop(): Promise<void>;
}

/** So long a mail server may take to answer while meshslo stops. */
const lastAnswerSeconds = 10;

export function createReports(parts: ReportParts): WeeklyReports {
  const { ledger, slos, findings, config, clock, metrics, notices, environment, onBug } = parts;
  const { reports: store } = ledger;
  const settings = () => config().reports;
  const page = () => config().links.page;
  const owners = () => ownersOf(slos);
  const knownSince = () => ledger.extent()?.from;
  const catalogueTells = firstWord(
    () => !isCatalogued(config()) || parts.catalog.services().length > 0,
    firstWordSeconds,
  );
  const read = async (week: IsoWeek, timeZone: string): Promise<WeekBook> => {
    await catalogueTells();
    const told = parts.catalog.services().length > 0 ? parts.catalog : undefined;
    const found = isLookedAt(config()) ? findings : undefined;
    const source = { ledger, slos: slos.all(), findings: found, catalog: told, corrections: undefined };
    return readWeek({ ...source, page: page(), now: clock.now() }, week, timeZone);
  };
  const metered = reportMetrics(metrics, store, clock);
  let isStopping = false;
  const doors = new Doors({ store, settings, page, environment });
  const courier = new Courier({
    store,
    doors: (way) => doors.door(way),
    clock,
    chance: Math.random,
    onAttempt: ({ way, recipient, report }, outcome) => {
      metered.attempted(way, outcome.kind);
      const trouble =
        outcome.kind === 'sent' ? undefined : `report ${report} did not reach ${recipient}: ${outcome.reason}`;
      const again = outcome.kind === 'failed' ? '; it is tried again' : '';
      notices.report(`report for ${way} ${recipient}`, trouble && trouble + again, `reports reach ${recipient} again`);
    },
    onFailure: (failure) =>
      notices.report(
        'letters',
        failure && `letters cannot be written: ${failure.message}`,
        'letters are written again',
      ),
  });
  const desk = new ReportDesk({
    store,
    courier,
    settings,
    readWeek: read,
    mailOf,
    knownSince,
    clock,
    onFailure: (failure) =>
      notices.report(
        'reports',
        failure && `a report that is due cannot be made: ${failure.message}`,
        'reports are made again',
      ),
    onArchived: () => metered.archived(),
    onBug,
  });
  return {
    desk,
    shelf: new ReportShelf({
      store,
      readWeek: read,
      timeZone: () => settings()?.timeZone ?? 'UTC',
      knownSince,
      owners,
      clock,
    }),
    findings: reportFindings({ store, settings, owners, clock }),
    start: () => {
      courier.start();
      desk.start();
    },
    sendLastWeek: async () => {
      const timeZone = settings()?.timeZone ?? 'UTC';
      const week = isoWeekAfter(isoWeekOf(clock.now(), timeZone), -1);
      if (store.latest(isoWeekName(week), '')) return;
      await desk.send(week).catch((error: unknown) => {
        if (!(error instanceof Failure)) onBug(error);
        // The next start sends it.
        else if (!isStopping)
          notices.report('last week', `the report of the last week is not sent: ${error.message}`, '');
      });
    },
    reconfigured: () => courier.wake(),
    stop: async () => {
      isStopping = true;
      await desk.stop();
      // A server that hangs would keep everything else from ending; what it has not taken waits for the next start.
      const impatience = setTimeout(() => doors.close(), lastAnswerSeconds * 1000);
      await courier.stop();
      clearTimeout(impatience);
      doors.close();
    },
  };
}

/** Whether any place tells of services. */
function isCatalogued({ catalog: { kubernetes, consul, backstage, files } }: Config): boolean {
  return [kubernetes, consul, backstage, files].some(({ length }) => length > 0);
}

/** A report that is made at the start waits so long for what the catalogue tells: it would lack the migration of services. */
const firstWordSeconds = 10;

function ownersOf(slos: Pick<CurrentSlos, 'all'>): readonly string[] {
  const owners = new Set(slos.all().map(({ owner }) => owner));
  return [...owners].filter((owner) => owner !== undefined).sort();
}
