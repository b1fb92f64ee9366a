import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { largestDocumentBytes, parseYaml } from '../../src/documents/yaml-document.js';
import { readYamlFile } from '../../src/documents/yaml-file.js';

function parse(text: string) {
  return parseYaml('x.yaml', Buffer.from(text));
}

function codes(text: string | Uint8Array): readonly string[] {
  return parseYaml('x.yaml', Buffer.from(text)).diagnostics.map(({ code }) => code);
}

describe('what is no YAML', () => {
  test.each([
    { content: '', is: ['empty-file'], why: 'nothing' },
    { content: '# only a comment\n', is: ['empty-file'], why: 'as good as nothing' },
    { content: '---\n---\n', is: ['empty-file'], why: 'documents without anything in them' },
    { content: 'a: 1\na: 2\n', is: ['duplicate-key'], why: 'which of the two is meant?' },
    { content: 'a:\n\tb: 1\n', is: ['tab-as-indent'], why: 'YAML has no tabs' },
    { content: 'a: !secret x\n', is: ['tag-resolve-failed'], why: 'tags would make something else of a value' },
    { content: 'a: *b\n', is: ['bad-alias'], why: 'an alias of nothing' },
    { content: 'a: \0\n', is: ['not-text'], why: 'binary' },
    { content: new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe]), is: ['not-text'], why: 'not UTF-8' },
    { content: '['.repeat(200_000), is: ['nested-too-deeply'], why: 'the parser behind would take the process down' },
    { content: '- '.repeat(200_000), is: ['nested-too-deeply'], why: 'the same with lists in a line' },
    {
      content: Buffer.alloc(largestDocumentBytes + 1, 0x20),
      is: ['file-too-large'],
      why: 'nobody writes that by hand',
    },
  ])('$is: $why', ({ content, is }) => {
    expect(codes(content)).toEqual(is);
  });

  test.each([
    {
      content: 'cluster: a\n  ledger: x\n',
      is: '2:3 indented deeper than the line above, which has a value already (indent it like the key above)',
    },
    {
      content: 'jobs:\n  - name: a\n     mesh: istio\n',
      is: '3:6 indented deeper than the line above, which has a value already (indent it like the key above)',
    },
    {
      content: 'listen: port: 8080\n',
      is: '1:9 a second key on one line (begin a new line, or quote a text that holds ": ")',
    },
    {
      content: 'a:\n  b: 1\n c: 2\n',
      is: '3:1 not indented like the keys beside it (the same spaces before all keys of a map)',
    },
    { content: 'a:1\nb: 2\n', is: '1:1 a key without a value (write key: value, with a colon and a space)' },
    { content: 'a: 1\nb\nc: 2\n', is: '2:1 a key without a value (write key: value, with a colon and a space)' },
    { content: 'a: [1, 2\nb: 3\n', is: '2:1 a [ before this is not closed (close it with ])' },
    { content: 'a: { x: 1\nb: 3\n', is: '2:1 a { before this is not closed (close it with })' },
    { content: 'a: "x\nb: 1\n', is: '3:1 a " before this is not closed (close it with ")' },
    { content: 'a: @x\n', is: '1:4 a text cannot begin with @ (put it into quotes)' },
  ])('$content is told as $is', ({ content, is }) => {
    const told = parse(content).diagnostics.map(
      ({ position, message, hint }) => `${position!.line}:${position!.column} ${message} (${hint})`,
    );
    expect(told).toEqual([is]);
  });

  test('an alias bomb is refused before it goes off', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const below = level === 0 ? 'x' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 9 }, () => below).join(', ')}]`;
    });
    expect(codes(levels.join('\n'))).toEqual(['bad-alias']);
  });

  test('no bytes whatever make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { documents, diagnostics } = parseYaml('x', bytes);
        expect(documents.length + diagnostics.length).toBeGreaterThan(0);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab:-[]{}&*!|>\'"%@\n\t #,?0')) }), (text) => {
        expect(() => parse(text)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  test('a file that is absent, and one that is a folder, are mistakes as well', () => {
    expect(readYamlFile('absent.yaml').diagnostics).toMatchObject([
      { code: 'file-unreadable', message: 'there is no such file', position: { file: 'absent.yaml', line: 1 } },
    ]);
    expect(readYamlFile('.').diagnostics).toMatchObject([{ code: 'file-unreadable' }]);
  });
});

describe('where a value stands', () => {
  const text = `a: 1
list:
  - { name: x, deep: [1, 22] }
shared:
  key: long value
`;
  const [document] = parse(text).documents;

  test.each([
    { path: ['a'], part: 'value' as const, at: '1:4+1', why: 'a value' },
    { path: ['a'], part: 'key' as const, at: '1:1+1', why: 'its key' },
    { path: ['list', 0, 'deep', 1], part: 'value' as const, at: '3:26+2', why: 'inside lists and maps' },
    { path: ['shared', 'key'], part: 'value' as const, at: '5:8+10', why: 'a text of two words' },
    { path: ['shared'], part: 'value' as const, at: '4:1+6', why: 'a map is shown at its key: it may be a page long' },
    {
      path: ['shared', 'missing'],
      part: 'value' as const,
      at: '4:1+6',
      why: 'what is missing is shown where it should be',
    },
    { path: ['list', 0, 'missing', 'too'], part: 'value' as const, at: '3:5+26', why: 'the nearest that is there' },
    { path: [], part: 'value' as const, at: '1:1+1', why: 'the document itself begins there' },
  ])('$path ($part): $why', ({ path, part, at }) => {
    const { line, column, length } = document!.position(path, part);
    expect(`${line}:${column}+${length}`).toBe(at);
  });

  test('of several documents each knows its own lines', () => {
    const { documents } = parse('a: 1\n---\nb: 2\n');
    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { b: 2 }]);
    expect(documents[1]!.position(['b'])).toMatchObject({ line: 3, column: 4 });
  });

  test('behind an alias, a value stands where it was written', () => {
    const [aliased] = parse('a: &x { b: 1 }\nc: *x\n').documents;
    expect(aliased!.position(['c', 'b'])).toMatchObject({ line: 1, column: 12 });
  });
});
