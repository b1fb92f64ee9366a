import { matcherOf } from '../../packs/condition.js';
import type { TrafficFact, TrafficMeasure } from '../../packs/measure.js';
import { verdictSelectors } from '../../packs/selectors.js';
import type { PackView, SignalPack } from '../../packs/signal-pack.js';
import { unitsPerSecond } from '../../packs/signal-pack.js';
import { binary, call, chain, number, sumBy } from '../../promql/expression.js';
import type { Expression } from '../../promql/expression.js';
import type { BoardScope } from './board-scope.js';
import { scopeOf } from './board-scope.js';
import type { Moment } from './moment.js';
import { rateRange } from './moment.js';
import { rawServiceMatchers, withMatchers } from './raw-scope.js';

/**
 * Requests as a mesh's own series count them, by any fact that it tells; undefined for a mesh without such a label, or
 * without a histogram.
 */
export function trafficExpression(measure: TrafficMeasure, scope: BoardScope, moment: Moment): Expression | undefined {
  const found = scope.meshes.flatMap((pack) => ofMesh(measure, pack, scope, moment) ?? []);
  const [first, ...others] = found;
  return first && chain('or', [first, ...others]);
}

function ofMesh(measure: TrafficMeasure, pack: SignalPack, scope: BoardScope, moment: Moment): Expression | undefined {
  const { what, perspective, at } = measure;
  const isLatency = what === 'quantile' || what === 'buckets';
  if (isLatency && pack.latency === undefined) return undefined;
  const metrics = isLatency ? [`${pack.latency!.family}_bucket`] : pack.requests.families;
  const verdicts = what === 'bad' ? (['bad'] as const) : isLatency ? (['good', 'bad'] as const) : allVerdicts;
  const classes = verdictSelectors(pack, perspective, metrics, {}, verdicts);
  const view = classes[0]?.view;
  if (view === undefined) return undefined;
  const by = factLabels(measure.by, pack, view);
  if (by === undefined) return undefined;
  const instance = scopeOf('instance', scope);
  const further = [
    ...(instance === undefined ? [] : [{ label: 'instance', ...instance }]),
    ...measure.where.map(matcherOf),
  ];
  const rates = classes.flatMap(({ view: seen, selectors }) =>
    rawServiceMatchers(seen.service, scope).flatMap((service) =>
      selectors.map((one) => {
        const selector = withMatchers(one, service);
        return call('rate', { ...selector, matchers: [...selector.matchers, ...further], ...rateRange(moment) });
      }),
    ),
  );
  const [first, ...others] = rates;
  if (first === undefined) return undefined;
  const all = chain('or', [first, ...others]);
  if (!isLatency) return sumBy(by, all);
  const buckets = sumBy(['le', ...by], all);
  if (what === 'buckets') return buckets;
  const quantile = call('histogram_quantile', number(at), buckets);
  const units = unitsPerSecond[pack.latency!.unit];
  return units === 1 ? quantile : binary(quantile, '/', number(units));
}

const allVerdicts = ['good', 'bad', 'left-out'] as const;

/** Labels that tell facts; undefined where the mesh does not tell one of them. */
function factLabels(facts: readonly TrafficFact[], pack: SignalPack, view: PackView): readonly string[] | undefined {
  const labels = facts.map((fact) => labelsOf(fact, pack, view));
  return labels.some((one) => one.length === 0) ? undefined : [...new Set(labels.flat())];
}

/** The first label of a choice: charts show what it is, where a ledger would go on to the next. */
export function labelsOf(fact: TrafficFact, { facts }: SignalPack, view: PackView): readonly string[] {
  switch (fact) {
    case 'service':
      return [view.service.namespace, view.service.name].flatMap((one) =>
        'constant' in one ? [] : one.labels.slice(0, 1),
      );
    case 'caller':
      return (facts.caller?.labels ?? []).slice(0, 1);
    case 'version':
      return (facts.version?.labels ?? []).slice(0, 1);
    case 'method':
      return (facts.method?.labels ?? []).slice(0, 1);
    case 'flags':
      return (facts.flags?.labels ?? []).slice(0, 1);
    case 'code':
      return [facts.httpCode, facts.grpcCode].flatMap((one) => one?.labels.slice(0, 1) ?? []);
    case 'target':
      return ['instance'];
  }
}
