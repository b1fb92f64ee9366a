import { renderReport } from '../render-report.js';
import type { WeekReport } from '../week-report.js';

/** A report as it is mailed: plain values, such that JSON holds it without loss. */
export interface ReportMail {
  /** One line. */
  readonly subject: string;
  readonly html: string;
  /** Says what the HTML says. */
  readonly text: string;
  /** What the HTML shows by `cid:`. */
  readonly images: readonly MailFile[];
  readonly attachments: readonly MailFile[];
}

export interface MailFile {
  readonly fileName: string;
  readonly contentType: string;
  /** As the HTML names it; undefined for what is only attached. */
  readonly cid?: string;
  readonly base64: string;
}

/** Renders what is mailed of a report: HTML with its images, the same as text, and what is too long for either. */
export async function mailOf(report: WeekReport): Promise<ReportMail> {
  const { subject, body: html, images, attachments } = await renderReport(report, 'html');
  const { body: text } = await renderReport(report, 'text');
  return {
    subject,
    html,
    text,
    images: images.map(({ cid, fileName, png }) => ({
      fileName,
      contentType: 'image/png',
      cid,
      base64: png.toString('base64'),
    })),
    attachments: attachments.map(({ fileName, contentType, content }) => ({
      fileName,
      contentType,
      base64: content.toString('base64'),
    })),
  };
}
