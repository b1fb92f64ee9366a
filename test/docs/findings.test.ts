import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { findingSeverities } from '../../src/domain/finding-kinds.js';

const page = readFileSync('docs/findings.md', 'utf8');

test('every kind of findings has its heading in docs/findings.md, and its severity there, and no other has', () => {
  const told = [...page.matchAll(/^### (\w+)\n\n\*(\w+)\.\*/gm)].map(([, kind, severity]) => [kind, severity]);
  expect(told).toEqual(Object.entries(findingSeverities));
});
