import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeFolder } from '../../src/documents/make-folder.js';

test('a folder is made with all above it, and one that is there stays', () => {
  const root = mkdtempSync(join(tmpdir(), 'meshslo-folder-'));
  try {
    const folder = join(root, 'a', 'b', 'c');
    makeFolder(folder);
    makeFolder(folder);
    expect(existsSync(folder)).toBe(true);
    writeFileSync(join(root, 'file'), '');
    expect(() => makeFolder(join(root, 'file'))).toThrow('EEXIST');
    expect(() => makeFolder(join(root, 'file', 'below'))).toThrow();
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('a file system that takes no folders says so, soon', () => {
  expect(() => makeFolder('/proc/meshslo/reports')).toThrow();
});
