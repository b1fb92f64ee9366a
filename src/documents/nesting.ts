import { Lexer } from 'yaml';

/** Deeper than anything that people write; the parser behind recurses, and a stack overflow inside V8 ends the process. */
const deepestNesting = 100;

/** Whether brackets, or indicators on one line (`- - - x`), nest deeper than any honest document's. */
export function isNestedTooDeeply(text: string): boolean {
  let brackets = 0;
  let indicators = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') brackets += 1;
    else if (token === ']' || token === '}') brackets = Math.max(0, brackets - 1);
    else if (token.endsWith('\n')) indicators = 0;
    else if (brackets === 0 && /^[-?:]$/.test(token)) indicators += 1;
    if (brackets > deepestNesting || indicators > deepestNesting) return true;
  }
  return false;
}
