import type { EpochSeconds } from '../../domain/clock.js';
import type { Expression, Matcher, Selector } from '../../promql/expression.js';
import { printExpression } from '../../promql/printer.js';
import type { PrometheusApi } from '../prometheus-api.js';

/** A selector without the parts that nobody needs here. */
export function seriesOf(metric: string, matchers: readonly Matcher[] = []): Selector {
  return { kind: 'selector', metric, matchers };
}

/** How many series a selector has; now, unless a moment is named. */
export async function countSeries(api: PrometheusApi, selector: Selector, at?: EpochSeconds): Promise<number> {
  const [sample] = await api.instant(printExpression(counted(selector)), at);
  return sample?.value ?? 0;
}

/** How many series it has now, by values of a label; most first. */
export async function countByLabel(
  api: PrometheusApi,
  label: string,
  selector: Selector,
): Promise<readonly { readonly value: string; readonly count: number }[]> {
  const samples = await api.instant(printExpression(counted(selector, [label])));
  return samples
    .map(({ labels, value }) => ({ value: labels[label] ?? '', count: value }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

function counted(of: Expression, by: readonly string[] = []): Expression {
  return { kind: 'aggregation', operator: 'count', by, of };
}
