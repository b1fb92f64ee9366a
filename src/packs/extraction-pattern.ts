import { quoteRegex } from '../promql/escaping.js';

/**
 * A regular expression that takes one part out of a label's value: `svc/([^/]+)` takes `web` out of `svc/web`.
 *
 * It must match the whole value and has exactly one group, which cannot be empty; further groups are written `(?:...)`.
 */
export interface ExtractionPattern {
  readonly text: string;
  readonly expression: RegExp;
  /** The text before the group, in it (without its parentheses), and behind it. */
  readonly parts: readonly [before: string, group: string, after: string];
}

/** What is wrong with a pattern that is none. */
export interface PatternMistake {
  readonly code: 'bad-pattern' | 'pattern-without-part' | 'part-may-be-empty';
  readonly message: string;
  readonly hint?: string;
}

/** A pattern as it is written, or what is wrong with it. */
export function extractionPattern(text: string): ExtractionPattern | PatternMistake {
  const compiled = compile(text);
  if (!(compiled instanceof RegExp)) return { code: 'bad-pattern', message: compiled };
  const parts = splitAtGroup(text);
  if (parts === undefined) {
    const hint = 'put the part into one pair of parentheses, and write others as (?:...)';
    return { code: 'pattern-without-part', message: 'the pattern must have exactly one group', hint };
  }
  const [, group] = parts;
  const alone = compile(group);
  if (!(alone instanceof RegExp) || alone.test('')) {
    return { code: 'part-may-be-empty', message: 'the group may match nothing', hint: 'use + instead of *' };
  }
  return { text, expression: compiled, parts };
}

/** The part of a value; empty where the pattern does not match. */
export function extract({ expression }: ExtractionPattern, value: string): string {
  return expression.exec(value)?.[1] ?? '';
}

/**
 * A regular expression for the values of which the pattern takes exactly this part; undefined where there is none.
 *
 * True for patterns whose group ends at a character that it cannot hold, as those of all shipped packs.
 */
export function valuesWithPart({ parts: [before, group, after] }: ExtractionPattern, part: string): string | undefined {
  const alone = compile(group);
  return alone instanceof RegExp && alone.test(part) ? `${before}${quoteRegex(part)}${after}` : undefined;
}

function compile(text: string): RegExp | string {
  try {
    return new RegExp(`^(?:${text})$`, 'u');
  } catch (cause) {
    return `the pattern does not compile: ${(cause as Error).message}`;
  }
}

/** Cuts a pattern at its only group that takes something out; undefined where there is none, or more than one. */
function splitAtGroup(text: string): ExtractionPattern['parts'] | undefined {
  let found: { from: number; to: number } | undefined;
  const open: number[] = [];
  let inClass = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') open.push(at);
    else if (character === ')') {
      const from = open.pop()!;
      if (text[from + 1] === '?') continue;
      if (found !== undefined) return undefined;
      found = { from, to: at };
    }
  }
  return found && [text.slice(0, found.from), text.slice(found.from + 1, found.to), text.slice(found.to + 1)];
}
