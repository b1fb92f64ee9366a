import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { filesOf, fitsPattern } from '../../src/config/file-patterns.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-patterns-'));
for (const name of [
  'slos/b.yaml',
  'slos/a.yaml',
  'slos/a.yml',
  'slos/.a.yaml.swp',
  'slos/team/c.yaml',
  'more/d.yaml',
]) {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), '');
}
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  { pattern: 'slos/*.yaml', is: ['slos/a.yaml', 'slos/b.yaml'], why: 'sorted, without folders and other endings' },
  { pattern: '*/?.yaml', is: ['more/d.yaml', 'slos/a.yaml', 'slos/b.yaml'], why: 'folders may be patterns' },
  { pattern: 'slos/*/*.yaml', is: ['slos/team/c.yaml'], why: 'a star is one folder' },
  { pattern: 'slos/*', is: ['slos/a.yaml', 'slos/a.yml', 'slos/b.yaml'], why: 'hidden files are editors’' },
  { pattern: 'slos/absent.yaml', is: ['slos/absent.yaml'], why: 'a plain name stands for itself, and is missed' },
  { pattern: 'absent/*.yaml', is: [], why: 'a folder that is not there holds nothing' },
])('$pattern: $why', ({ pattern, is }) => {
  expect(filesOf(join(folder, pattern))).toEqual(is.map((name) => join(folder, name)));
});

test.each([
  { pattern: 'pay*', text: 'payments', fits: true },
  { pattern: 'pay*', text: 'repay', fits: false },
  { pattern: 'a.b', text: 'axb', fits: false },
  { pattern: 'a(b', text: 'a(b', fits: true },
  { pattern: '?', text: 'ä', fits: true },
  { pattern: '*', text: '', fits: true },
])('"$pattern" fits "$text": $fits', ({ pattern, text, fits }) => {
  expect(fitsPattern(pattern, text)).toBe(fits);
});
