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
  readonly offsetSeconds?: number;
}

/** The part of PromQL that meshslo writes. */
export type Expression =
  | Selector
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'aggregation';
      readonly operator: 'sum' | 'min' | 'max' | 'count';
      readonly by: readonly string[];
      readonly of: Expression;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    };

/** Binary operators, all of them left-associative. */
export type BinaryOperator = '*' | '/' | '+' | '-' | 'or' | 'and' | 'unless';

/** A sum over everything but the given labels. */
export function sumBy(by: readonly string[], of: Expression): Expression {
  return { kind: 'aggregation', operator: 'sum', by, of };
}

/** The events of signed selectors as one expression: `a + b - c`, each summed first and 0 where it has no series. */
export function signedSum(terms: readonly { readonly sign: 1 | -1; readonly selector: Selector }[]): Expression {
  const zero: Expression = { kind: 'number', value: 0 };
  return terms.reduce<Expression>((left, { sign, selector }) => {
    const right = orZero(sumBy([], selector));
    if (left === zero && sign === 1) return right;
    return { kind: 'binary', operator: sign === 1 ? '+' : '-', left, right };
  }, zero);
}

function orZero(expression: Expression): Expression {
  const vector: Expression = { kind: 'call', name: 'vector', args: [{ kind: 'number', value: 0 }] };
  return { kind: 'binary', operator: 'or', left: expression, right: vector };
}
