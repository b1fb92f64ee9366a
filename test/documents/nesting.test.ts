import { expect, test } from '@jest/globals';
import { isNestedTooDeeply } from '../../src/documents/nesting.js';

test.each([
  { why: 'brackets', text: '['.repeat(101), tooDeep: true },
  { why: 'brackets after ones that close nothing', text: `${']'.repeat(500)}${'['.repeat(101)}`, tooDeep: true },
  { why: 'indicators after a brace that closes nothing', text: `}\n${'- '.repeat(101)}x`, tooDeep: true },
  { why: 'many lists side by side', text: '[a], '.repeat(500), tooDeep: false },
])('nesting is counted from the outside: $why', ({ text, tooDeep }) => {
  expect(isNestedTooDeeply(text)).toBe(tooDeep);
});
