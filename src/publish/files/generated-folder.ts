import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../documents/make-folder.js';
import { Failure } from '../../domain/failure.js';
import { systemReason } from '../../domain/system-reason.js';
import { digestOf } from '../desired-object.js';
import { type GeneratedList, type ListedFile, listName, listText, readList } from './generated-list.js';
import { type DesiredFile, fileModes } from './file-objects.js';
import { type NewFiles, removeFile, replaceFiles } from './replace-files.js';

/** What a run did to a folder: names of files. */
export interface FolderChanges {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Makes a folder hold these files: each appears whole or not at all, those of an earlier run that are no longer wanted go,
 * and whatever else is there stays.
 *
 * @throws Failure `bad-arguments` where a file of somebody else has one of the names, or nothing can be written
 */
export function writeGenerated(folder: string, files: readonly DesiredFile[]): FolderChanges {
  try {
    makeFolder(resolve(folder));
    const list = readList(folder);
    const names = new Set(files.map(({ identity }) => identity));
    const foreign = [...names].filter((name) => !list.files.has(name) && existsSync(join(folder, name)));
    if (foreign.length > 0) {
      throw new Failure('bad-arguments', `${folder} has files that meshslo did not make: ${foreign.join(', ')}`, {
        hint: 'name a folder of its own with --out',
      });
    }
    const removed = [...list.files.keys()].filter((name) => !names.has(name) && existsSync(join(folder, name)));
    const listed = new Map<string, ListedFile>();
    const written: string[] = [];
    const unchanged: string[] = [];
    const different = function* (): NewFiles {
      for (const { identity: name, content } of files) {
        const text = content();
        listed.set(name, fresh(text));
        const isThere = textOf(join(folder, name)) === text;
        (isThere ? unchanged : written).push(name);
        if (!isThere) yield [name, text];
      }
    };
    // First all that may become ours, then all that is: a run that is killed in between, or beside another one, forgets nothing.
    replaceFiles(folder, different(), fileModes(files), () => {
      const known = [...list.files, ...readList(folder).files, ...listed];
      writeList(folder, { ...list, files: new Map([...known, ...written.map(unsure)]) });
    });
    for (const name of removed) removeFile(folder, name);
    const ofOtherRuns = [...readList(folder).files].filter(([name]) => !list.files.has(name));
    writeList(folder, { ...list, files: new Map([...ofOtherRuns, ...listed]) });
    return { written, unchanged, removed };
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('bad-arguments', `${folder} cannot be written: ${systemReason(cause)}`, { cause });
  }
}

/** Puts the list into its folder, where it is another one. */
export function writeList(folder: string, list: GeneratedList): void {
  const text = listText(list);
  if (textOf(join(folder, listName)) !== text) replaceFiles(folder, [[listName, text]]);
}

/** The entry of a file that is about to be written: whatever a killed run leaves there is ours. */
export function unsure(name: string): readonly [string, ListedFile] {
  return [name, { digest: undefined, retiredSince: undefined }];
}

function fresh(text: string): ListedFile {
  return { digest: digestOf(text), retiredSince: undefined };
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
