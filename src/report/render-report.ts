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

/** The report in one format. */
export function renderReport(report: WeekReport, format: ReportFormat): Promise<RenderedReport> {
  if (format !== 'json') throw new RangeError(`${format} is not rendered yet`);
  return Promise.resolve({
    subject: report.headline,
    body: `${JSON.stringify(report, undefined, 2)}\n`,
    images: [],
    attachments: [],
  });
}
