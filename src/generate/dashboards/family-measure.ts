import { type FamilyMeasure, waysOfTypes } from '../../packs/measure.js';
import type { MetricWord } from '../../packs/metric-vocabulary.js';
import { binary, call, chain, number, sumBy } from '../../promql/expression.js';
import type { Expression } from '../../promql/expression.js';
import { carrierSeconds } from '../rules/carrier-rules.js';
import { carrier, serviceLabels } from '../rules/series-names.js';
import type { BoardScope } from './board-scope.js';
import { scopedSelector } from './board-scope.js';
import type { Moment } from './moment.js';
import { rateRange } from './moment.js';
import { hasOwnProxies, isProxyless } from './process-measure.js';

/**
 * One metric of the vocabulary, which has been checked to have it in such a way. Undefined for what is recorded of proxies of
 * services where these have none of their own.
 */
export function familyExpression(measure: FamilyMeasure, scope: BoardScope, moment: Moment): Expression | undefined {
  const { kind, metric, where, by, at, join } = measure;
  const word = scope.vocabulary.get(metric);
  if (word === undefined || !waysOfTypes[kind].includes(word.type)) throw new RangeError(`${kind} of ${metric}`);
  if (word.of === ofOwnProxies && (isProxyless(scope) || !scope.meshes.some(hasOwnProxies))) return undefined;
  const scraped: MetricWord = { ...word, labels: [...new Set([...word.labels, ...chosenTargets(word, scope)])] };
  const ofTargets = (series: Expression): Expression => ofSome(series, measure, scope);
  const of = (suffix: string): Expression =>
    ofTargets(
      call('rate', scopedSelector({ ...scraped, name: `${metric}${suffix}` }, where, scope, rateRange(moment))),
    );
  const time = call('time');
  const level = ofTheMesh(ofTargets(scopedSelector(scraped, where, scope)), word, scope);
  switch (kind) {
    case 'rate':
      return sumBy(by, of(word.type === 'counter' ? '' : '_count'));
    case 'increase':
      return sumBy(
        by,
        ofTargets(call('increase', scopedSelector(scraped, where, scope, { rangeVariable: '$__range' }))),
      );
    case 'level':
      return { kind: 'aggregation', operator: join, by, of: level };
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

/** Who exposes what rules record of the proxies that stand for services. */
const ofOwnProxies = 'own-proxies';

/** On the board of one mesh, what is recorded of services that its proxies stand for, where the series does not say so itself. */
function ofTheMesh(series: Expression, { of, labels }: MetricWord, { fixed }: BoardScope): Expression {
  const { mesh } = fixed;
  if (mesh === undefined || of !== ofOwnProxies || labels.includes('mesh')) return series;
  const carried = call('last_over_time', {
    kind: 'selector',
    metric: carrier,
    matchers: [{ label: 'mesh', operator: '=', value: mesh }],
    rangeSeconds: carrierSeconds - 0.001,
  });
  return binary(series, 'and', carried, { mode: 'on', labels: serviceLabels });
}

/** Labels of targets by which a board chooses among those that expose the metric. */
function chosenTargets({ of }: MetricWord, { variables, vocabulary }: BoardScope): readonly string[] {
  return variables
    .filter(({ label, metric }) => (label === 'job' || label === 'instance') && vocabulary.get(metric)?.of === of)
    .map(({ label }) => label);
}

/** Series of targets that have one of some metrics, and none of others. */
function ofSome(
  series: Expression,
  { beside, apartFrom }: Pick<FamilyMeasure, 'beside' | 'apartFrom'>,
  { settings }: BoardScope,
): Expression {
  const on = { mode: 'on', labels: settings.targetLabels } as const;
  const any = (metrics: readonly string[]): Expression | undefined => {
    const [first, ...others] = metrics.map((metric): Expression => ({ kind: 'selector', metric, matchers: [] }));
    return first && chain('or', [first, ...others]);
  };
  const [these, others] = [any(beside), any(apartFrom)];
  const kept = these ? binary(series, 'and', these, on) : series;
  return others ? binary(kept, 'unless', others, on) : kept;
}
