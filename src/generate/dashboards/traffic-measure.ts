import { matcherOf, nameLabel } from '../../packs/condition.js';
import type { TrafficFact, TrafficMeasure } from '../../packs/measure.js';
import type { LatencyWindows, PackView, SignalPack } from '../../packs/signal-pack.js';
import { unitsPerSecond } from '../../packs/signal-pack.js';
import { binary, call, maxBy, number, sumBy } from '../../promql/expression.js';
import type { Expression, Matcher } from '../../promql/expression.js';
import type { BoardScope } from './board-scope.js';
import { scopeOf } from './board-scope.js';
import type { Moment } from './moment.js';
import { rateRange } from './moment.js';
import { ofAnyMesh, type OfMesh } from './of-any-mesh.js';
import { eitherWay, rawServiceWays } from './raw-scope.js';
import { rawSeries } from './raw-series.js';
import { perspectiveFor, shownFact, type ShownFact } from './traffic-facts.js';

/**
 * Requests as a mesh's own series count them, by any fact that it tells; undefined for a mesh without such a label, or
 * without a histogram.
 */
export function trafficExpression(measure: TrafficMeasure, scope: BoardScope, moment: Moment): Expression | undefined {
  const found = scope.meshes.flatMap((pack) => {
    const perspective = perspectiveFor(measure, pack, scope);
    return ofMesh({ ...measure, perspective }, pack, scope, moment) ?? [];
  });
  return ofAnyMesh(found, measure.what === 'quantile' ? 'max' : 'sum');
}

function ofMesh(measure: TrafficMeasure, pack: SignalPack, scope: BoardScope, moment: Moment): OfMesh | undefined {
  const { what, perspective, at } = measure;
  const isLatency = what === 'quantile' || what === 'buckets';
  if (what === 'quantile' && pack.latencyWindows !== undefined)
    return windowQuantile(measure, pack.latencyWindows, pack, scope);
  if (isLatency && pack.latency === undefined) return undefined;
  if (measure.bounds !== undefined && measure.bounds !== pack.latency?.unit) return undefined;
  const metrics = isLatency ? pack.latency!.families.map((family) => `${family}_bucket`) : pack.requests.families;
  const verdicts = what === 'bad' ? (['bad'] as const) : isLatency ? (['good', 'bad'] as const) : allVerdicts;
  const series = rawSeries(pack, perspective, metrics, verdicts, scope);
  const by = series && toldFacts(measure.by, pack, series.view, scope);
  if (by === undefined) return undefined;
  const further = [...ofProxy(scope), ...measure.where.map(matcherOf)];
  const all = series!.read((one) =>
    call('rate', { ...one, matchers: [...one.matchers, ...further], ...rateRange(moment) }),
  );
  const told = { mesh: pack.name, labels: shownLabels(by) };
  if (!isLatency) return { ...told, series: joinedBy(by, sumBy, all) };
  const buckets = joinedBy(by, sumBy, all, ['le']);
  if (what === 'buckets') return { ...told, series: buckets, labels: ['le', ...told.labels] };
  const quantile = call('histogram_quantile', number(at), buckets);
  const units = unitsPerSecond[pack.latency!.unit];
  return { ...told, series: units === 1 ? quantile : binary(quantile, '/', number(units)) };
}

function shownLabels(facts: readonly ShownFact[]): readonly string[] {
  return [...new Set(facts.flatMap(({ shown }) => shown))];
}

/** On the board of one proxy, its own series. */
function ofProxy(scope: BoardScope): readonly Matcher[] {
  const instance = scopeOf('instance', scope);
  return instance === undefined ? [] : [{ label: 'instance', ...instance }];
}

const allVerdicts = ['good', 'bad', 'left-out'] as const;

/** Facts that the mesh tells: the others are left out, and where it tells none of them there are none. */
function toldFacts(
  facts: readonly TrafficFact[],
  pack: SignalPack,
  view: PackView,
  scope: BoardScope,
): readonly ShownFact[] | undefined {
  const told = facts.flatMap((fact) => shownFact(fact, pack, view, scope) ?? []);
  return facts.length > 0 && told.length === 0 ? undefined : told;
}

/** Series as one for each value of facts. */
function joinedBy(
  facts: readonly ShownFact[],
  join: typeof sumBy,
  series: Expression,
  further: readonly string[] = [],
): Expression {
  const by = (labels: (fact: ShownFact) => readonly string[]): readonly string[] => [
    ...new Set([...further, ...facts.flatMap(labels)]),
  ];
  const sums = join(
    by(({ raw }) => raw),
    series,
  );
  if (facts.every(({ named }) => named === undefined)) return sums;
  const named = facts.reduce((so, fact) => fact.named?.(so) ?? so, sums);
  return join(
    by(({ shown }) => shown),
    named,
  );
}

/** Where proxies tell quantiles instead of buckets, the slowest one's: quantiles cannot be added up. */
function windowQuantile(
  { perspective, by, at, where }: TrafficMeasure,
  { family, quantileLabel, quantiles, unit }: LatencyWindows,
  pack: SignalPack,
  scope: BoardScope,
): OfMesh | undefined {
  const view = pack.views.find((one) => one.perspective === perspective);
  const facts = view && toldFacts(by, pack, view, scope);
  if (facts === undefined) return undefined;
  const nearest = [...quantiles].sort((a, b) => Math.abs(a - at) - Math.abs(b - at))[0]!;
  const conditions = [...view!.where.filter(({ label }) => label !== nameLabel), ...where].map(matcherOf);
  const quantile: Matcher = { label: quantileLabel, operator: '=', value: String(nearest) };
  const ways = rawServiceWays(view!.service, scope);
  if (ways.length === 0) return undefined;
  const ofService = (matchers: readonly Matcher[]): Expression => ({
    kind: 'selector',
    metric: family,
    matchers: [...conditions, ...matchers, ...ofProxy(scope), quantile],
  });
  const all = eitherWay(ways, ({ matchers }) => ofService(matchers), scope);
  const slowest = joinedBy(facts, maxBy, all);
  return {
    mesh: pack.name,
    labels: shownLabels(facts),
    series: binary(slowest, '/', number(unitsPerSecond[unit])),
  };
}
