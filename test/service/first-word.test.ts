import { expect, test } from '@jest/globals';
import { firstWord } from '../../src/service/first-word.js';

test('whoever has told something is waited for, and asked no further', async () => {
  let asked = 0;
  await firstWord(() => ++asked === 3, 60)();
  expect(asked).toBe(3);
});

test('whoever tells nothing is waited for once', async () => {
  let asked = 0;
  const told = firstWord(() => ++asked < 0, 0.15);
  await told();
  const first = asked;
  await told();
  expect(first).toBeGreaterThan(1);
  expect(asked).toBe(first + 1);
});
