import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Hunk, unifiedDifference } from '../../src/publish/unified-difference.js';

function shown(hunks: readonly Hunk[]): readonly string[] {
  return hunks.flatMap(({ oldStart, newStart, lines }) => [
    `@@ -${oldStart} +${newStart} @@`,
    ...lines.map(({ sign, text }) => sign + text),
  ]);
}

/** What a patch program does. */
function patched(text: string, hunks: readonly Hunk[]): string {
  const lines = text === '' ? [] : text.split('\n');
  let shift = 0;
  for (const { oldStart, lines: edits } of hunks) {
    const old = edits.filter(({ sign }) => sign !== '+').map((edit) => edit.text);
    const now = edits.filter(({ sign }) => sign !== '-').map((edit) => edit.text);
    const at = oldStart - (old.length > 0 ? 1 : 0) + shift;
    expect(lines.slice(at, at + old.length)).toEqual(old);
    lines.splice(at, old.length, ...now);
    shift += now.length - old.length;
  }
  return lines.join('\n');
}

describe('a unified difference', () => {
  test('of equal texts is empty', () => expect(unifiedDifference('a\nb\n', 'a\nb\n')).toEqual([]));

  test('shows three lines on either side, as diff -u does', () => {
    expect(shown(unifiedDifference('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nfive\n6\n7\n8\n9\n'))).toEqual([
      '@@ -2 +2 @@',
      ' 2',
      ' 3',
      ' 4',
      '-5',
      '+five',
      ' 6',
      ' 7',
      ' 8',
    ]);
  });

  test('starts at line 0 where a text has none', () => {
    expect(shown(unifiedDifference('', 'a\n'))).toEqual(['@@ -0 +1 @@', '+a']);
    expect(shown(unifiedDifference('a\n', ''))).toEqual(['@@ -1 +0 @@', '-a']);
  });

  test('finds the lines that stay between those that go', () => {
    expect(
      shown(unifiedDifference('a\nb\nc\na\nb\nb\na', 'c\nb\na\nb\na\nc')).filter((line) => line.startsWith(' ')),
    ).toHaveLength(4);
  });

  test('applied to one text gives the other, whatever they are', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', '{', '}'), { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const [old, now] = [before.join('\n'), after.join('\n')];
        expect(patched(old, unifiedDifference(old, now))).toBe(now);
      }),
    );
  });

  test('of long texts with thousands of edits has them one by one, between the lines that stay', () => {
    const text = (word: (index: number) => string): string =>
      Array.from({ length: 9000 }, (_, i) => word(i)).join('\n');
    const old = text((index) => (index % 2 === 0 ? '{' : `"id": ${index}`));
    const now = text((index) => (index % 2 === 0 ? '{' : index % 9 === 1 ? `"id": "${index}"` : `"id": ${index}`));
    const lines = unifiedDifference(old, now).flatMap((hunk) => hunk.lines);
    expect(lines.filter(({ sign }) => sign === '-')).toHaveLength(500);
    expect(lines.filter(({ sign }) => sign === '+')).toHaveLength(500);
    expect(patched(old, unifiedDifference(old, now))).toBe(now);
  });

  test('of texts that have nothing in common ends soon', () => {
    const many = (word: string): string => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}`).join('\n');
    const [hunk] = unifiedDifference(many('old'), many('new'));
    expect(hunk!.lines).toHaveLength(40_000);
  });
});
