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
  if (mayBeLeftOut(text)) {
    const hint = 'write the whole pattern without alternatives, ? and * around the group';
    return { code: 'part-may-be-empty', message: 'the group may be left out, or come twice', hint };
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
  const [found, ...others] = groupsOf(text).filter(({ from }) => text[from + 1] !== '?');
  if (found === undefined || others.length > 0) return undefined;
  const { from, to } = found;
  return [text.slice(0, from), text.slice(from + 1, to), text.slice(to + 1)];
}

/** Whether a value may match without the group, or with it more than once: by a sign behind it, or an alternative beside it. */
function mayBeLeftOut(text: string): boolean {
  const groups = groupsOf(text);
  const own = groups.find(({ from }) => text[from + 1] !== '?')!;
  const around = groups.filter(({ from, to }) => from <= own.from && own.to <= to);
  const isCounted = around.some(({ to }) => /[?*+{]/.test(text[to + 1] ?? ''));
  return isCounted || around.some(({ hasBeside }) => hasBeside);
}

interface Group {
  readonly from: number;
  readonly to: number;
  /** Whether an alternative stands beside it, in the group that it is in. */
  hasBeside: boolean;
}

/** All groups of a pattern that compiles, the inner ones first. */
function groupsOf(text: string): readonly Group[] {
  const all: Group[] = [];
  const open: { readonly from: number; hasBar: boolean; readonly inner: Group[] }[] = [
    { from: -1, hasBar: false, inner: [] },
  ];
  const close = (to: number): void => {
    const { from, hasBar, inner } = open.pop()!;
    for (const one of inner) one.hasBeside = hasBar;
    if (from < 0) return;
    const group = { from, to, hasBeside: false };
    all.push(group);
    open.at(-1)!.inner.push(group);
  };
  let inClass = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') open.push({ from: at, hasBar: false, inner: [] });
    else if (character === '|') open.at(-1)!.hasBar = true;
    else if (character === ')') close(at);
  }
  close(text.length);
  return all;
}
