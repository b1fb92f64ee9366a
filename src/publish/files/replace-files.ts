import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Replaces files once all of them are written beside: a disk that fills up meanwhile leaves those that were there. */
export function replaceFiles(folder: string, files: ReadonlyMap<string, string>): void {
  const unfinished = (name: string): string => join(folder, dirname(name), `.${basename(name)}.unfinished`);
  try {
    for (const [name, text] of files) {
      makeFolder(dirname(join(folder, name)));
      writeFileSync(unfinished(name), text);
    }
  } catch (error) {
    for (const name of files.keys()) removeQuietly(unfinished(name));
    throw error;
  }
  for (const name of files.keys()) renameSync(unfinished(name), join(folder, name));
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

/** Level by level: Node's own recursion never ends in a file system, like /proc, that takes no folders. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** What cannot be removed either is no news beside why it could not be written. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    return;
  }
}
