import { binary, call, number, sumBy } from '../../promql/expression.js';
import type { Expression } from '../../promql/expression.js';

/** Something that is added or taken off. */
export interface Term {
  readonly sign: 1 | -1;
  readonly of: Expression;
}

/**
 * The sum of terms by labels; one that has no series for a set of labels counts as 0 there, which `a + b` would not.
 *
 * The terms stand side by side under a label that tells them apart, for `or` keeps one of equal label sets only.
 */
export function added(by: readonly string[], terms: readonly Term[]): Expression {
  const [first, ...others] = terms.map(signed);
  if (first === undefined) throw new RangeError('a sum of nothing');
  const sideBySide = others.reduce<Expression>(
    (left, term, index) => binary(left, 'or', call('label_replace', term, 'term', String(index + 2), '', '')),
    first,
  );
  return sumBy(by, sideBySide);
}

function signed({ sign, of }: Term): Expression {
  return sign === 1 ? of : binary(of, '*', number(-1));
}
