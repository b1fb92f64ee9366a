import type { Expression } from './expression.js';

/** Names of the metrics that an expression reads, sorted, each once; a selector without a name adds nothing. */
export function metricNames(expression: Expression): readonly string[] {
  return [...new Set(selected(expression))].sort();
}

function selected(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'selector':
      return expression.metric === '' ? [] : [expression.metric];
    case 'number':
    case 'text':
      return [];
    case 'call':
      return expression.args.flatMap(selected);
    case 'aggregation':
      return selected(expression.of);
    case 'binary':
      return [...selected(expression.left), ...selected(expression.right)];
  }
}
