import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const cache = resolve('.cache');
const prefix = 'page-';
const dayMs = 86_400_000;

/** Folder of the built page; built by the first of all test files that asks for this state of the sources, and kept. */
export function builtPage(): string {
  const folder = join(cache, prefix + sourcesHash());
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  // In a process of its own: Vite's native part does not take objects from jest's realm.
  const vite = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error', '--outDir', unfinished];
  execFileSync(process.execPath, [...vite, '--emptyOutDir'], { stdio: 'inherit' });
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another worker was faster.
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true });
  }
  forgetOld();
  return folder;
}

/** Of everything that the page may be made of. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const sources = readdirSync('src', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = sources.map(({ parentPath, name }) => join(parentPath, name)).sort();
  for (const file of ['vite.config.ts', 'package-lock.json', ...files])
    hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function forgetOld(): void {
  for (const name of readdirSync(cache).filter((one) => one.startsWith(prefix))) {
    const folder = join(cache, name);
    const builtMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (builtMs < Date.now() - dayMs) rmSync(folder, { recursive: true, force: true });
  }
}
