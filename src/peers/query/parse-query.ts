import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Obstacle } from '../obstacle.js';

/** Nobody writes a query this long, or this deep, by hand. */
const mostCharacters = 20_000;
const deepest = 60;

/** A query whose syntax is right. */
export interface ParsedQuery {
  readonly text: string;
  /** The outermost expression. */
  readonly root: SyntaxNode;
}

/** A query of PromQL as the grammar of Prometheus' own editor reads it, or what is wrong with it. */
export function parseQuery(text: string): ParsedQuery | Obstacle {
  if (text.length > mostCharacters || isTooDeep(text)) {
    return { code: 'query-too-long', message: 'this query is too long or too deeply nested to be read' };
  }
  const tree = parser.parse(text);
  let wrongAt: number | undefined;
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) wrongAt ??= from;
    },
  });
  const root = expressionsIn(tree.topNode)[0];
  if (wrongAt === undefined && root) return { text, root };
  const near = text.slice(Math.max(0, (wrongAt ?? 0) - 20), (wrongAt ?? 0) + 10).trim();
  const place = near === '' ? '' : `, near ${JSON.stringify(near)}`;
  return { code: 'bad-query', message: `this is no PromQL${place}`, hint: 'Prometheus would refuse it, too' };
}

/** Children of a node without comments and signs. */
export function expressionsIn(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (/(Expr|Call|Selector|Literal)$/.test(child.name)) found.push(child);
  }
  return found;
}

/** The parser, and what follows it, recurse. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let signs = 0;
  for (const character of text) {
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    if (character === '-' || character === '+') signs += 1;
    if (depth > deepest || signs > 4 * deepest) return true;
  }
  return false;
}
