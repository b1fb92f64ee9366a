import { expect, test } from '@jest/globals';
import { visible, visibleJson } from '../../src/documents/visible.js';

test.each([
  { text: 'a\u001b[2Jb', shown: 'a\ufffd[2Jb', why: 'an escape sequence' },
  { text: 'a\u009b2Jb', shown: 'a\ufffd2Jb', why: 'the same in one C1 character' },
  { text: 'a\u202eb', shown: 'a\ufffdb', why: 'text turned round' },
  { text: 'a\nb\u2028c', shown: 'a\ufffdb\ufffdc', why: 'a line that is forged' },
  { text: 'a\tb', shown: 'a b', why: 'a tab keeps its column' },
  { text: 'Käse 🧀', shown: 'Käse 🧀', why: 'ordinary text' },
])('$why is shown, not obeyed', ({ text, shown }) => {
  expect(visible(text)).toBe(shown);
});

test('JSON says the same as ever, with nothing in it that a terminal obeys', () => {
  const value = { 'a\u009b': ['\u202e', '\u001b', '\u007f', '\u{e0001}', 'line\nline', 'ä'] };
  const text = visibleJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text).toContain('\\u009b');
});
