import { expect, test } from '@jest/globals';
import { timeText } from '../../../src/ui/words/numbers.js';

test('the first minutes of a day are at 00, wherever the reader is', () => {
  const midnight = new Date(2026, 10, 22).getTime() / 1000;
  expect([0, 5 * 60, 13 * 3600].map((after) => timeText(midnight + after))).toEqual(['00:00', '00:05', '13:00']);
});
