import type { ValuePath } from './yaml-document.js';

/** `scrape.jobs[0].mesh`, as people write it. */
export function nameOf(path: ValuePath): string {
  let name = '';
  for (const step of path) {
    if (typeof step === 'number') name += `[${step}]`;
    else name += `${name === '' ? '' : '.'}${String(step)}`;
  }
  return name === '' ? 'the document' : name;
}

const articles: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

/** What a schema expects, as a noun. */
export function article(expected: string): string {
  return articles[expected] ?? expected;
}

/** What is there instead. Never the value itself: it may be a secret in the wrong place. */
export function kindOf(input: unknown): string {
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  return articles[typeof input] ?? 'nothing';
}

/** A sentence as the end of another one. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
