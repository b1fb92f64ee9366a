import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** What a query asks for, read from its text: nothing of how it was made is known here. */
export interface ReadQuery {
  /** Syntax errors, each with the text at its place. */
  readonly errors: readonly string[];
  /** Names of metrics, sorted, each once. */
  readonly metrics: readonly string[];
  /** Those of them whose values are asked for as they stand: neither rated nor summed up over time. */
  readonly bare: readonly string[];
  /** Names of functions and aggregations, sorted, each once. */
  readonly functions: readonly string[];
  /** Numbers that stand where a missing side of `or` would be filled up. */
  readonly madeUp: readonly string[];
}

/** How Grafana's variables are filled in before anything reads a query. */
export interface Filling {
  readonly intervalSeconds: number;
  readonly rateIntervalSeconds: number;
  readonly rangeSeconds: number;
  /** Values as PromQL's strings take them; `.*` for all that are not named. */
  readonly variables?: Readonly<Record<string, string>>;
}

export const usualFilling: Filling = { intervalSeconds: 60, rateIntervalSeconds: 240, rangeSeconds: 3600 };

/** The query as Grafana sends it. */
export function filled(expr: string, filling: Filling = usualFilling): string {
  const milliseconds = (seconds: number): string => `${Math.round(seconds * 1000)}ms`;
  return expr
    .replaceAll('$__rate_interval', milliseconds(filling.rateIntervalSeconds))
    .replaceAll('$__interval', milliseconds(filling.intervalSeconds))
    .replaceAll('$__range', milliseconds(filling.rangeSeconds))
    .replaceAll(/\$(\w+)/g, (all, name: string) => (/^\d/.test(name) ? all : (filling.variables?.[name] ?? '.*')));
}

/** Reads a query; variables of Grafana must have been filled in. */
export function readPromql(text: string): ReadQuery {
  const errors: string[] = [];
  const metrics = new Set<string>();
  const functions = new Set<string>();
  const bare = new Set<string>();
  const madeUp: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      const part = text.slice(from, to);
      if (type.isError) errors.push(text.slice(Math.max(0, from - 10), to + 10));
      if (type.name === 'VectorSelector') {
        const name = node.getChild('Identifier');
        const isRange = node.parent?.type.name === 'MatrixSelector' || node.parent?.type.name === 'OffsetExpr';
        if (name) metrics.add(text.slice(name.from, name.to));
        if (name && !isRange && !isForPresence(node)) bare.add(text.slice(name.from, name.to));
        if (!name) errors.push(`a selector without a name: ${part}`);
      }
      if (type.name === 'FunctionIdentifier' || type.name === 'AggregateOp') functions.add(part);
      if (
        type.name === 'BinaryExpr' &&
        node.getChild('Or') &&
        /\bvector\s*\(/.test(text.slice(node.lastChild!.from, to))
      ) {
        madeUp.push(part);
      }
    },
  });
  return { errors, metrics: [...metrics].sort(), bare: [...bare].sort(), functions: [...functions].sort(), madeUp };
}

/** Whether only its labels matter: on the right of `and` and `unless`, values say nothing. */
function isForPresence(node: SyntaxNode): boolean {
  for (let one = node, { parent } = one; parent; one = parent, { parent } = one) {
    const isRight = parent.type.name === 'BinaryExpr' && parent.lastChild?.from === one.from;
    if (isRight && (parent.getChild('And') ?? parent.getChild('Unless'))) return true;
  }
  return false;
}
