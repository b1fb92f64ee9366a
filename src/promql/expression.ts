/** How a label's value is compared. Regular expressions are RE2 and must match the whole value. */
export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** A comparison of one label; an absent label has the value `''`. */
export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** The series of one metric that pass every matcher; with `rangeSeconds`, their samples of that long. */
export interface Selector {
  readonly kind: 'selector';
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  readonly rangeSeconds?: number;
  /** In place of `rangeSeconds`: a length that whoever asks fills in, as Grafana does `$__rate_interval`. */
  readonly rangeVariable?: string;
  readonly offsetSeconds?: number;
}

/** The part of PromQL that meshslo writes. */
export type Expression =
  | Selector
  | { readonly kind: 'number'; readonly value: number }
  /** An argument that is text, as `label_replace` takes it. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | Aggregation
  | BinaryOperation;

/** One value for every set of values that the `by` labels have. */
export interface Aggregation {
  readonly kind: 'aggregation';
  readonly operator: 'sum' | 'min' | 'max' | 'avg' | 'count';
  readonly by: readonly string[];
  readonly of: Expression;
}

/** Two operands, of which series with equal labels meet; `matching` says which labels must be equal. */
export interface BinaryOperation {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly matching?: Matching;
  /** Makes a comparison 0 or 1, where it would keep or drop the left side. */
  readonly bool?: boolean;
}

/** Which labels of the two sides must be equal. */
export interface Matching {
  readonly mode: 'on' | 'ignoring';
  readonly labels: readonly string[];
  /** The side of which several series may meet one of the other. */
  readonly many?: 'left' | 'right';
  /** Labels that the other side gives to the result. */
  readonly include?: readonly string[];
}

/** Operators between two operands, all of them left-associative. */
export type BinaryOperator = Comparison | '*' | '/' | '+' | '-' | 'or' | 'and' | 'unless';

/** Keeps what is on the left where it holds. */
export type Comparison = '==' | '!=' | '>' | '<' | '>=' | '<=';

/** A sum over everything but the given labels. */
export function sumBy(by: readonly string[], of: Expression): Expression {
  return { kind: 'aggregation', operator: 'sum', by, of };
}

/** The largest of each set: what makes the side of a join unique. */
export function maxBy(by: readonly string[], of: Expression): Expression {
  return { kind: 'aggregation', operator: 'max', by, of };
}

/** A number as it stands. */
export function number(value: number): Expression {
  return { kind: 'number', value };
}

/** A function of its arguments; texts become literals. */
export function call(name: string, ...args: readonly (Expression | string)[]): Expression {
  return { kind: 'call', name, args: args.map((arg) => (typeof arg === 'string' ? { kind: 'text', text: arg } : arg)) };
}

/** Two operands and what joins them. */
export function binary(
  left: Expression,
  operator: BinaryOperator,
  right: Expression,
  matching?: Matching,
): BinaryOperation {
  return { kind: 'binary', operator, left, right, ...(matching && { matching }) };
}

/** Operands of one operator, from left to right. */
export function chain(
  operator: BinaryOperator,
  [first, ...others]: readonly [Expression, ...Expression[]],
): Expression {
  return others.reduce<Expression>((left, right) => binary(left, operator, right), first);
}

/** The events of signed selectors as one expression: `a + b - c`, each summed first and 0 where it has no series. */
export function signedSum(terms: readonly { readonly sign: 1 | -1; readonly selector: Selector }[]): Expression {
  const zero = number(0);
  return terms.reduce<Expression>((left, { sign, selector }) => {
    const right = orZero(sumBy([], selector));
    if (left === zero && sign === 1) return right;
    return binary(left, sign === 1 ? '+' : '-', right);
  }, zero);
}

function orZero(expression: Expression): Expression {
  return binary(expression, 'or', call('vector', number(0)));
}
