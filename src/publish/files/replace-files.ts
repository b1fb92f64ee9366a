import { chmodSync, chownSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../../documents/make-folder.js';

/** Who may read new files that hold secrets: permissions by name. */
export type FileModes = ReadonlyMap<string, number>;

/**
 * Files of a folder with their texts, each looked at once and then let go: thousands need not be there at the same time.
 */
export type NewFiles = Iterable<readonly [name: string, text: string]>;

/**
 * Replaces files once all of them are written beside: a disk that fills up meanwhile leaves those that were there. A file that
 * was there keeps its permissions and, as far as this process may give a file away, its owner and group.
 *
 * @param modes permissions of files that are not there yet
 * @param whenWritten called when all are written, and none is replaced yet
 */
export function replaceFiles(
  folder: string,
  files: NewFiles,
  modes: FileModes = new Map(),
  whenWritten: () => void = () => undefined,
): void {
  const unfinished = (name: string): string => join(folder, dirname(name), `.${basename(name)}.unfinished`);
  const names: string[] = [];
  try {
    for (const [name, text] of files) {
      names.push(name);
      makeFolder(dirname(join(folder, name)));
      const before = statSync(join(folder, name), { throwIfNoEntry: false });
      writePrivately(unfinished(name), text, before?.mode ?? modes.get(name), before);
    }
    whenWritten();
  } catch (error) {
    for (const name of names) removeQuietly(unfinished(name));
    throw error;
  }
  for (const name of names) renameSync(unfinished(name), join(folder, name));
}

/** Nobody else ever reads what is only for some; as the process usually writes where nothing is said. */
function writePrivately(path: string, text: string, mode: number | undefined, owner: Owner | undefined): void {
  if (mode === undefined) {
    writeFileSync(path, text);
    return;
  }
  // One that a killed run has left keeps its own permissions.
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode: 0o600 });
  if (owner) giveTo(path, owner);
  chmodSync(path, mode & 0o777);
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Only the superuser gives files to others; to a group of its own, everybody. */
function giveTo(path: string, { uid, gid }: Owner): void {
  const own = statSync(path);
  if (own.gid !== gid) tryQuietly(() => chownSync(path, own.uid, gid));
  if (own.uid !== uid) tryQuietly(() => chownSync(path, uid, statSync(path).gid));
}

/** Removes a file of a folder, and the folders in between that have nothing in them any more. */
export function removeFile(folder: string, name: string): void {
  rmSync(join(folder, name), { force: true });
  for (let parent = dirname(name); parent !== '.'; parent = dirname(parent)) {
    try {
      rmdirSync(join(folder, parent));
    } catch {
      // Something else is in it.
      return;
    }
  }
}

/** What cannot be removed either is no news beside why it could not be written. */
function removeQuietly(path: string): void {
  tryQuietly(() => rmSync(path, { force: true }));
}

function tryQuietly(work: () => void): void {
  try {
    work();
  } catch {
    return;
  }
}
