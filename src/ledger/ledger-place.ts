import { accessSync, closeSync, constants, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../documents/make-folder.js';
import { Failure } from '../domain/failure.js';
import { systemReason } from '../domain/system-reason.js';

/**
 * Looks whether a ledger can be written where it is to be; makes the folder where there is none.
 *
 * SQLite's own word on it is a number, and would come from whichever of its files it touches first.
 *
 * @throws Failure `file-unreadable`, with the file or folder in the way and the reason
 */
export function prepareLedgerPlace(path: string): void {
  const folder = dirname(path);
  attempt(path, `the folder ${folder}`, () => {
    makeFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  });
  for (const file of [path, `${path}-lock`]) {
    if (existsSync(file)) attempt(path, file, () => accessSync(file, constants.R_OK | constants.W_OK));
  }
}

/**
 * The first 16 bytes of a file, as text.
 *
 * @throws Failure `not-found`; `file-unreadable` with the folder or file in the way and the reason
 */
export function readBeginning(path: string): { readonly isFolder: boolean; readonly beginning: string } {
  const file = openToRead(path);
  try {
    if (fstatSync(file).isDirectory()) return { isFolder: true, beginning: '' };
    const bytes = Buffer.alloc(16);
    return { isFolder: false, beginning: bytes.toString('latin1', 0, readSync(file, bytes)) };
  } finally {
    closeSync(file);
  }
}

function openToRead(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Failure('not-found', `there is no ledger at ${path}`, { cause });
    const where = isOpen(dirname(path)) ? path : `the folder ${dirname(path)}`;
    const who = code === 'EACCES' ? { hint: 'let the user that runs meshslo read there' } : {};
    const message = `the ledger ${path} cannot be opened: ${systemReason(cause)} (${where})`;
    throw new Failure('file-unreadable', message, { ...who, cause });
  }
}

function isOpen(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function attempt(path: string, what: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    const reason = systemReason(cause);
    const who = reason === 'permission denied' ? { hint: 'let the user that runs meshslo write there' } : {};
    throw new Failure('file-unreadable', `the ledger ${path} cannot be written: ${reason} (${what})`, {
      ...who,
      cause,
    });
  }
}
