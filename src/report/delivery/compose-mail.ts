import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { MailAddress } from '../../config/reports.js';
import { visible } from '../../documents/visible.js';
import type { EpochSeconds } from '../../domain/clock.js';
import type { MailFile, ReportMail } from './report-mail.js';

/** What is written on the outside of a mail. */
export interface MailEnvelope {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly from: MailAddress;
  readonly replyTo: MailAddress | undefined;
  readonly to: MailAddress;
  readonly date: EpochSeconds;
}

/**
 * The bytes of a mail (RFC 5322): text and HTML as alternatives, images inline, files attached.
 *
 * The same mail in the same envelope is the same bytes, so that a second copy is one.
 */
export async function composeMail(mail: ReportMail, envelope: MailEnvelope): Promise<Buffer> {
  const { messageId, from, replyTo, to, date } = envelope;
  const composer = new MailComposer({
    messageId,
    from: headerAddress(from),
    ...(replyTo && { replyTo: headerAddress(replyTo) }),
    to: headerAddress(to),
    date: new Date(date * 1000),
    subject: visible(mail.subject),
    text: mailLines(mail.text),
    html: mailLines(mail.html),
    attachments: [
      ...mail.images.map((image) => ({ ...attachment(image), cid: image.cid, contentDisposition: 'inline' as const })),
      ...mail.attachments.map(attachment),
    ],
    headers: {
      // RFC 3834: nobody's holiday is to be told to a machine.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
    baseBoundary: createHash('sha256').update(messageId).digest('hex').slice(0, 24),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** RFC 5322, 2.3: a line ends by both characters, and neither stands alone. */
function mailLines(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}

function headerAddress({ name, address }: MailAddress) {
  return { name: name === undefined ? '' : visible(name), address };
}

function attachment({ fileName, contentType, base64 }: MailFile) {
  return { filename: fileName, contentType, content: Buffer.from(base64, 'base64') };
}
