import { matcherOf } from '../../packs/condition.js';
import type { ProcessMeasure } from '../../packs/measure.js';
import type { SeriesPattern, SignalPack } from '../../packs/signal-pack.js';
import { unitsPerSecond } from '../../packs/signal-pack.js';
import { binary, call, number } from '../../promql/expression.js';
import type { Expression, Matcher, Selector } from '../../promql/expression.js';
import { carrierSeconds } from '../rules/carrier-rules.js';
import { carrier, serviceLabels } from '../rules/series-names.js';
import type { BoardScope } from './board-scope.js';
import { scopeOf } from './board-scope.js';
import { ofAnyMesh, type OfMesh } from './of-any-mesh.js';

/**
 * What proxies tell of themselves: those of the board's service, or all of its meshes. Undefined for what none tells, and for a service
 * that has none of its own.
 */
export function processExpression(measure: ProcessMeasure, scope: BoardScope): Expression | undefined {
  if (isProxyless(scope)) return undefined;
  const found = scope.meshes.flatMap((pack) => ofMesh(measure, pack, scope) ?? []);
  return ofAnyMesh(found, measure.join === 'count' ? 'sum' : measure.join);
}

/** Whether the board is of one service that only others' proxies see. */
export function isProxyless({ fixed, seenAs }: BoardScope): boolean {
  return fixed['service'] !== undefined && seenAs === 'client';
}

function ofMesh({ what, by, join }: ProcessMeasure, pack: SignalPack, scope: BoardScope): OfMesh | undefined {
  const pattern = patternOf(what, pack);
  if (pattern === undefined) return undefined;
  const instance = scopeOf('instance', scope);
  const series: Selector = {
    kind: 'selector',
    metric: pattern.family,
    matchers: [
      ...pattern.where.map(matcherOf),
      ...(instance === undefined ? [] : [{ label: 'instance', ...instance }]),
    ],
  };
  const labels = what === 'version' ? [...new Set([...by, pack.version!.label])] : by;
  const joined: Expression = {
    kind: 'aggregation',
    operator: join,
    by: labels,
    of: ofTheseProxies(series, pack, scope),
  };
  const units = what === 'uptime' ? unitsPerSecond[pack.process.uptime!.unit] : 1;
  return { mesh: pack.name, labels, series: units === 1 ? joined : binary(joined, '/', number(units)) };
}

function patternOf(what: ProcessMeasure['what'], { process, version }: SignalPack): SeriesPattern | undefined {
  switch (what) {
    case 'memory':
      return process.memoryBytes;
    case 'connections':
      return process.connections;
    case 'uptime':
      return process.uptime && { family: process.uptime.family, where: [] };
    case 'version':
      return version;
    case 'up':
      return { family: 'up', where: [] };
  }
}

/** Whether services of a mesh have proxies that stand for them: those of ztunnel are seen by their clients' nodes only. */
export function hasOwnProxies({ views }: SignalPack): boolean {
  return views.some(({ perspective }) => perspective === 'server');
}

/** Series of which every proxy of a mesh has one: where none stands for a service, that of its version. */
export function proxiesOf(pack: SignalPack): Selector {
  const { name, version } = pack;
  if (version !== undefined && !hasOwnProxies(pack)) {
    return { kind: 'selector', metric: version.family, matchers: version.where.map(matcherOf) };
  }
  return { kind: 'selector', metric: carrier, matchers: [{ label: 'mesh', operator: '=', value: name }] };
}

/** Other programs have families of these names, too; and one that is down has nothing but its past. */
function ofTheseProxies(series: Selector, pack: SignalPack, scope: BoardScope): Expression {
  const service = serviceLabels.flatMap((label): readonly Matcher[] => {
    const said = scopeOf(label, scope);
    return said === undefined ? [] : [{ label, ...said }];
  });
  const proxies = proxiesOf(pack);
  const carriers = call('last_over_time', {
    ...proxies,
    rangeSeconds: carrierSeconds - 0.001,
    ...(proxies.metric === carrier && { matchers: [...proxies.matchers, ...service] }),
  });
  const on = { mode: 'on', labels: scope.settings.targetLabels } as const;
  if (service.length > 0 || series.metric === 'up' || pack.version === undefined)
    return binary(series, 'and', carriers, on);
  if (series.metric === pack.version.family) return series;
  const { family, where } = pack.version;
  return binary(series, 'and', { kind: 'selector', metric: family, matchers: where.map(matcherOf) }, on);
}
