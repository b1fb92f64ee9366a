import { formatDuration } from '../domain/duration.js';
import { isPlainLabelName, isPlainMetricName, quoteString } from './escaping.js';
import type { Aggregation, BinaryOperation, BinaryOperator, Expression, Matcher, Selector } from './expression.js';

const precedence: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '<': 3,
  '>=': 3,
  '<=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
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
    case 'text':
      return quoteString(expression.text);
    case 'call':
      return `${expression.name}(${expression.args.map(printExpression).join(', ')})`;
    case 'aggregation':
      return `${aggregationHead(expression)}(${printExpression(expression.of)})`;
    case 'binary': {
      const { left, right } = printOperands(expression, printExpression);
      return `${left} ${binarySign(expression)} ${right}`;
    }
  }
}

/** `sum by (job) `, as it stands before its brackets. */
export function aggregationHead({ operator, by }: Aggregation): string {
  return by.length === 0 ? operator : `${operator} by (${by.map(labelName).join(', ')}) `;
}

/** `>= on (job) group_left (owner)`, as it stands between its operands. */
export function binarySign({ operator, bool, matching }: BinaryOperation): string {
  const sign = bool === true ? `${operator} bool` : operator;
  if (matching === undefined) return sign;
  const { mode, labels, many, include = [] } = matching;
  const list = (names: readonly string[]): string => `(${names.map(labelName).join(', ')})`;
  const group = many === undefined ? '' : ` group_${many} ${list(include)}`;
  return `${sign} ${mode} ${list(labels)}${group}`;
}

/** Both operands as a printer writes them, in brackets where they bind weaker than what joins them. */
export function printOperands(
  { operator, left, right }: BinaryOperation,
  print: (operand: Expression) => string,
  inBrackets = (text: string): string => `(${text})`,
): { readonly left: string; readonly right: string } {
  const strength = precedence[operator];
  const printed = (operand: Expression, leastStrength: number): string =>
    operand.kind === 'binary' && precedence[operand.operator] < leastStrength
      ? inBrackets(print(operand))
      : print(operand);
  // Left-associative: an operand as weak on the right side needs its brackets.
  return { left: printed(left, strength), right: printed(right, strength + 1) };
}

function printSelector({ metric, matchers, rangeSeconds, rangeVariable, offsetSeconds }: Selector): string {
  const plain = isPlainMetricName(metric);
  const all: readonly Matcher[] = plain ? matchers : [{ label: '__name__', operator: '=', value: metric }, ...matchers];
  const braces = all.length === 0 ? '' : `{${all.map(printMatcher).join(',')}}`;
  const length = rangeVariable ?? (rangeSeconds === undefined ? undefined : formatDuration(rangeSeconds));
  const range = length === undefined ? '' : `[${length}]`;
  // Prometheus 2 refuses an offset of nothing.
  const offset = !offsetSeconds ? '' : ` offset ${formatDuration(offsetSeconds)}`;
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
