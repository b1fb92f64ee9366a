import { expect, test } from '@jest/globals';
import { alertsFileName } from '../../../src/generate/rules/rule-set.js';

function fileOf(owner: string): string {
  return `${alertsFileName({ by: 'owner', value: owner })}.yaml`;
}

test('every owner has a file of its own, whatever the name holds', () => {
  const long = 'платформа '.repeat(400);
  const names = ['', 'team', 'Team', 'te/am', 'te am', long, `${long}2`].map(fileOf);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
});

test('names of files are such as every file system takes, of an owner with 4 KB too', () => {
  for (const owner of ['../x', 'a'.repeat(4096), 'ß🙂"\n'.repeat(1000)]) {
    expect(fileOf(owner)).toMatch(/^[a-z0-9_-]{1,220}\.yaml$/);
  }
});
