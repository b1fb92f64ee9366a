import { binary, call, number, sumBy } from '../../promql/expression.js';
import type { Expression } from '../../promql/expression.js';

/** Something that is added or taken off. */
export interface Term {
  readonly sign: 1 | -1;
  readonly of: Expression;
}

/** The sum of terms by labels; one that has no series for a set of labels counts as 0 there, which `a + b` would not. */
export function added(by: readonly string[], terms: readonly Term[]): Expression {
  return sumBy(by, sideBySide(terms));
}

/** The sum by labels of what is there of several things: many counters are absent until their first event. */
export function sumOfAny(by: readonly string[], of: readonly Expression[]): Expression {
  return added(
    by,
    of.map((one) => ({ sign: 1, of: one })),
  );
}

/** All series of all terms: a label tells them apart, for `or` keeps one of equal label sets only. A sum drops it. */
export function sideBySide(terms: readonly Term[]): Expression {
  const [first, ...others] = terms.map(signed);
  if (first === undefined) throw new RangeError('a sum of nothing');
  return others.reduce<Expression>(
    (left, term, index) => binary(left, 'or', call('label_replace', term, 'term', String(index + 2), '', '')),
    first,
  );
}

function signed({ sign, of }: Term): Expression {
  return sign === 1 ? of : binary(of, '*', number(-1));
}
