/** What the runs of the tests came to, as `build/test-reporter.mjs` wrote it: of each file the last run counts. */
import { existsSync, readFileSync } from 'node:fs';

export function readTestRuns(path) {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  const entries = lines.flatMap(entryOf);
  const files = new Map();
  /** By file: what failed in the run before the last. */
  const again = new Map();
  for (const entry of entries.filter(({ file }) => file !== undefined)) {
    const before = files.get(entry.file);
    if (before) again.set(entry.file, before.failed);
    files.set(entry.file, entry);
  }
  // The first run is the one of all files.
  const expected = entries.find((entry) => entry.files !== undefined)?.files ?? 1;
  return { files: [...files.values()], again, unseen: Math.max(0, expected - files.size) };
}

/** Of a line that was cut off nothing is known: its file counts as one that never ran. */
function entryOf(line) {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
