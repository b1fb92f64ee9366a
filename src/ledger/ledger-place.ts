import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
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
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  });
  for (const file of [path, `${path}-lock`]) {
    if (existsSync(file)) attempt(path, file, () => accessSync(file, constants.R_OK | constants.W_OK));
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
