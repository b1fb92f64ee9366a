import type { EventTerm } from '../query/counted-events.js';
import type { Matcher } from '../../promql/expression.js';
import { mostTries } from './most-tries.js';

/** Nobody has longer values, and longer expressions of others are not tried. */
export const longestValue = 500;

/** Expressions that may take longer, as a power of two, are not tried. */
const mostTriesAllowed = 28;

/** Whether a value (`''` for an absent label) passes a matcher. Expressions were tried with {@link readableExpression} before. */
export function passes({ operator, value: wanted }: Matcher, value: string): boolean {
  switch (operator) {
    case '=':
      return value === wanted;
    case '!=':
      return value !== wanted;
    case '=~':
      return readableExpression(wanted)?.test(value) === true;
    case '!~':
      return readableExpression(wanted)?.test(value) === false;
  }
}

const compiled = new Map<string, RegExp | undefined>();

/** RE2 as JavaScript reads it, for the whole value; undefined where the two differ, or it is none. */
export function readableExpression(text: string): RegExp | undefined {
  if (!compiled.has(text)) compiled.set(text, compile(text));
  return compiled.get(text);
}

function compile(text: string): RegExp | undefined {
  const [, flags = '', rest = ''] = /^(?:\(\?([is]+)\))?([^]*)$/.exec(text) ?? [];
  if (text.length > longestValue || /\(\?[^:]|\\(?:[1-9kbBpPQECzA]|x\{)|\[\[:|\[\^?\]/.test(rest)) return undefined;
  if (mostTries(rest) > mostTriesAllowed) return undefined;
  try {
    const expression = new RegExp(`^(?:${rest})$`, flags.includes('i') ? 'is' : 's');
    // Whether it is too large is told when it is tried.
    expression.test('');
    return expression;
  } catch {
    return undefined;
  }
}

/** The only value that a matcher lets through; undefined where there are more. `=~"cart"` is as good as `="cart"`. */
export function onlyValue({ operator, value }: Matcher): string | undefined {
  if (operator === '=') return value;
  if (operator !== '=~') return undefined;
  const host = onlyHost(value);
  if (host !== undefined) return host;
  const plain = value.replace(/^\^|\$$/g, '').replace(/^\((?:\?:)?([^()|]*)\)$/, '$1');
  const unescaped = plain.replace(/\\([.\-/:])/g, '$1');
  return /[\\*+?()|[\]{}^$.]/.test(plain.replace(/\\[.\-/:]/g, '')) ? undefined : unescaped;
}

/** A service's host name written as an expression: a dot that stands for any character lets no other host through. */
function onlyHost(value: string): string | undefined {
  const [, name, namespace, end = ''] =
    /^\^?([\w-]+)\\?\.([\w-]+)\\?\.svc((?:\\?\.[\w-]+)*)(?:\\?\.)?(?:\.\*)?\$?$/.exec(value) ?? [];
  if (name === undefined || namespace === undefined) return undefined;
  const host = `${name}.${namespace}.svc${end.replaceAll('\\', '')}`;
  return [host, `${host}.`].find((one) => readableExpression(value)?.test(one));
}

/** The values that an expression names one by one: `cart|checkout`; undefined where it names none. */
export function listedValues({ operator, value }: Matcher): readonly string[] | undefined {
  if (operator !== '=~') return undefined;
  const parts = value.replace(/^\^?\(?(?:\?:)?|\)?\$?$/g, '').split('|');
  const values = parts.map((part) => onlyValue({ label: '', operator, value: part }));
  return values.every((one) => one !== undefined) ? values : undefined;
}

/** The value that a label has in every series of a term; undefined where it may have several. */
export function fixedValue({ matchers }: EventTerm, label: string): string | undefined {
  return matchers.filter((one) => one.label === label).flatMap((one) => onlyValue(one) ?? [])[0];
}

/** Whether a series with these labels is one of a term's. */
export function takes({ matchers }: EventTerm, labels: ReadonlyMap<string, string>): boolean {
  return matchers.every((matcher) => matcher.label === 'le' || passes(matcher, labels.get(matcher.label) ?? ''));
}
