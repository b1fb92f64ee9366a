import { z } from 'zod';
import type { Diagnostic } from '../domain/diagnostic.js';
import { nearestWord, wordHint } from './nearest-word.js';
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
    message,
    position: document.position(path, detail.part),
    ...(detail.hint === undefined ? {} : { hint: detail.hint }),
  };
}

/** A document's value as its schema has it, or every mistake of it, each at its place. */
export function checkValue<T>(document: YamlDocument, schema: z.ZodType<T>): CheckedValue<T> {
  const result = schema.safeParse(document.value, { error: knownKeysAsMessage, reportInput: true });
  if (result.success) return { value: result.data, diagnostics: [] };
  return { diagnostics: result.error.issues.flatMap((found) => fromIssue(document, found, [])) };
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
      return found.keys.map((key) =>
        mistake(document, [...path, key], 'unknown-key', `unknown key ${key}${path.length > 0 ? ` in ${name}` : ''}`, {
          part: 'key',
          hint: wordHint(key, known),
        }),
      );
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
  const forms = found.errors.filter(([first]) => first !== undefined);
  const fitting = forms.filter((form) => !form.some((one) => one.code === 'invalid_type' && one.path.length === 0));
  const nearest = (fitting.length > 0 ? fitting : forms).toSorted((a, b) => a.length - b.length)[0] ?? [];
  return nearest.flatMap((one) => fromIssue(document, one, path));
}

function valueAt(root: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], root);
}

/** `scrape.jobs[0].mesh`, as people write it. */
function nameOf(path: ValuePath): string {
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

function article(expected: string): string {
  return articles[expected] ?? expected;
}

function kindOf(input: unknown): string {
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'string') return `the text ${JSON.stringify(input)}`;
  return typeof input === 'number' || typeof input === 'boolean' ? String(input) : 'a map';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
