import { z } from 'zod';
import type { Diagnostic } from '../domain/diagnostic.js';
import { nearestWord, wordHint } from './nearest-word.js';
import { article, kindOf, lowerFirst, nameOf } from './wording.js';
import type { ValuePath, YamlDocument } from './yaml-document.js';

/** What a schema made of a document; `value` is there exactly when there is no mistake. */
export interface CheckedValue<T> {
  readonly value?: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** A mistake that a field's own check found: what a schema's `ctx.addIssue` takes. */
export function issue(
  code: string,
  message: string,
  hint?: string,
): { code: 'custom'; message: string; params: object } {
  return { code: 'custom', message, params: { code, hint } };
}

/** Messages repeat what is written, and that may be a page. */
const longestMessage = 300;

/** A mistake about a value of a document, to be found by whoever knows more than its schema. */
export function mistake(
  document: YamlDocument,
  path: ValuePath,
  code: string,
  message: string,
  detail: { readonly hint?: string | undefined; readonly part?: 'key' | 'value'; readonly severity?: 'warning' } = {},
): Diagnostic {
  return {
    severity: detail.severity ?? 'error',
    code,
    message: message.length > longestMessage ? `${message.slice(0, longestMessage)}...` : message,
    position: document.position(path, detail.part),
    ...(detail.hint === undefined ? {} : { hint: detail.hint }),
  };
}

/** A document's value as its schema has it, or every mistake of it, each at its place. */
export function checkValue<T>(document: YamlDocument, schema: z.ZodType<T>): CheckedValue<T> {
  return checkPart(document, [], schema);
}

/**
 * The same for the value at a path; one that is missing is `undefined` to the schema.
 *
 * A schema's rules between values wait until the values themselves are right, so documents of many independent things
 * are checked part by part: then a mistake in one of these hides none in another.
 */
export function checkPart<T>(document: YamlDocument, path: ValuePath, schema: z.ZodType<T>): CheckedValue<T> {
  const result = schema.safeParse(valueAt(document.value, path), { error: knownKeysAsMessage, reportInput: true });
  if (result.success) return { value: result.data, diagnostics: [] };
  return { diagnostics: result.error.issues.flatMap((found) => fromIssue(document, found, path)) };
}

/** zod's issue for unknown keys does not tell the known ones; its message is made to carry them to {@link fromIssue}. */
const knownKeysAsMessage: z.core.$ZodErrorMap = (raw) => {
  if (raw.code !== 'unrecognized_keys') return undefined;
  const { inst } = raw;
  return inst instanceof z.ZodObject ? Object.keys(inst.shape).join(' ') : '';
};

function fromIssue(document: YamlDocument, found: z.core.$ZodIssue, above: ValuePath): readonly Diagnostic[] {
  const path = [...above, ...found.path];
  const name = nameOf(path);
  switch (found.code) {
    case 'unrecognized_keys': {
      const known = found.message.split(' ').filter(Boolean);
      return found.keys.map((key) => unknownKey(document, [...path, key], known));
    }
    case 'invalid_type':
      if (found.input === undefined) {
        return [mistake(document, path, 'missing', `${name} is missing`, { hint: `write ${article(found.expected)}` })];
      }
      return [
        mistake(document, path, 'wrong-type', `${name} must be ${article(found.expected)}, not ${kindOf(found.input)}`),
      ];
    case 'invalid_value':
      return [wrongWord(document, path, name, found.values.map(String), found.input)];
    case 'invalid_union':
      return fromUnion(document, found, path);
    case 'invalid_key': {
      const position = document.position(path, 'key');
      return found.issues.flatMap((one) => fromIssue(document, one, path)).map((one) => ({ ...one, position }));
    }
    case 'too_big':
      return [mistake(document, path, 'too-much', `${name} must be at most ${String(found.maximum)}`)];
    case 'too_small': {
      const message =
        found.origin === 'number' || found.origin === 'int' ? `be at least ${String(found.minimum)}` : 'not be empty';
      return [mistake(document, path, 'too-little', `${name} must ${message}`)];
    }
    case 'custom': {
      const { code = 'wrong-value', hint } = (found.params ?? {}) as { code?: string; hint?: string };
      return [mistake(document, path, code, `${name}: ${found.message}`, { hint })];
    }
    default:
      return [mistake(document, path, 'wrong-value', `${name}: ${lowerFirst(found.message)}`)];
  }
}

function wrongWord(
  document: YamlDocument,
  path: ValuePath,
  name: string,
  known: readonly string[],
  input: unknown,
): Diagnostic {
  if (input === undefined) {
    return mistake(document, path, 'missing', `${name} is missing`, { hint: `one of: ${known.join(', ')}` });
  }
  const message = `${name} cannot be ${typeof input === 'string' ? JSON.stringify(input) : kindOf(input)}`;
  const nearest = typeof input === 'string' ? nearestWord(input, known) : undefined;
  const hint = nearest === undefined ? `one of: ${known.join(', ')}` : `did you mean ${nearest}?`;
  return mistake(document, path, 'wrong-value', message, { hint });
}

/** Of the forms that a value may have, the mistakes of the one that it comes nearest to. */
function fromUnion(
  document: YamlDocument,
  found: z.core.$ZodIssueInvalidUnion,
  path: ValuePath,
): readonly Diagnostic[] {
  if (found.errors.length === 0) {
    const known = (found as { options?: readonly unknown[] }).options?.map(String) ?? [];
    return [wrongWord(document, path, nameOf(path), known, valueAt(document.value, path))];
  }
  const stranger = strangers(document, found, path);
  if (stranger.length > 0) return stranger;
  const nearest = found.errors
    .filter(([first]) => first !== undefined)
    .toSorted((a, b) => distance(a) - distance(b) || a.length - b.length)[0];
  return (nearest ?? []).flatMap((one) => fromIssue(document, one, path));
}

/** How far a value is from a form: of another type altogether, a wrong word, or wrong somewhere inside. */
function distance(form: readonly z.core.$ZodIssue[]): number {
  const own = form.filter(({ path }) => path.length === 0);
  return Math.max(0, ...own.map(distanceOf));
}

function distanceOf(found: z.core.$ZodIssue): number {
  if (found.code === 'invalid_type') return 2;
  if (found.code === 'invalid_union') return Math.min(...found.errors.map(distance));
  return found.code === 'invalid_value' ? 1 : 0;
}

/** Keys that no form of a value knows. */
function strangers(
  document: YamlDocument,
  found: z.core.$ZodIssueInvalidUnion,
  path: ValuePath,
): readonly Diagnostic[] {
  const complaints = found.errors.map((form) =>
    form.find((one) => one.code === 'unrecognized_keys' && one.path.length === 0),
  );
  const maps = complaints.filter((one) => one?.code === 'unrecognized_keys');
  const known = [...new Set(maps.flatMap(({ message }) => message.split(' ').filter(Boolean)))];
  const [first] = maps;
  // A form that has no complaint knows all the keys that are there.
  if (
    first === undefined ||
    found.errors.some((form) => distance(form) < 2 && !form.some(({ code }) => code === 'unrecognized_keys'))
  )
    return [];
  const keys = [...new Set(maps.flatMap((one) => one.keys))].filter((key) => !known.includes(key));
  return keys.map((key) => unknownKey(document, [...path, key], known));
}

function unknownKey(document: YamlDocument, path: ValuePath, known: readonly string[]): Diagnostic {
  const key = String(path.at(-1));
  const where = path.length > 1 ? ` in ${nameOf(path.slice(0, -1))}` : '';
  return mistake(document, path, 'unknown-key', `unknown key ${key}${where}`, {
    part: 'key',
    hint: wordHint(key, known),
  });
}

function valueAt(root: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], root);
}
