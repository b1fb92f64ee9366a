import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../domain/failure.js';
import type { TargetGroup } from '../../config/target-settings.js';
import { parseTargetGroups } from './target-groups.js';
import type { TargetList } from './target-list.js';

const largestFileBytes = 32 * 1024 * 1024;

/** Target groups in one file, or in all files that a `*` in its name matches; read again when a file's time changes. */
export class FileTargetList implements TargetList {
  readonly kind = 'file';
  readonly name: string;
  readonly refreshSeconds: number;
  #files = new Map<string, { stamp: string; groups: readonly TargetGroup[] }>();
  #groups: readonly TargetGroup[] = [];

  constructor(path: string, refreshSeconds: number) {
    this.name = path;
    this.refreshSeconds = refreshSeconds;
  }

  /** @throws Failure `file-unreadable`, `bad-configuration`; a file that is named without `*` must exist */
  async read(): Promise<readonly TargetGroup[]> {
    const paths = await matchingFiles(this.name);
    const files = new Map<string, { stamp: string; groups: readonly TargetGroup[] }>();
    for (const path of paths) files.set(path, await this.#readFile(path));
    const changed =
      files.size !== this.#files.size || [...files].some(([path, file]) => this.#files.get(path) !== file);
    this.#files = files;
    if (changed) this.#groups = [...files.values()].flatMap(({ groups }) => groups);
    return this.#groups;
  }

  close(): void {
    this.#files.clear();
  }

  async #readFile(path: string): Promise<{ stamp: string; groups: readonly TargetGroup[] }> {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      const known = this.#files.get(path);
      if (known?.stamp === stamp) return known;
      if (size > largestFileBytes) throw new Failure('file-unreadable', `larger than ${largestFileBytes} bytes`);
      const text = await readFile(path, 'utf8');
      return { stamp, groups: parseTargetGroups(text, path.endsWith('.json') ? 'json' : 'yaml') };
    } catch (error) {
      if (error instanceof Failure) {
        throw new Failure(error.code, `${path}: ${error.message}`, { ...(error.hint && { hint: error.hint }) });
      }
      throw new Failure('file-unreadable', `cannot read ${path}: ${(error as { code?: string }).code ?? 'unknown'}`);
    }
  }
}

async function matchingFiles(path: string): Promise<readonly string[]> {
  const pattern = basename(path);
  if (!pattern.includes('*')) return [path];
  const literal = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  const matcher = new RegExp(`^${literal.join('.*')}$`);
  try {
    const names = await readdir(dirname(path));
    return names
      .filter((name) => matcher.test(name))
      .sort()
      .map((name) => join(dirname(path), name));
  } catch (error) {
    throw new Failure(
      'file-unreadable',
      `cannot list ${dirname(path)}: ${(error as { code?: string }).code ?? 'unknown'}`,
    );
  }
}
