import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { mailboxKey } from '../../config/mail-address.js';
import type { MailSettings, ReportDestination } from '../../config/reports.js';
import type { LetterWay, NewLetter } from '../../ledger/letter-store.js';
import { webhookName } from './destinations.js';

/** The letters of a report: one for each mailbox, channel and webhook of where it goes. */
export function lettersOf(
  report: string,
  { addresses, slack, webhooks }: ReportDestination,
  mail: MailSettings | undefined,
): readonly NewLetter[] {
  const domain = mail === undefined ? 'meshslo.invalid' : domainOf(mail.from.address);
  const recipients: readonly (readonly [LetterWay, string])[] = [
    ...(mail === undefined ? [] : addresses.map(({ address }) => ['mail', address] as const)),
    ...slack.map(({ urlFile }) => ['slack', urlFile] as const),
    ...webhooks.map((webhook) => ['webhook', webhookName(webhook)] as const),
  ];
  return recipients.map(([way, recipient]) => ({
    messageId: messageId(report, way, recipient, domain),
    way,
    recipient,
  }));
}

/** The same for the same report and recipient, whoever asks and however often. */
function messageId(report: string, way: LetterWay, recipient: string, domain: string): string {
  const key = way === 'mail' ? mailboxKey({ address: recipient }) : recipient;
  const hash = createHash('sha256')
    .update(JSON.stringify([report, way, key]))
    .digest('hex');
  return `<meshslo.${hash.slice(0, 32)}@${domain}>`;
}

function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1)) || 'meshslo.invalid';
}
