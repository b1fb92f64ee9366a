import type { Expression } from './expression.js';
import { aggregationHead, binarySign, printExpression, printOperands } from './printer.js';

const widestLine = 100;

/** An expression over as many lines as people need to read it; one line where it fits. Means what {@link printExpression} prints. */
export function layOut(expression: Expression): string {
  const flat = printExpression(expression);
  if (flat.length <= widestLine) return flat;
  switch (expression.kind) {
    case 'selector':
    case 'number':
    case 'text':
      return flat;
    case 'call':
      return layOutCall(expression);
    case 'aggregation':
      return block(`${aggregationHead(expression)}(`, layOut(expression.of));
    case 'binary': {
      const { left, right } = printOperands(expression, layOut, bracketed);
      return `${left}\n${binarySign(expression)}${right.startsWith('(\n') || !right.includes('\n') ? ' ' : '\n'}${right}`;
    }
  }
}

/** A range of a selector is one word, however long; literals stay on one line behind what they are about. */
function layOutCall({ name, args }: Extract<Expression, { readonly kind: 'call' }>): string {
  const [first, ...others] = args;
  if (first === undefined || (first.kind === 'selector' && others.length === 0))
    return printExpression({ kind: 'call', name, args });
  const lines = [layOut(first)];
  if (others.length > 0) lines.push(others.map(printExpression).join(', '));
  return block(`${name}(`, lines.join(',\n'));
}

function bracketed(text: string): string {
  return text.includes('\n') ? block('(', text) : `(${text})`;
}

function block(head: string, body: string): string {
  return `${head}\n${body.replaceAll(/^/gm, '  ')}\n)`;
}
