import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../domain/failure.js';
import { systemReason } from '../domain/system-reason.js';

/** A folder with more is no folder of definitions. */
const mostFiles = 20_000;

/**
 * The YAML files of a folder and those below it, sorted; a file is itself. Hidden ones and links to folders are passed over.
 *
 * @throws Failure `file-unreadable` for what is not there, cannot be read, or holds too many
 */
export function yamlFilesIn(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const found: string[] = [];
    gather(path, found);
    return found;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('file-unreadable', `${path} cannot be read: ${systemReason(cause)}`, { cause });
  }
}

function gather(folder: string, found: string[]): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) gather(path, found);
    else if (/\.ya?ml$/i.test(entry.name) && isFile(path)) found.push(path);
    if (found.length > mostFiles) {
      throw new Failure('file-unreadable', `more than ${mostFiles} files under ${folder}`, {
        hint: 'name a folder of definitions',
      });
    }
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
