import { expect, test } from '@jest/globals';
import { nearestWord, wordHint } from '../../src/documents/nearest-word.js';

const known = ['availability', 'latency', 'mesh', 'server', 'cluster'];

test.each([
  { word: 'latencyy', is: 'latency', why: 'a letter too many' },
  { word: 'latecny', is: 'latency', why: 'two letters swapped are one mistake' },
  { word: 'Cluster', is: 'cluster', why: 'case is no difference' },
  { word: 'mash', is: 'mesh', why: 'one letter of four' },
  { word: 'abc', is: undefined, why: 'nothing is near' },
  { word: '', is: undefined, why: 'nothing was said' },
])('"$word" means $is: $why', ({ word, is }) => {
  expect(nearestWord(word, known)).toBe(is);
});

test('without a near word the hint names all', () => {
  expect(wordHint('xyz', ['a', 'b'])).toBe('known: a, b');
});
