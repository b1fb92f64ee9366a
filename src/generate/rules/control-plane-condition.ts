import type { AlertCondition, AlertSeries } from '../../packs/control-plane-alert.js';
import {
  binary,
  call,
  type Expression,
  maxBy,
  type Matcher,
  number,
  type Selector,
  sumBy,
} from '../../promql/expression.js';
import { sumOfAny } from './added.js';

/** The labels that a condition is judged by, and matchers that all of its series must pass. */
export interface ConditionScope {
  readonly by: readonly string[];
  readonly matchers: readonly Matcher[];
  /** What tells one target from every other. */
  readonly targetLabels: readonly string[];
}

/** A condition as an expression: has a series, with the value that an alert tells, for everything that it holds for. */
export function conditionExpression(
  condition: AlertCondition,
  { by, matchers, targetLabels }: ConditionScope,
): Expression {
  const selected = ({ metric, matchers: own }: AlertSeries, rangeSeconds?: number, suffix = ''): Selector => ({
    kind: 'selector',
    metric: `${metric}${suffix}`,
    matchers: [...own, ...matchers],
    ...(rangeSeconds !== undefined && { rangeSeconds }),
  });
  const growthOf = (series: readonly AlertSeries[], seconds: number): Expression => {
    const grown = series.map((one) =>
      sumBy(
        by,
        binary(sinceFirst(selected(one), seconds, targetLabels), 'or', call('increase', selected(one, seconds))),
      ),
    );
    return grown.length === 1 ? grown[0]! : sumOfAny(by, grown);
  };
  switch (condition.form) {
    case 'quantile': {
      const buckets = sumBy([...by, 'le'], call('rate', selected(condition.of, condition.overSeconds, '_bucket')));
      return above(call('histogram_quantile', number(condition.quantile), buckets), condition.above);
    }
    case 'mean': {
      const part = (suffix: string): Expression =>
        sumBy(by, call('rate', selected(condition.of, condition.overSeconds, suffix)));
      return above(binary(part('_sum'), '/', part('_count')), condition.above);
    }
    case 'share': {
      const bad = growthOf(condition.of, condition.overSeconds);
      const all = growthOf(condition.in, condition.overSeconds);
      // Where nothing else was counted, a share of it would be infinite: then it is all of it.
      const share = call('clamp_max', binary(bad, '/', all), number(1));
      return binary(above(share, condition.above), 'and', binary(bad, '>=', number(condition.atLeast)));
    }
    case 'growth':
      return above(growthOf(condition.of, condition.overSeconds), condition.above);
    case 'gauge': {
      const combined: Expression = { kind: 'aggregation', operator: condition.combine, by, of: selected(condition.of) };
      const low = condition.below === undefined ? combined : binary(combined, '<', number(condition.below));
      return condition.above === undefined ? low : binary(low, '>', number(condition.above));
    }
    case 'ratio': {
      const part = (series: AlertSeries): Expression => maxBy(by, binary(selected(series), '>', number(0)));
      return above(binary(part(condition.of), '/', part(condition.in)), condition.above);
    }
    case 'time-left': {
      const moment: Expression = {
        kind: 'aggregation',
        operator: 'min',
        by,
        of: binary(selected(condition.of), '>', number(0)),
      };
      return binary(binary(moment, '-', call('time')), '<', number(condition.below));
    }
    case 'age':
      return above(binary(call('time'), '-', maxBy(by, selected(condition.of))), condition.above);
    case 'gone': {
      const before = maxBy(by, call('present_over_time', selected(condition.of, condition.withinSeconds)));
      return binary(before, 'unless', maxBy(by, selected(condition.of)));
    }
    case 'distinct': {
      const present = sumBy([...by, condition.label], binary(selected(condition.of), '>', number(0)));
      return above({ kind: 'aggregation', operator: 'count', by, of: present }, condition.above);
    }
  }
}

/**
 * What counters hold that appeared within the range, at targets that were known before: they began at zero with their first event,
 * and growth between samples never has that.
 */
function sinceFirst(counter: Selector, seconds: number, targetLabels: readonly string[]): Expression {
  const appeared = binary(counter, 'unless', { ...counter, offsetSeconds: seconds });
  const up: Selector = { kind: 'selector', metric: 'up', matchers: [], offsetSeconds: seconds };
  return binary(appeared, 'and', binary(up, '==', number(1)), { mode: 'on', labels: targetLabels });
}

function above(expression: Expression, bound: number): Expression {
  return binary(expression, '>', number(bound));
}
