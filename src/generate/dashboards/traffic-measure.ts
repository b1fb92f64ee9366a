import { matcherOf, nameLabel } from '../../packs/condition.js';
import type { TrafficFact, TrafficMeasure } from '../../packs/measure.js';
import type { LabelChoice, LatencyWindows, PackView, SignalPack } from '../../packs/signal-pack.js';
import { labelNames, unitsPerSecond } from '../../packs/signal-pack.js';
import { binary, call, chain, maxBy, number, sumBy } from '../../promql/expression.js';
import type { Expression, Matcher } from '../../promql/expression.js';
import type { BoardScope } from './board-scope.js';
import { scopeOf } from './board-scope.js';
import type { Moment } from './moment.js';
import { rateRange } from './moment.js';
import { rawServiceMatchers } from './raw-scope.js';
import { rawSeries } from './raw-series.js';

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
  if (what === 'quantile' && pack.latencyWindows !== undefined)
    return windowQuantile(measure, pack.latencyWindows, pack, scope);
  if (isLatency && pack.latency === undefined) return undefined;
  if (measure.bounds !== undefined && measure.bounds !== pack.latency?.unit) return undefined;
  const metrics = isLatency ? pack.latency!.families.map((family) => `${family}_bucket`) : pack.requests.families;
  const verdicts = what === 'bad' ? (['bad'] as const) : isLatency ? (['good', 'bad'] as const) : allVerdicts;
  const series = rawSeries(pack, perspective, metrics, verdicts, scope);
  const by = series && factLabels(measure.by, pack, series.view);
  if (by === undefined) return undefined;
  const instance = scopeOf('instance', scope);
  const further = [
    ...(instance === undefined ? [] : [{ label: 'instance', ...instance }]),
    ...measure.where.map(matcherOf),
  ];
  const rates = series!.selectors.map((one) =>
    call('rate', { ...one, matchers: [...one.matchers, ...further], ...rateRange(moment) }),
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

/** Labels that tell facts: what the mesh does not tell is left out, and where it tells none of them there are none. */
function factLabels(facts: readonly TrafficFact[], pack: SignalPack, view: PackView): readonly string[] | undefined {
  const labels = facts.map((fact) => labelsOf(fact, pack, view));
  const told = [...new Set(labels.flat())];
  return facts.length > 0 && told.length === 0 ? undefined : told;
}

/** Where proxies tell quantiles instead of buckets, the slowest one's: quantiles cannot be added up. */
function windowQuantile(
  { perspective, by, at, where }: TrafficMeasure,
  { family, quantileLabel, quantiles, unit }: LatencyWindows,
  pack: SignalPack,
  scope: BoardScope,
): Expression | undefined {
  const view = pack.views.find((one) => one.perspective === perspective);
  const labels = view && factLabels(by, pack, view);
  if (labels === undefined) return undefined;
  const nearest = [...quantiles].sort((a, b) => Math.abs(a - at) - Math.abs(b - at))[0]!;
  const conditions = [...view!.where.filter(({ label }) => label !== nameLabel), ...where].map(matcherOf);
  const quantile: Matcher = { label: quantileLabel, operator: '=', value: String(nearest) };
  const series = rawServiceMatchers(view!.service, scope).map((service): Expression => ({
    kind: 'selector',
    metric: family,
    matchers: [...conditions, ...service, quantile],
  }));
  const [first, ...others] = series;
  return first && binary(maxBy(labels, chain('or', [first, ...others])), '/', number(unitsPerSecond[unit]));
}

/** Labels that say a fact: the first of a choice, for charts show what it is where a ledger would go on to the next. */
export function labelsOf(fact: TrafficFact, { facts }: SignalPack, view: PackView): readonly string[] {
  switch (fact) {
    case 'service':
      return [view.service.namespace, view.service.name].flatMap((one) => ('constant' in one ? [] : shownLabels(one)));
    case 'caller':
    case 'version':
    case 'method':
    case 'flags':
      return shownLabels(facts[fact]);
    case 'code':
      return [...shownLabels(facts.httpCode), ...shownLabels(facts.grpcCode)];
    case 'target':
      return ['instance'];
  }
}

/** All of a choice whose labels stand in different series, or hold the fact as a part. */
function shownLabels(choice: LabelChoice | undefined): readonly string[] {
  if (choice === undefined) return [];
  const isMixed = choice.labels.some(({ pattern, where }) => pattern !== undefined || where.length > 0);
  return isMixed ? labelNames(choice) : labelNames(choice).slice(0, 1);
}
