import type { Node, Pair, Document as YamlTree } from 'yaml';
import { LineCounter, isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Diagnostic, SourcePosition } from '../domain/diagnostic.js';
import { isNestedTooDeeply } from './nesting.js';
import { wordedFaults } from './syntax-words.js';

/** Keys and indexes from the root of a document to a value. */
export type ValuePath = readonly PropertyKey[];

/** One YAML document whose syntax is right: plain values, and where each of them stands. */
export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  /** Where a value stands; where it is missing, what should hold it. With `part: 'key'`, its key. */
  position(path: ValuePath, part?: 'key' | 'value'): SourcePosition;
}

/** Nobody writes a configuration this long by hand; 2 MiB. */
export const largestDocumentBytes = 2 * 1024 * 1024;

/** After so many, the rest is what follows from them. */
const mostSyntaxErrors = 20;

/** A YAML file may hold this many documents. */
const mostDocuments = 1000;

/**
 * The documents of a YAML file, or every mistake of its syntax. Never throws, whatever the bytes.
 *
 * Empty documents are left out; a file without any is a mistake, and so are duplicate keys and alias bombs.
 */
export function parseYaml(
  file: string,
  content: Uint8Array,
): { readonly documents: readonly YamlDocument[]; readonly diagnostics: readonly Diagnostic[] } {
  const fault = (code: string, message: string, hint?: string) => ({
    documents: [],
    diagnostics: [error({ file, line: 1, column: 1, length: 1 }, code, message, hint)],
  });
  if (content.length > largestDocumentBytes) {
    return fault('file-too-large', `${content.length} bytes; the limit is ${largestDocumentBytes}`, 'split the file');
  }
  const text = decodeText(content);
  if (text === undefined) return fault('not-text', 'not a text file (UTF-8)');
  if (isNestedTooDeeply(text)) return fault('nested-too-deeply', 'nested deeper than any configuration');
  const lines = new LineCounter();
  const trees = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    stringKeys: true,
    uniqueKeys: true,
  });
  if (!Array.isArray(trees)) return fault('empty-file', 'the file is empty');
  if (trees.length > mostDocuments) return fault('too-many-documents', `${trees.length} documents in one file`);
  const readings = trees.map((tree) => readTree(file, tree, lines, text));
  const documents = readings.flatMap((reading) => reading.document ?? []);
  const diagnostics = readings.flatMap((reading) => reading.diagnostics);
  if (documents.length === 0 && diagnostics.length === 0) return fault('empty-file', 'the file is empty');
  return { documents, diagnostics };
}

interface Reading {
  readonly document?: YamlDocument;
  readonly diagnostics: readonly Diagnostic[];
}

function readTree(file: string, tree: YamlTree.Parsed, lines: LineCounter, text: string): Reading {
  const diagnostics = wordedFaults([...tree.errors, ...tree.warnings], text)
    .slice(0, mostSyntaxErrors)
    .map(({ code, message, pos: [from, to], hint }) =>
      error(span(file, lines, from, Math.max(to, from + 1)), code.toLowerCase().replaceAll('_', '-'), message, hint),
    );
  if (diagnostics.length > 0) return { diagnostics };
  let value: unknown;
  try {
    value = tree.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    const message = 'aliases that multiply each other, or an alias of nothing';
    return { diagnostics: [error(span(file, lines, 0, 1), 'bad-alias', message, 'write the values out')] };
  }
  if (value === null) return { diagnostics };
  return { document: { file, value, position: (path, part) => locate(file, tree, lines, path, part) }, diagnostics };
}

function decodeText(content: Uint8Array): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}

function locate(
  file: string,
  tree: YamlTree.Parsed,
  lines: LineCounter,
  path: ValuePath,
  part: 'key' | 'value' = 'value',
): SourcePosition {
  let node: unknown = tree.contents;
  let holder: unknown = node;
  for (const [depth, step] of path.entries()) {
    const next = child(resolve(node, tree), step);
    if (next === undefined) return nodeSpan(file, lines, depth === 0 ? node : holder);
    const last = depth === path.length - 1;
    const key = isPair(next) ? next.key : undefined;
    node = isPair(next) ? (next.value ?? next.key) : next;
    // Something missing in a map is shown at the map's key: the map itself may be a page long.
    holder = key ?? node;
    if (last && part === 'key' && key !== undefined) return nodeSpan(file, lines, key);
  }
  return nodeSpan(file, lines, isScalar(node) || path.length === 0 ? node : holder);
}

function resolve(node: unknown, tree: YamlTree.Parsed): unknown {
  return isAlias(node) ? node.resolve(tree) : node;
}

function child(node: unknown, step: PropertyKey): Pair | Node | undefined {
  if (isMap(node)) return node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
  if (isSeq(node)) return node.items[Number(step)] as Node | undefined;
  return undefined;
}

function nodeSpan(file: string, lines: LineCounter, node: unknown): SourcePosition {
  const range = (node as Node | null | undefined)?.range;
  return range ? span(file, lines, range[0], range[1]) : span(file, lines, 0, 1);
}

function span(file: string, lines: LineCounter, from: number, to: number): SourcePosition {
  const start = lines.linePos(from);
  const end = lines.linePos(to);
  const length = end.line === start.line ? Math.max(1, end.col - start.col) : 1;
  return { file, line: Math.max(1, start.line), column: Math.max(1, start.col), length };
}

function error(position: SourcePosition, code: string, message: string, hint?: string): Diagnostic {
  return { severity: 'error', code, message, position, ...(hint === undefined ? {} : { hint }) };
}
