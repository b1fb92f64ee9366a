import type { CallsMeasure } from '../../packs/measure.js';
import { binary, call, number, sumBy } from '../../promql/expression.js';
import type { Expression, Matcher, Selector } from '../../promql/expression.js';
import { callSeconds, tellsCalls } from '../rules/dependency-calls.js';
import { dependencyCalls, dependencyLabels, serviceLabels } from '../rules/series-names.js';
import type { BoardScope } from './board-scope.js';
import { scopeOf } from './board-scope.js';

const everything = '(?s)(.*)';

/** Calls are recorded more seldom than a Prometheus looks back by itself: the newest are never older, late rules included. */
const newestSeconds = callSeconds + 300;

/** Calls between services, a second, or the share of them that failed; undefined where no mesh tells who calls. */
export function callsExpression(measure: CallsMeasure, scope: BoardScope): Expression | undefined {
  if (!scope.meshes.some(tellsCalls)) return undefined;
  const { what, graph } = measure;
  if (graph === 'edges') return ofEdges(measure, scope);
  if (graph === 'nodes') return ofNodes(measure, scope);
  return amount(what, (kind) => sumBy(measure.by, ofSides(kind, measure.scope, scope)));
}

function amount(what: CallsMeasure['what'], of: (kind: 'calls' | 'bad_calls') => Expression): Expression {
  if (what === 'bad-share') return binary(of('bad_calls'), '/', binary(of('calls'), '>', number(0)));
  return binary(of(what === 'all' ? 'calls' : 'bad_calls'), '/', number(callSeconds));
}

/** The calls that begin, or end, or do either, at what the board is about. */
function ofSides(kind: 'calls' | 'bad_calls', side: CallsMeasure['scope'], scope: BoardScope): Expression {
  const of = (prefix: string): Selector => ({
    kind: 'selector',
    metric: dependencyCalls(kind),
    matchers: sideMatchers(prefix, scope),
    rangeSeconds: newestSeconds,
  });
  const from = of('');
  const lastFrom = call('last_over_time', from);
  const lastTo = call('last_over_time', of('dependency_'));
  if (side === 'service') return lastFrom;
  if (side === 'dependency') return lastTo;
  return from.matchers.length === 0 ? lastFrom : binary(lastFrom, 'or', lastTo);
}

function sideMatchers(prefix: string, scope: BoardScope): readonly Matcher[] {
  return serviceLabels.flatMap((label) => {
    const said = scopeOf(label, scope);
    return said === undefined ? [] : [{ label: `${prefix}${label}`, ...said }];
  });
}

/** `id`, `source` and `target` of every pair that speaks. */
function ofEdges({ what, scope: side }: CallsMeasure, scope: BoardScope): Expression {
  return amount(what, (kind) => {
    const source = call('label_join', ofSides(kind, side, scope), 'source', '/', ...serviceLabels);
    const target = call('label_join', source, 'target', '/', ...dependencyLabels);
    const named = call('label_join', target, 'id', ' > ', 'source', 'target');
    return sumBy(['id', 'source', 'target'], named);
  });
}

/** `id`, `title` and, by cluster and namespace, `subtitle` of every service that calls or is called, with what it is called. */
function ofNodes({ what, scope: side }: CallsMeasure, scope: BoardScope): Expression {
  return amount(what, (kind) => {
    const calls = ofSides(kind, side, scope);
    const called = sumBy(nodeLabels, asNode(calls, dependencyLabels));
    const calling = sumBy(nodeLabels, asNode(calls, serviceLabels));
    return binary(called, 'or', binary(calling, '*', number(0)));
  });
}

const nodeLabels = ['id', 'title', 'subtitle'] as const;

function asNode(calls: Expression, [cluster, namespace, service]: readonly [string, string, string]): Expression {
  const withId = call('label_join', calls, 'id', '/', cluster, namespace, service);
  const withTitle = call('label_replace', withId, 'title', '$1', service, everything);
  return call('label_join', withTitle, 'subtitle', '/', cluster, namespace);
}
