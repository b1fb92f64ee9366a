import { selectorsOf } from '../../packs/selectors.js';
import { printExpression } from '../../promql/printer.js';
import type { Selector } from '../../promql/expression.js';
import type { PrometheusApi } from '../prometheus-api.js';
import { good } from './finding.js';
import type { LiveFinding } from './finding.js';
import type { MeshNeeds } from './live-needs.js';
import { countSeries } from './series-count.js';

/** Reading as many once a minute keeps a core busy. */
const manySeries = 1_000_000;

/** How many series the rules of a mesh will read; nothing where there are none, which others tell. */
export async function checkCardinality(api: PrometheusApi, { pack, slos }: MeshNeeds): Promise<readonly LiveFinding[]> {
  const selectors = new Map<string, Selector>();
  for (const { perspective, indicator } of slos) {
    if (indicator.kind === 'latency-windows') continue;
    const { total, bad } = selectorsOf(pack, perspective, indicator);
    for (const { selector } of [...total, ...bad]) selectors.set(printExpression(selector), selector);
  }
  let read = 0;
  for (const selector of selectors.values()) read += await countSeries(api, selector);
  if (read === 0) return [];
  const all = await api.seriesCount();
  const message = `rules of ${pack.name} read ${read} series${all === undefined ? '' : ` of the ${all} that it has in memory`}`;
  if (read <= manySeries) return [good('series', message)];
  const hint = 'drop labels on the way in that nobody asks for, such as the pod of the caller';
  return [{ verdict: 'warning', code: 'many-series', message, hint }];
}
