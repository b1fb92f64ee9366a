import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { desiredObject } from '../../../src/publish/desired-object.js';
import { writeGenerated } from '../../../src/publish/files/generated-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-generated-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const files = (...names: readonly string[]) => names.map((name) => desiredObject('file', name, () => `of ${name}`));

/** A file while whose text is made something else happens, once. */
function during(name: string, happen: () => void) {
  let isOver = false;
  return desiredObject('file', name, () => {
    if (!isOver) {
      isOver = true;
      happen();
    }
    return `of ${name}`;
  });
}

describe('another run to the same folder in the middle of a run', () => {
  test('may end this one, and the next one has all files as its own', () => {
    const other = during('b', () => writeGenerated(folder, files('a', 'b', 'c')));
    expect(() => writeGenerated(folder, [...files('a'), other, ...files('c')])).toThrow(/no such file/);
    expect(writeGenerated(folder, files('a', 'b', 'c'))).toEqual({
      written: [],
      unchanged: ['a', 'b', 'c'],
      removed: [],
    });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('of a');
  });

  test('that makes other files leaves none that nobody removes', () => {
    writeGenerated(folder, [during('a', () => writeGenerated(folder, files('a', 'b', 'c'))), ...files('b')]);
    expect(writeGenerated(folder, files('a', 'b')).removed).toEqual(['c']);
    expect(readdirSync(folder).sort()).toEqual(['.meshslo-generated.json', 'a', 'b']);
  });
});

test('files whose texts cannot all be made replace none, and leave nothing beside', () => {
  writeGenerated(folder, files('a'));
  const failing = desiredObject('file', 'c', () => {
    throw new Error('no text');
  });
  const changed = desiredObject('file', 'a', () => 'changed');
  expect(() => writeGenerated(folder, [changed, ...files('b'), failing])).toThrow();
  expect(readdirSync(folder).sort()).toEqual(['.meshslo-generated.json', 'a']);
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('of a');
  expect(writeGenerated(folder, files('a', 'b')).written).toEqual(['b']);
});
