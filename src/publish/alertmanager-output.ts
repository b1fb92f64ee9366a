import { readFileSync, statSync } from 'node:fs';
import type { Config } from '../config/config.js';
import { largestDocumentBytes } from '../documents/yaml-document.js';
import { Failure } from '../domain/failure.js';
import { systemReason } from '../domain/system-reason.js';
import { alertmanagerFile } from '../generate/alertmanager/alertmanager-file.js';
import type { MergedFile } from '../generate/alertmanager/merged-file.js';

/**
 * The text of `alertmanager.yaml`, or why the user's own configuration cannot take it in; undefined where nobody asked for one.
 *
 * @throws Failure `file-unreadable` for the file that it is to be merged into
 */
export function alertmanagerOutput({ notifications }: Config): MergedFile | undefined {
  if (notifications === undefined) return undefined;
  const { mergeInto } = notifications;
  return alertmanagerFile(notifications, mergeInto === undefined ? undefined : usersFile(mergeInto));
}

function usersFile(file: string): { readonly file: string; readonly content: string } {
  const hint =
    'notifications.merge_into names your own Alertmanager configuration; leave it away for one that is ours alone';
  try {
    if (statSync(file).size > largestDocumentBytes) throw new Error('it is too large');
    return { file, content: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new Failure('file-unreadable', `cannot read ${file}: ${systemReason(cause)}`, { hint });
  }
}
