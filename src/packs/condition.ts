import type { MatchOperator, Matcher } from '../promql/expression.js';
import { quoteRegex } from '../promql/escaping.js';

/** The label of a series under the name of the metric itself, as in PromQL. */
export const nameLabel = '__name__';

/**
 * What one label must be.
 *
 * - `any-of`: one of the values. - `pattern`: the whole value matches; the part of RE2 that JavaScript shares.
 * - `element`: one of the values is an element of the comma-separated list: `UF` is in `UF,URX`, and not in `UFX`.
 */
export interface Condition {
  readonly label: string;
  readonly test:
    | { readonly kind: 'any-of'; readonly values: readonly string[] }
    | { readonly kind: 'pattern'; readonly pattern: string; readonly expression: RegExp }
    | { readonly kind: 'element'; readonly values: readonly string[] };
  /** Whether the test must fail instead. */
  readonly negated: boolean;
}

/** The opposite of a condition. */
export function negate(condition: Condition): Condition {
  return { ...condition, negated: !condition.negated };
}

/** Whether a label's value (`''` for an absent label) is as the condition wants it. */
export function holds({ test, negated }: Condition, value: string): boolean {
  return passes(test, value) !== negated;
}

function passes(test: Condition['test'], value: string): boolean {
  switch (test.kind) {
    case 'any-of':
      return test.values.includes(value);
    case 'pattern':
      return test.expression.test(value);
    case 'element':
      return value.split(',').some((element) => test.values.includes(element));
  }
}

/** The condition as PromQL, true for exactly the same values. */
export function matcherOf({ label, test, negated }: Condition): Matcher {
  const [only] = test.kind === 'any-of' && test.values.length === 1 ? test.values : [];
  if (only !== undefined) return { label, operator: negated ? '!=' : '=', value: only };
  const operator: MatchOperator = negated ? '!~' : '=~';
  switch (test.kind) {
    case 'any-of':
      return { label, operator, value: test.values.map(quoteRegex).join('|') };
    case 'pattern':
      return { label, operator, value: test.pattern };
    case 'element': {
      // `[^,]` instead of a dot: Prometheus 2 and 3 disagree on whether a dot is a newline.
      const words = test.values.map(quoteRegex).join('|');
      return { label, operator, value: `([^,]*,)*(${words})(,[^,]*)*` };
    }
  }
}

/**
 * A conjunction without what is decided already, or undefined when no series can pass it.
 *
 * Where a label must be one certain value, all else that is said of the label is either implied or impossible.
 */
export function simplify(conditions: readonly Condition[]): readonly Condition[] | undefined {
  const kept: Condition[] = [];
  for (const condition of conditions) {
    const sure = conditions.find((other) => other.label === condition.label && onlyValue(other) !== undefined);
    if (sure === undefined) {
      kept.push(condition);
      continue;
    }
    if (!holds(condition, onlyValue(sure)!)) return undefined;
    if (condition === sure) kept.push(condition);
  }
  return kept;
}

function onlyValue({ test, negated }: Condition): string | undefined {
  return !negated && test.kind === 'any-of' && test.values.length === 1 ? test.values[0] : undefined;
}
