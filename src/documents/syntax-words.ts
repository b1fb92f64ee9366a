/** A mistake of YAML's syntax, as the parser tells it; `pos` from and to in the text. */
export interface SyntaxFault {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** The same in words for somebody who has never read the YAML specification. */
export interface WordedFault extends SyntaxFault {
  readonly hint?: string;
}

const inWords: readonly (readonly [RegExp, message: string, hint: string])[] = [
  [/^Nested mappings are not allowed/, 'a second key on one line', 'begin a new line, or quote a text that holds ": "'],
  [/^All mapping items must start/, 'not indented like the keys beside it', 'the same spaces before all keys of a map'],
  [/^Flow sequence .* end with a \]/, 'a [ before this is not closed', 'close it with ]'],
  [/^Flow map .* end with a \}/, 'a { before this is not closed', 'close it with }'],
  [/^Missing closing (["'])quote/, 'a $1 before this is not closed', 'close it with $1'],
  [/^Implicit map keys need to be followed/, 'a key without a value', 'write key: value, with a colon and a space'],
  [/^Implicit keys need to be on a single/, 'a key without a value', 'write key: value, with a colon and a space'],
  [
    /^Sequence item without - indicator/,
    'no entry of the list above',
    'begin with "- ", or indent like its other keys',
  ],
  [/^Plain value cannot start with .*(.)$/, 'a text cannot begin with $1', 'put it into quotes'],
  [/^Tabs are not allowed as indentation/, '$&', 'indent with spaces'],
  [/^Map keys must be unique/, '$&', 'keep one of the two'],
];

/** The faults of one document, each once and at the line that is to be mended. */
export function wordedFaults(faults: readonly SyntaxFault[], text: string): readonly WordedFault[] {
  const codesAt = (at: number): readonly string[] => faults.filter(({ pos }) => pos[0] === at).map(({ code }) => code);
  return faults.flatMap((fault): WordedFault[] => {
    // The parser reports a line that is indented too deeply twice, both times at the good line before it.
    if (!codesAt(fault.pos[0]).includes('BLOCK_AS_IMPLICIT_KEY')) return [worded(fault)];
    if (fault.code === 'MULTILINE_IMPLICIT_KEY') return [tooDeep(fault, text)];
    return codesAt(fault.pos[0]).includes('MULTILINE_IMPLICIT_KEY') ? [] : [worded(fault)];
  });
}

function worded(fault: SyntaxFault): WordedFault {
  for (const [pattern, message, hint] of inWords) {
    const [found] = pattern.exec(fault.message) ?? [];
    if (found === undefined) continue;
    return { ...fault, message: found.replace(pattern, message), hint: found.replace(pattern, hint) };
  }
  return fault;
}

/** The fault ends behind the key of the line that is meant. */
function tooDeep({ code, pos: [, end] }: SyntaxFault, text: string): WordedFault {
  const line = text.slice(text.lastIndexOf('\n', end - 1) + 1, end);
  const start = end - line.trimStart().length;
  const message = 'indented deeper than the line above, which has a value already';
  return { code, message, hint: 'indent it like the key above', pos: [start, end] };
}
