import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../documents/make-folder.js';
import { systemReason } from '../../domain/system-reason.js';
import type { DeliveryOutcome } from './delivery-outcome.js';
import type { ReportMail } from './report-mail.js';
import { standaloneHtml } from '../render/standalone-html.js';
import type { OutgoingMail } from './smtp-transport.js';

/**
 * "Sends" mails into a folder: `<report> to <recipient>.eml` for a mail program, and `<report>.html` for a browser.
 *
 * The same mail has the same names, so that a second copy takes the place of the first.
 */
export class FolderTransport {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Tries once; never fails. */
  async send(
    { to, bytes }: OutgoingMail,
    report: { readonly id: string; readonly mail: ReportMail },
  ): Promise<DeliveryOutcome> {
    const { id, mail } = report;
    try {
      makeFolder(this.#folder);
      await this.#write(`${fileName(id)}.html`, standalone(mail));
      await this.#write(`${fileName(id)} to ${fileName(to)}.eml`, bytes);
      return { kind: 'sent' };
    } catch (cause) {
      const reason = `${this.#folder} cannot be written: ${systemReason(cause)}`;
      return { kind: 'failed', reason, waitsFor: 'operator', unanswered: false };
    }
  }

  /** Nobody who looks meanwhile finds half a file. */
  async #write(name: string, content: string | Buffer): Promise<void> {
    const path = join(this.#folder, name);
    await writeFile(`${path}.new`, content);
    await rename(`${path}.new`, path);
  }
}

function standalone({ html, images }: ReportMail): string {
  const pictures = images.map(({ cid = '', base64 }) => ({ cid, png: Buffer.from(base64, 'base64') }));
  return standaloneHtml({ body: html, images: pictures });
}

/** Without what separates folders or hides files, on any system; texts that would become the same name are told apart. */
export function fileName(text: string): string {
  const name = text
    .replace(/[^\p{L}\p{N}@._+~-]/gu, '_')
    .replace(/^\.+/, '_')
    .slice(0, 100);
  return name === text ? name : `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 6)}`;
}
