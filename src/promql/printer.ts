import { formatDuration } from '../domain/duration.js';
import { isPlainLabelName, isPlainMetricName, quoteString } from './escaping.js';
import type { BinaryOperator, Expression, Matcher, Selector } from './expression.js';

const precedence: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '+': 3,
  '-': 3,
  '*': 4,
  '/': 4,
};

/**
 * An expression as text that Prometheus 2.42 and everything younger reads alike; brackets only where they are needed.
 *
 * @throws RangeError for a label name that only Prometheus 3 could express.
 */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'selector':
      return printSelector(expression);
    case 'number':
      return printNumber(expression.value);
    case 'call':
      return `${expression.name}(${expression.args.map(printExpression).join(', ')})`;
    case 'aggregation': {
      const by = expression.by.length === 0 ? '' : ` by (${expression.by.map(labelName).join(', ')}) `;
      return `${expression.operator}${by}(${printExpression(expression.of)})`;
    }
    case 'binary': {
      const strength = precedence[expression.operator];
      const left = operand(expression.left, strength);
      // Left-associative: an operand as weak on the right side needs its brackets.
      const right = operand(expression.right, strength + 1);
      return `${left} ${expression.operator} ${right}`;
    }
  }
}

function operand(expression: Expression, leastStrength: number): string {
  const text = printExpression(expression);
  return expression.kind === 'binary' && precedence[expression.operator] < leastStrength ? `(${text})` : text;
}

function printSelector({ metric, matchers, rangeSeconds, offsetSeconds }: Selector): string {
  const plain = isPlainMetricName(metric);
  const all: readonly Matcher[] = plain ? matchers : [{ label: '__name__', operator: '=', value: metric }, ...matchers];
  const braces = all.length === 0 ? '' : `{${all.map(printMatcher).join(',')}}`;
  const range = rangeSeconds === undefined ? '' : `[${formatDuration(rangeSeconds)}]`;
  const offset = offsetSeconds === undefined ? '' : ` offset ${formatDuration(offsetSeconds)}`;
  return `${plain ? metric : ''}${braces}${range}${offset}`;
}

function printMatcher({ label, operator, value }: Matcher): string {
  return `${labelName(label)}${operator}${quoteString(value)}`;
}

function labelName(name: string): string {
  if (!isPlainLabelName(name)) throw new RangeError(`no label name for Prometheus 2: ${JSON.stringify(name)}`);
  return name;
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? 'Inf' : '-Inf';
}
