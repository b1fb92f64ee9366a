import { statSync } from 'node:fs';
import type { FileContent } from '../../config/publishing.js';
import { ruleFileName, ruleYaml } from '../../generate/rules/rule-yaml.js';
import { desiredObject, type DesiredObject } from '../desired-object.js';
import type { Documents } from '../documents.js';
import type { FileModes } from './replace-files.js';

export const alertmanagerName = 'alertmanager.yaml';

/** A file as it is written. */
export interface DesiredFile extends DesiredObject {
  /** Its permissions where there is none yet; undefined for the usual ones. */
  readonly mode?: number | undefined;
}

/** Permissions of those that have some of their own. */
export function fileModes(files: readonly DesiredFile[]): FileModes {
  return new Map(files.flatMap(({ identity, mode }) => (mode === undefined ? [] : [[identity, mode] as const])));
}

/** Documents as files of a folder. */
export function fileObjects(documents: Documents, contents: readonly FileContent[]): readonly DesiredFile[] {
  const { rules, tests, alertmanager, notifications, dashboards } = documents;
  // What ours is merged into may hold secrets itself: whoever may read these may read it merged.
  const mode = notifications?.mergeInto === undefined ? undefined : modeOf(notifications.mergeInto);
  const made: Readonly<Record<FileContent, () => readonly DesiredFile[]>> = {
    rules: () => rules.map((file) => desiredObject('file', ruleFileName(file), () => ruleYaml(file))),
    tests: () => [...tests()].map(([name, text]) => desiredObject('file', name, () => text)),
    alertmanager: () =>
      alertmanager === undefined ? [] : [{ ...desiredObject('file', alertmanagerName, () => alertmanager), mode }],
    dashboards: () => dashboards.map((one) => desiredObject('file', `dashboards/${one.uid}.json`, () => one.json)),
  };
  return [...new Set(contents)].flatMap((content) => made[content]());
}

function modeOf(file: string): number | undefined {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  return mode === undefined ? undefined : mode & 0o777;
}
