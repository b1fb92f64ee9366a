import { expect, test } from '@jest/globals';
import { type Diagnostic, hasErrors, inReadingOrder } from '../../src/domain/diagnostic.js';

const at = (file: string, line: number, column: number): Diagnostic => ({
  severity: 'warning',
  code: 'x',
  message: `${file}:${line}:${column}`,
  position: { file, line, column, length: 1 },
});

test('mistakes are read from top to bottom, file by file', () => {
  const shuffled = [at('b.yaml', 1, 1), at('a.yaml', 10, 1), at('a.yaml', 2, 9), at('a.yaml', 2, 3)];
  expect(inReadingOrder(shuffled).map(({ message }) => message)).toEqual([
    'a.yaml:2:3',
    'a.yaml:2:9',
    'a.yaml:10:1',
    'b.yaml:1:1',
  ]);
});

test('a warning alone forbids nothing', () => {
  expect(hasErrors([at('a', 1, 1)])).toBe(false);
  expect(hasErrors([at('a', 1, 1), { ...at('a', 1, 1), severity: 'error' }])).toBe(true);
});
