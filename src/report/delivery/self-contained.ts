import type { ReportMail } from './report-mail.js';

/** The HTML of a mail as a file of its own: its images stand inside. */
export function selfContained({ html, images }: Pick<ReportMail, 'html' | 'images'>): string {
  const data = new Map(images.map(({ cid, contentType, base64 }) => [cid, `data:${contentType};base64,${base64}`]));
  return html.replace(/(?<=\ssrc=")cid:([^"]+)(?=")/g, (address, cid: string) => data.get(cid) ?? address);
}
