import type { FamilyMeasure, FamilyWay } from '../../packs/measure.js';
import type { MetricType, MetricWord } from '../../packs/metric-vocabulary.js';
import { Failure } from '../../domain/failure.js';
import { binary, call, number, sumBy } from '../../promql/expression.js';
import type { Expression } from '../../promql/expression.js';
import type { BoardScope } from './board-scope.js';
import { scopedSelector } from './board-scope.js';
import type { Moment } from './moment.js';
import { rateRange } from './moment.js';

/** What a metric must be for a way to make sense of it; the rate of a histogram is that of what it observes. */
const waysOfTypes: Readonly<Record<FamilyWay, readonly MetricType[]>> = {
  rate: ['counter', 'histogram'],
  increase: ['counter'],
  level: ['gauge'],
  until: ['gauge'],
  since: ['gauge'],
  quantile: ['histogram'],
  mean: ['histogram'],
  buckets: ['histogram'],
};

/** @throws Failure `bad-configuration` for a metric that is not in the vocabulary, or of another type. */
export function familyExpression(measure: FamilyMeasure, scope: BoardScope, moment: Moment): Expression {
  const { kind, metric, where, by, at, join } = measure;
  const word = scope.vocabulary.get(metric);
  if (word === undefined || !waysOfTypes[kind].includes(word.type)) {
    const what = word === undefined ? 'in no vocabulary' : `a ${word.type}`;
    throw new Failure('bad-configuration', `a board asks for the ${kind} of ${metric}, which is ${what}`, {
      hint: 'write it into metrics: of the board, or ask for it in another way',
    });
  }
  const scraped: MetricWord = { ...word, labels: [...new Set([...word.labels, 'job', 'instance'])] };
  const of = (suffix: string): Expression =>
    call('rate', scopedSelector({ ...scraped, name: `${metric}${suffix}` }, where, scope, rateRange(moment)));
  const level = scopedSelector(scraped, where, scope);
  const time = call('time');
  const joined = (expression: Expression): Expression => ({ kind: 'aggregation', operator: join, by, of: expression });
  switch (kind) {
    case 'rate':
      return sumBy(by, of(word.type === 'histogram' ? '_count' : ''));
    case 'increase':
      return sumBy(by, call('increase', scopedSelector(scraped, where, scope, { rangeVariable: '$__range' })));
    case 'level':
      return joined(level);
    // The first to end is what matters.
    case 'until':
      return { kind: 'aggregation', operator: 'min', by, of: binary(level, '-', time) };
    case 'since':
      return { kind: 'aggregation', operator: 'max', by, of: binary(time, '-', level) };
    case 'quantile':
      return call('histogram_quantile', number(at), sumBy(['le', ...by], of('_bucket')));
    case 'mean':
      return binary(sumBy(by, of('_sum')), '/', binary(sumBy(by, of('_count')), '>', number(0)));
    case 'buckets':
      return sumBy(['le', ...by], of('_bucket'));
  }
}
