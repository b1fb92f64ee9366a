import { expect, test } from '@jest/globals';
import { badSentence, bytesText, secondsText, spreadSentence } from '../../../src/ui/service/chart-words.js';
import { flagsInWords } from '../../../src/domain/response-flags.js';
import { holes, timesOf } from '../../../src/ui/service/steps-of-time.js';

const range = { fromSeconds: 600, toSeconds: 1200, stepSeconds: 60 };

test('holes are the stretches without a value, to the end', () => {
  expect(holes([1, null, null, 2, null], range)).toEqual([
    { fromSeconds: 660, toSeconds: 780 },
    { fromSeconds: 840, toSeconds: 900 },
  ]);
  expect(holes([], range)).toEqual([]);
  expect(timesOf(range, 3)).toEqual([600, 660, 720]);
});

test('a spread is told from lowest to highest, and what is unknown is not zero', () => {
  expect(spreadSentence([3, null, 1, 2], String)).toBe('Between 1 and 3; 2 at the end.');
  expect(spreadSentence([2, 2], String)).toBe('2 throughout.');
  expect(spreadSentence([null, null, 2], String)).toBe('2 as far as known.');
  expect(spreadSentence([null, null], String)).toBe('Unknown: nobody looked in this time.');
});

test('the worst share of bad requests stands beside what is allowed', () => {
  expect(badSentence([0, 0], [0, 60], 1 - 0.999)).toBe('None is bad; the objective allows 0.1 %.');
  expect(badSentence([null, null], [0, 60], 0.01)).toBe('No requests are known; the objective allows 1 %.');
  expect(badSentence([0.01, 0.048, null], [0, 60, 120], 0.001)).toMatch(
    /^Worst 4.8 % at .*; the objective allows 0.1 %/,
  );
  // Never the same figure as what is allowed, where it is more.
  expect(badSentence([0.00122], [0], 0.001)).toMatch(/^Worst 0.122 % at .*; the objective allows 0.1 %/);
});

test.each([
  [secondsText(0.31049), '310 ms'],
  [secondsText(2.5), '2.5 s'],
  [bytesText(45_912_000), '45.9 MB'],
  [bytesText(1_200_000_000), '1.2 GB'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});

test.each([
  { flags: 'UF,URX', words: 'could not connect, retries used up' },
  { flags: '-', words: 'the service itself answered so' },
  { flags: 'XX', words: undefined },
  { flags: 'XX,UH', words: 'no healthy instance' },
])('the flags $flags are $words', ({ flags, words }) => {
  expect(flagsInWords(flags)).toBe(words);
});
