import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { Failure } from '../domain/failure.js';
import { systemReason } from '../domain/system-reason.js';

/** What of a folder was made by the last run; nothing else in it is ours. */
const listName = '.meshslo-generated.json';

const madeBefore = z.object({ files: z.array(z.string().regex(/^[^/\\]+$/)) });

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
export function writeGenerated(folder: string, files: ReadonlyMap<string, string>): FolderChanges {
  try {
    makeFolder(resolve(folder));
    const before = listIn(folder);
    const foreign = [...files.keys()].filter((name) => !before.includes(name) && existsSync(join(folder, name)));
    if (foreign.length > 0) {
      throw new Failure('bad-arguments', `${folder} has files that meshslo did not make: ${foreign.join(', ')}`, {
        hint: 'name a folder of its own with --out',
      });
    }
    const unchanged = [...files].filter(([name, text]) => textOf(join(folder, name)) === text).map(([name]) => name);
    const written = [...files.keys()].filter((name) => !unchanged.includes(name));
    const removed = before.filter((name) => !files.has(name) && existsSync(join(folder, name)));
    // First all that may become ours, then all that is: a run that is killed in between forgets nothing.
    writeAll(folder, new Map([[listName, listText([...new Set([...before, ...files.keys()])])]]));
    writeAll(folder, new Map(written.map((name) => [name, files.get(name)!])));
    for (const name of removed) rmSync(join(folder, name));
    writeAll(folder, new Map([[listName, listText([...files.keys()])]]));
    return { written, unchanged, removed };
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('bad-arguments', `${folder} cannot be written: ${systemReason(cause)}`, { cause });
  }
}

function listIn(folder: string): readonly string[] {
  const text = textOf(join(folder, listName));
  if (text === undefined) return [];
  const list = madeBefore.safeParse(parsed(text));
  if (list.success) return list.data.files;
  throw new Failure('bad-arguments', `${join(folder, listName)} is no list of generated files`, {
    hint: 'remove it, and the files of the earlier run with it',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listText(names: readonly string[]): string {
  return `${JSON.stringify({ files: [...names].sort() }, undefined, 2)}\n`;
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Replaces files once all of them are written beside: a disk that fills up meanwhile leaves those that were there. */
function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  const unfinished = (name: string): string => join(folder, `.${name}.unfinished`);
  try {
    for (const [name, text] of files) writeFileSync(unfinished(name), text);
  } catch (error) {
    for (const name of files.keys()) removeQuietly(unfinished(name));
    throw error;
  }
  for (const name of files.keys()) renameSync(unfinished(name), join(folder, name));
}

/** What cannot be removed either is no news beside why it could not be written. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    return;
  }
}

/** Level by level: Node's own recursion never ends in a file system, like /proc, that takes no folders. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}
