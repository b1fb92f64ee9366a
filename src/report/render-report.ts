import { visible, visibleJson } from '../documents/visible.js';
import { breathe } from './breathe.js';
import { png } from './charts/png.js';
import type { Picture, ReportDocument } from './document/report-document.js';
import { hasMoreThanShown, weekDocument } from './document/week-document.js';
import { sloCsv } from './render/csv.js';
import { fittingMail } from './render/fitting-mail.js';
import { mailHtml } from './render/mail-html.js';
import { markdown } from './render/markdown.js';
import { plainText } from './render/plain-text.js';
import type { WeekReport } from './week-report.js';

/** The formats that a report is rendered in. */
export const reportFormats = ['html', 'text', 'md', 'json'] as const;

export type ReportFormat = (typeof reportFormats)[number];

/** A report as people or programs get it. */
export interface RenderedReport {
  /** One line for the subject of a mail and for titles; free of line ends and of what turns text round. */
  readonly subject: string;
  readonly body: string;
  /** What `cid:` addresses in the HTML name; empty in other formats. */
  readonly images: readonly ReportImage[];
  /** What is left out of the body because there is too much of it. */
  readonly attachments: readonly ReportAttachment[];
}

export interface ReportImage {
  /** As the body names it after `cid:`; the same image has the same name. */
  readonly cid: string;
  readonly fileName: string;
  readonly png: Buffer;
  /** Says what the picture says. */
  readonly alt: string;
}

export interface ReportAttachment {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** The report in one format; the same report gives the same bytes. */
export async function renderReport(report: WeekReport, format: ReportFormat): Promise<RenderedReport> {
  const document = weekDocument(report);
  await breathe();
  const images = format === 'html' ? await Promise.all(pictures(document).map(drawn)) : [];
  const text = body(report, document, format, images);
  await breathe();
  return {
    subject: visible(document.subject),
    body: text,
    images,
    attachments: format !== 'json' && hasMoreThanShown(report) ? [csvOf(report)] : [],
  };
}

function body(
  report: WeekReport,
  document: ReportDocument,
  format: ReportFormat,
  images: readonly ReportImage[],
): string {
  switch (format) {
    case 'html': {
      const heights = new Map(images.map(({ cid, png: bytes }) => [cid, shownHeight(bytes)]));
      return fittingMail(document, (one) => mailHtml(one, heights));
    }
    case 'text':
      return plainText(document);
    case 'md':
      return markdown(document);
    case 'json':
      return `${visibleJson(report)}\n`;
  }
}

function pictures({ sections }: ReportDocument): readonly Picture[] {
  return sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'picture' ? [block.picture] : [])));
}

async function drawn({ name, alt, svg }: Picture): Promise<ReportImage> {
  return { cid: name, fileName: `${name}.png`, png: await png(svg()), alt };
}

/** Of a PNG that is drawn twice as fine as it is shown. */
function shownHeight(bytes: Buffer): number {
  return bytes.readUInt32BE(20) / 2;
}

function csvOf({ period, slos }: WeekReport): ReportAttachment {
  return {
    fileName: `slos-${period.week}.csv`,
    contentType: 'text/csv; charset=utf-8',
    content: Buffer.from(sloCsv(slos)),
  };
}
