import type { Verdict } from '../../domain/series-meaning.js';
import type { Perspective } from '../../domain/slo.js';
import { verdictSelectors } from '../../packs/selectors.js';
import type { PackView, ServiceLabels, SignalPack } from '../../packs/signal-pack.js';
import type { Expression, Selector } from '../../promql/expression.js';
import type { BoardScope } from './board-scope.js';
import { scopeOf } from './board-scope.js';
import { eitherWay, rawServiceWays, withMatchers } from './raw-scope.js';

/** Series of a mesh, and one of the views that they are seen from. */
export interface RawSeries {
  readonly view: PackView;
  /** What is read of each selector, of which no two pass the same series, in one. */
  readonly read: (of: (selector: Selector) => Expression) => Expression;
}

/**
 * The series of metrics whose requests have one of the verdicts, of the board's service, or of all; undefined for a mesh that
 * has no such view, and for a service in a cluster that its series cannot name.
 */
export function rawSeries(
  pack: SignalPack,
  perspective: Perspective,
  metrics: readonly string[],
  verdicts: readonly Verdict[],
  scope: BoardScope,
): RawSeries | undefined {
  const isNamed = scopeOf('service', scope) !== undefined && scopeOf('namespace', scope) !== undefined;
  const originals = new Map(pack.views.map((view) => [isNamed ? { ...view, service: anyService } : view, view]));
  const classes = verdictSelectors({ ...pack, views: [...originals.keys()] }, perspective, metrics, {}, verdicts);
  const view = pack.views.find((one) => one.perspective === perspective);
  if (view === undefined || classes.length === 0) return undefined;
  const ways = classes.flatMap((one) => {
    // Classes that are not told apart stand in a copy of their view; what it says of the service is the same.
    const service = isNamed ? serviceOf(one.view, originals) : one.view.service;
    return rawServiceWays(service, scope).flatMap((way) =>
      one.selectors.map((selector) => ({ ...way, selector: withMatchers(selector, way.matchers) })),
    );
  });
  if (ways.length === 0) return undefined;
  return { view, read: (of) => eitherWay(ways, ({ selector }) => of(selector), scope) };
}

/** Whoever is named needs no proof that he has a name: the product of both would be a page long. */
const anyService: ServiceLabels = { name: { constant: '-' }, namespace: { constant: '-' }, cluster: undefined };

function serviceOf(copy: PackView, originals: ReadonlyMap<PackView, PackView>): ServiceLabels {
  for (const [changed, original] of originals) {
    if (changed.where === copy.where && changed.perspective === copy.perspective) return original.service;
  }
  return copy.service;
}
