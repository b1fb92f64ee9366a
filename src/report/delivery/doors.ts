import { isDeepStrictEqual } from 'node:util';
import { mailboxKey } from '../../config/mail-address.js';
import type { MailAddress, MailSettings, ReportDestination, ReportSettings } from '../../config/reports.js';
import { failureOf } from '../../domain/failure.js';
import { parseReportId } from '../../domain/report-id.js';
import type { Letter, LetterWay } from '../../ledger/letter-store.js';
import type { ReportStore } from '../../ledger/report-store.js';
import type { WeekReport } from '../week-report.js';
import { composeMail } from './compose-mail.js';
import type { LetterDoor } from './courier.js';
import type { DeliveryOutcome } from './delivery-outcome.js';
import { destinationOf, isStillFor, webhookName } from './destinations.js';
import { FolderTransport } from './folder-transport.js';
import type { ReportMail } from './report-mail.js';
import { slackMessage } from './slack-message.js';
import { SmtpTransport } from './smtp-transport.js';
import { postOnce } from './web-door.js';

interface DoorParts {
  readonly store: ReportStore;
  readonly settings: () => ReportSettings | undefined;
  /** Base address of the page, without a slash at its end. */
  readonly page: () => string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

/** Posts go out a few at a time, each to somebody else. */
const postsAtOnce = 4;

/** An incoming webhook of Slack answers fast, or not at all. */
const slackTimeoutSeconds = 10;

/** The ways to recipients, as the configuration has them at the time. */
export class Doors {
  readonly #parts: DoorParts;
  #smtp: { readonly settings: MailSettings['transport']; readonly transport: SmtpTransport } | undefined;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  door(way: LetterWay): LetterDoor {
    const transport = this.#parts.settings()?.mail?.transport;
    const mailsAtOnce = transport?.kind === 'smtp' ? transport.connections : 1;
    return {
      concurrency: way === 'mail' ? mailsAtOnce : postsAtOnce,
      deliver: (letter) => damagedIsRefused(this.#deliver(letter)),
    };
  }

  /** Ends every connection to the mail server at once; what is on its way fails. */
  close(): void {
    this.#smtp?.transport.abort();
    this.#smtp = undefined;
  }

  /** By the configuration of now: whoever was taken out of it since is not sent what was queued before. */
  async #deliver(letter: Letter): Promise<DeliveryOutcome> {
    const reports = this.#parts.settings();
    if (!reports) return absent('the configuration says nothing of reports any more');
    if (!isStillFor(reports, letter)) return { kind: 'refused', reason: 'the configuration names them no longer' };
    switch (letter.way) {
      case 'mail':
        return this.#mail(letter, reports);
      case 'slack':
        return this.#slack(letter);
      case 'webhook':
        return this.#webhook(letter, reports);
    }
  }

  async #mail(letter: Letter, reports: ReportSettings): Promise<DeliveryOutcome> {
    const { store } = this.#parts;
    if (!reports.mail) return absent('the configuration names no way to send mail any more');
    const text = store.mail(letter.report);
    if (text === undefined) return { kind: 'refused', reason: 'its text is gone' };
    const mail = JSON.parse(text) as ReportMail;
    const { from, replyTo, transport } = reports.mail;
    const date = store.get(letter.report)!.madeAt;
    const to = knownAddress(reports, letter.recipient);
    const { messageId } = letter;
    const bytes = await composeMail(mail, { messageId, from, replyTo, to, date });
    const outgoing = { messageId, from: from.address, to: to.address, bytes };
    if (transport.kind === 'smtp') return this.#smtpTransport(transport).send(outgoing);
    return new FolderTransport(transport.folder).send(outgoing, { id: letter.report, mail });
  }

  #smtpTransport(settings: Extract<MailSettings['transport'], { kind: 'smtp' }>): SmtpTransport {
    if (!this.#smtp || !isDeepStrictEqual(this.#smtp.settings, settings)) {
      this.#smtp?.transport.close();
      this.#smtp = { settings, transport: new SmtpTransport(settings, this.#parts.environment) };
    }
    return this.#smtp.transport;
  }

  async #slack({ report, recipient }: Letter): Promise<DeliveryOutcome> {
    const place = { url: { kind: 'file' as const, file: recipient }, timeoutSeconds: slackTimeoutSeconds, access: {} };
    const { subject } = this.#parts.store.get(report)!;
    const parts = { report: this.#model(report), subject, address: this.#address(report) };
    return postOnce(place, JSON.stringify(slackMessage(parts)));
  }

  async #webhook({ report, recipient, messageId }: Letter, reports: ReportSettings): Promise<DeliveryOutcome> {
    const { webhooks } = destinationOf(reports, parseReportId(report)!.scope).destination;
    const webhook = webhooks.find((one) => webhookName(one) === recipient)!;
    const { week, revision, subject } = this.#parts.store.get(report)!;
    const address = this.#address(report) ?? null;
    const body = { id: messageId, reportId: report, week, revision, subject, address, report: this.#model(report) };
    return postOnce(webhook, JSON.stringify(body));
  }

  #model(report: string): WeekReport {
    return JSON.parse(this.#parts.store.model(report)) as WeekReport;
  }

  #address(report: string): string | undefined {
    const page = this.#parts.page();
    return page === undefined ? undefined : `${page}/reports/${encodeURIComponent(report)}`;
  }
}

/** What the ledger does not hold whole any more is not asked for for ever, and keeps no other letter waiting. */
async function damagedIsRefused(delivering: Promise<DeliveryOutcome>): Promise<DeliveryOutcome> {
  try {
    return await delivering;
  } catch (error) {
    const { code, message } = failureOf(error);
    if (code !== 'ledger-damaged') throw error;
    return { kind: 'refused', reason: message };
  }
}

function absent(reason: string): DeliveryOutcome {
  return { kind: 'failed', reason, waitsFor: 'operator', unanswered: false };
}

/** With the name that somebody wrote for it. */
function knownAddress(settings: ReportSettings, address: string): MailAddress {
  const all = destinationsOf(settings).flatMap(({ addresses }) => addresses);
  const known = all.find((one) => mailboxKey(one) === mailboxKey({ address }));
  return { name: known?.name, address };
}

function destinationsOf({ organisation, teams, fallback }: ReportSettings): readonly ReportDestination[] {
  return [organisation, ...teams, fallback];
}
