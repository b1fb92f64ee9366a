import { readdirSync } from 'node:fs';
import { join, parse, sep } from 'node:path';

/**
 * The files that an absolute pattern names, sorted. `*` and `?` stand for characters inside one part of the path.
 *
 * A folder that is not there or may not be read holds nothing.
 */
export function filesOf(pattern: string): readonly string[] {
  const { root } = parse(pattern);
  const parts = pattern.slice(root.length).split(sep);
  let places = [root];
  for (const [depth, part] of parts.entries()) {
    const last = depth === parts.length - 1;
    places = places.flatMap((place) => (hasWildcard(part) ? children(place, part, last) : [join(place, part)]));
  }
  return places.sort();
}

/** Whether a part of a path, or a whole one, stands for more than itself. */
export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/** Whether a text is as a pattern with `*` and `?` says. */
export function fitsPattern(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(text);
}

function children(folder: string, pattern: string, wantFiles: boolean): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => (wantFiles ? !entry.isDirectory() : !entry.isFile()))
      .filter((entry) => !entry.name.startsWith('.') && fitsPattern(pattern, entry.name))
      .map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}
