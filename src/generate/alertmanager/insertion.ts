import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Pair } from 'yaml';
import { markedBlock } from './marked-blocks.js';
import { yamlText } from './yaml-text.js';

/** Elements that come first in a list of a YAML text; `path` leads there through maps. */
export interface Insertion {
  readonly path: readonly string[];
  readonly elements: readonly unknown[];
}

/** A list that is written on one line, or is an alias: nothing can be put into it without rewriting what is there. */
export interface InlineList {
  readonly inlinePath: readonly string[];
}

/**
 * The text with elements put into its lists, inside marks; every other byte stays where it is. A list that is missing is made.
 *
 * @param text one YAML document whose maps on the paths are there
 */
export function insertElements(text: string, insertions: readonly Insertion[]): string | InlineList {
  const root = parseDocument(text, { schema: 'core' }).contents;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const splices: { readonly at: number; readonly block: string }[] = [];
  for (const { path, elements } of insertions) {
    if (elements.length === 0) continue;
    const place = placeOf(text, root, path);
    if (place === undefined) return { inlinePath: path };
    const { at, indent, key } = place;
    const block = yamlText(key === undefined ? elements : { [key]: elements });
    splices.push({ at, block: markedBlock(block, indent, lineEnd) });
  }
  const closed = text.endsWith('\n') ? text : `${text}${lineEnd}`;
  return splices
    .sort((a, b) => b.at - a.at)
    .reduce((sofar, { at, block }) => sofar.slice(0, at) + block + sofar.slice(at), closed);
}

/** Where to put a block: an offset at the start of a line, how far in, and the list's key where it has to be written too. */
interface Place {
  readonly at: number;
  readonly indent: number;
  readonly key?: string;
}

function placeOf(text: string, root: unknown, path: readonly string[]): Place | undefined {
  let holder: Pair | undefined;
  let node = root;
  for (const [depth, key] of path.entries()) {
    if (!isMap(node) || node.flow === true) return undefined;
    const pair = node.items.find((one): one is Pair => isScalar(one.key) && one.key.value === key);
    if (pair === undefined) {
      if (depth < path.length - 1) return undefined;
      const at =
        holder === undefined ? text.length + (text.endsWith('\n') ? 0 : 1) : lineAfter(text, startOf(holder.key));
      return { at, indent: columnOf(text, startOf(node.items[0]?.key)), key };
    }
    holder = pair;
    node = pair.value;
  }
  const keyAt = startOf(holder?.key);
  if (isSeq(node)) {
    return node.flow === true ? undefined : { at: lineAfter(text, keyAt), indent: columnOf(text, startOf(node)) };
  }
  const isEmpty = node === null || (isScalar(node) && node.value === null && node.source === '');
  return isEmpty ? { at: lineAfter(text, keyAt), indent: columnOf(text, keyAt) + 2 } : undefined;
}

function startOf(node: unknown): number {
  return (node as { range?: readonly [number, number, number] } | null | undefined)?.range?.[0] ?? 0;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function lineAfter(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length + 1 : end + 1;
}
