import { existsSync } from 'node:fs';
import type { Config } from '../config/config.js';
import { visible } from '../documents/visible.js';
import type { EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { type IsoWeek, isoWeekName } from '../domain/iso-week.js';
import type { ArchivedScope } from '../domain/report-id.js';
import type { Letter } from '../ledger/letter-store.js';
import { Ledger } from '../ledger/ledger.js';
import { Courier } from '../report/delivery/courier.js';
import { Doors } from '../report/delivery/doors.js';
import { ReportDesk, type SentReport } from '../report/delivery/report-desk.js';
import { mailOf } from '../report/delivery/report-mail.js';
import { findingsOfLedger } from '../report/findings-of-ledger.js';
import { isLookedAt } from '../report/looked-at.js';
import { readWeek } from '../report/week-book.js';
import type { SentReportList } from '../server/api-types/report.js';
import { slosKnownTo } from '../service/know-again.js';
import { askService } from './ask-service.js';
import type { Terminal } from './terminal.js';

/** What is to be sent, and how a running service is asked. */
export interface SendOrder {
  readonly week: IsoWeek;
  /** Undefined: the organisation's and every team's. */
  readonly scope: ArchivedScope | undefined;
  readonly tokenFile: string | undefined;
  readonly now: EpochSeconds;
}

/** A service reads a week of thousands of SLOs before it answers. */
const patienceMilliseconds = 120_000;

/**
 * Sends reports: through the service that runs, which has the ledger, else by itself.
 *
 * @returns 0 where everybody has it or will have it from the service, 1 where somebody was not reached
 * @throws Failure of {@link ReportDesk.send}, of the ledger, and of asking the service
 */
export async function sendReport(config: Config, order: SendOrder, terminal: Terminal): Promise<0 | 1> {
  if (!existsSync(config.ledgerPath)) throw new Failure('not-found', `there is no ledger ${config.ledgerPath}`);
  let ledger: Ledger;
  try {
    ledger = Ledger.open(config.ledgerPath);
  } catch (error) {
    if (error instanceof Failure && error.code === 'ledger-locked') return sendThroughService(config, order, terminal);
    throw error;
  }
  try {
    return await sendAlone(ledger, config, order, terminal);
  } finally {
    ledger.close();
  }
}

async function sendThroughService({ listen }: Config, order: SendOrder, terminal: Terminal): Promise<0> {
  const { week, scope, tokenFile } = order;
  const host = listen.address.includes(':') && !listen.address.startsWith('[') ? `[${listen.address}]` : listen.address;
  const address = { url: `http://${host}:${listen.port}`, ...(tokenFile !== undefined && { tokenFile }) };
  const team = scope?.kind === 'team' ? { team: scope.owner } : {};
  const body = JSON.stringify({ week: isoWeekName(week), ...team });
  const { reports } = await askService(
    address,
    async (ask) => JSON.parse((await ask('api/v1/reports', body)).text) as SentReportList,
    patienceMilliseconds,
  );
  terminal.write(`${reports.map(sentLine).join('\n')}\nThe running service hands them over.\n`);
  return 0;
}

async function sendAlone(ledger: Ledger, config: Config, order: SendOrder, terminal: Terminal): Promise<0 | 1> {
  const { week, scope, now } = order;
  const { reports: store } = ledger;
  const slos = slosKnownTo(ledger, config, now);
  const page = config.links.page;
  const findings = isLookedAt(config) ? findingsOfLedger(ledger) : undefined;
  const source = { ledger, slos: slos.all(), findings, catalog: undefined };
  const began = performance.now();
  const clock = { now: () => now + (performance.now() - began) / 1000 };
  const settings = () => config.reports;
  const doors = new Doors({ store, settings, page: () => page, environment: process.env });
  let failure: Failure | undefined;
  const courier = new Courier({
    store,
    doors: (way) => doors.door(way),
    clock,
    chance: Math.random,
    onAttempt: () => undefined,
    onFailure: (met) => (failure = met),
  });
  const desk = new ReportDesk({
    store,
    courier: { wake: () => undefined },
    settings,
    readWeek: (asked, timeZone) => readWeek({ ...source, corrections: undefined, page, now }, asked, timeZone),
    mailOf,
    knownSince: () => ledger.extent()?.from,
    clock,
    onFailure: () => undefined,
    onArchived: () => undefined,
    onBug: (error) => {
      throw error;
    },
  });
  const sent = await desk.send(week, scope);
  terminal.write(`${sent.map(sentLine).join('\n')}\n`);
  // What cannot be written stops it: nothing is sent that could not be noted.
  while (!failure && store.letters.due(clock.now(), 1).length > 0) await courier.work();
  doors.close();
  if (failure) throw failure;
  const missed = sent.flatMap(({ id }) => store.letters.of(id)).filter(({ state }) => state !== 'sent');
  for (const letter of missed) terminal.write(`${missedLine(letter)}\n`);
  const queued = sent.reduce((sum, one) => sum + one.queued, 0);
  if (queued > 0 && missed.length === 0) terminal.write('All of them have it.\n');
  return missed.length > 0 ? 1 : 0;
}

const meanings: Readonly<Record<SentReport['is'], string>> = {
  new: 'archived',
  revised: 'archived as a revision: its figures have changed since it was given',
  known: 'given before, and nothing has changed since',
};

function sentLine({ id, is, queued }: SentReport): string {
  const recipients = queued === 1 ? '1 recipient' : `${queued} recipients`;
  const nobody = is === 'known' ? 'nobody waits for it' : 'nobody is named for it';
  return `${id}: ${meanings[is]}; ${queued === 0 ? nobody : `for ${recipients}`}`;
}

function missedLine({ report, recipient, state, reason = '' }: Letter): string {
  const what = state === 'refused' ? 'is refused' : 'waits for meshslo serve, or for another --send';
  return visible(`${report} to ${recipient} ${what}: ${reason}`);
}
