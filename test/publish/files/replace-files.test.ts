import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { replaceFiles } from '../../../src/publish/files/replace-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-replace-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Only the superuser can make a file of somebody else's to begin with. */
const testAsRoot =
  process.getuid?.() === 0
    ? test
    : (title: string) => test.skip(`${title} [skipped: not the superuser]`, () => undefined);

describe('a file that is replaced', () => {
  test('keeps its permissions', () => {
    const file = join(folder, 'a');
    writeFileSync(file, 'one');
    chmodSync(file, 0o604);
    replaceFiles(folder, new Map([['a', 'two']]), new Map([['a', 0o600]]));
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['two', 0o604]);
  });

  testAsRoot('keeps its owner and its group', () => {
    const file = join(folder, 'a');
    writeFileSync(file, 'one');
    chownSync(file, 1234, 2345);
    chmodSync(file, 0o640);
    replaceFiles(folder, new Map([['a', 'two']]));
    const { uid, gid, mode } = statSync(file);
    expect({ uid, gid, mode: mode & 0o777 }).toEqual({ uid: 1234, gid: 2345, mode: 0o640 });
  });

  testAsRoot('of somebody else is replaced all the same by who may not give it back', () => {
    const file = join(folder, 'a');
    writeFileSync(file, 'one');
    chownSync(file, 1234, 2345);
    chownSync(folder, 4321, 4321);
    process.setegid!(4321);
    process.seteuid!(4321);
    try {
      replaceFiles(folder, new Map([['a', 'two']]));
      expect([readFileSync(file, 'utf8'), statSync(file).uid]).toEqual(['two', 4321]);
    } finally {
      process.seteuid!(0);
      process.setegid!(0);
    }
  });
});
