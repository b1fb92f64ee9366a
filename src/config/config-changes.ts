import type { Config } from './config.js';
import { configWords } from './config-words.js';
import type { WordMap, Words } from './words.js';

/** Longer texts are told part by part, or not at all. */
const longestText = 80;

/** Kinds of things that have names of their own: `job sidecars interval`. */
const named = new Set([
  'job',
  'tier',
  'service',
  'alertmanager',
  'control plane',
  'catalog kubernetes',
  'catalog consul',
  'catalog backstage',
]);

/** What a running service keeps until it is started again; the only such list. */
const untilRestart = new Set(['listen.address', 'listen.port', 'ledger', 'scrape.limits.concurrency']);

type Path = readonly string[];

/**
 * What differs between two configurations in the words of their files, a line each, in a fixed order:
 * `~ listen.port: 8080 -> 9090 (from the next start)`, `+ job edge`, `- service shop/cart slos.latency`.
 *
 * Empty when nothing does. Neither configuration holds a secret, so no line does.
 */
export function describeChanges(before: Config, after: Config): readonly string[] {
  const later = new Set(untilRestart);
  if (before.listen.authentication.kind !== after.listen.authentication.kind) {
    later.add('listen.authentication').add('listen.tokens');
  }
  const changes = compare([], configWords(before), configWords(after));
  return [
    ...changes.map(({ path, line }) => (later.has(path.join('.')) ? `${line} (from the next start)` : line)),
    ...comparePacks('pack', before.packs, after.packs),
    ...comparePacks('policy', before.policies, after.policies),
  ];
}

interface Change {
  readonly path: Path;
  readonly line: string;
}

function compare(path: Path, before: Words | undefined, after: Words | undefined): readonly Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isList(before ?? after) && isList(before ?? []) && isList(after ?? [])) {
    return compareLists(path, (before ?? []) as readonly Words[], (after ?? []) as readonly Words[]);
  }
  if (before === undefined) return [change('+', path, fitting(after!))];
  if (after === undefined) return [change('-', path)];
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const inOrder = path.length === 0 ? keys : keys.sort();
    return inOrder.flatMap((key) => compare([...path, key], before[key], after[key]));
  }
  return [change('~', path, `${textOf(before)} -> ${textOf(after)}`)];
}

/** Between what is alike at both ends: as many elements as before are changes of these, else some have come or gone. */
function compareLists(path: Path, before: readonly Words[], after: readonly Words[]): readonly Change[] {
  const isSame = (one: Words | undefined, other: Words | undefined): boolean =>
    JSON.stringify(one) === JSON.stringify(other);
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isSame(before[start], after[start])) start += 1;
  let end = 0;
  while (end < shorter - start && isSame(before.at(-1 - end), after.at(-1 - end))) end += 1;
  const gone = before.slice(start, before.length - end);
  const come = after.slice(start, after.length - end);
  if (gone.length === come.length) return gone.flatMap((one, at) => compareElements(path, start + at, one, come[at]!));
  return [...gone.map((one) => change('-', path, fitting(one))), ...come.map((one) => change('+', path, fitting(one)))];
}

function compareElements(path: Path, index: number, before: Words, after: Words): readonly Change[] {
  const texts = [textOf(before), textOf(after)];
  if (texts.every((text) => text.length <= longestText)) return [change('~', path, texts.join(' -> '))];
  return compare([...path.slice(0, -1), `${path.at(-1)!}[${index}]`], before, after);
}

/** A pack or a policy is a program of its own: that it is another one is all there is to say. */
function comparePacks<T>(
  what: 'pack' | 'policy',
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (JSON.stringify(old, withPatterns) === JSON.stringify(now, withPatterns)) return [];
    return [`${old === undefined ? '+' : now === undefined ? '-' : '~'} ${what} ${name}`];
  });
}

/** JSON knows neither patterns nor maps. */
function withPatterns(_key: string, value: unknown): unknown {
  if (value instanceof RegExp) return String(value);
  return value instanceof Map ? [...(value as ReadonlyMap<unknown, unknown>)] : value;
}

function change(sign: '+' | '-' | '~', path: Path, text = ''): Change {
  return { path, line: `${sign} ${nameOf(path)}${text === '' ? '' : `: ${text}`}` };
}

function nameOf([kind, name, ...keys]: Path): string {
  if (kind === undefined || name === undefined) return kind ?? '';
  if (!named.has(kind)) return [kind, name, ...keys].join('.');
  return `${kind} ${name}${keys.length === 0 ? '' : ` ${keys.join('.')}`}`;
}

/** The text of something that has come or gone, where there is room for it. */
function fitting(words: Words): string {
  const text = textOf(words);
  return text.length <= longestText ? text : '';
}

/** As one would write it on one line of YAML. */
function textOf(words: Words): string {
  if (typeof words === 'string') return /^[\w.%/*@+-][\w.%/*@+:-]*$/.test(words) ? words : JSON.stringify(words);
  if (isList(words)) return `[${words.map(textOf).join(', ')}]`;
  const entries = Object.entries(words).map(([key, value]) => `${key}: ${textOf(value)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function isList(words: Words | undefined): words is readonly Words[] {
  return Array.isArray(words);
}

function isMap(words: Words): words is WordMap {
  return typeof words === 'object' && !isList(words);
}
