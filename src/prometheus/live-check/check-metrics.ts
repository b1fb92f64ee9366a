import { nearestWord } from '../../documents/nearest-word.js';
import type { Perspective } from '../../domain/slo.js';
import { selectorsOf } from '../../packs/selectors.js';
import type { PrometheusApi } from '../prometheus-api.js';
import { good, named } from './finding.js';
import type { LiveFinding } from './finding.js';
import type { MeshNeeds } from './live-needs.js';
import { countSeries, seriesOf } from './series-count.js';

/** Whether the metrics of a mesh are there, and seen with the eyes that its SLOs look through. */
export async function checkMetrics(api: PrometheusApi, { pack, slos }: MeshNeeds): Promise<readonly LiveFinding[]> {
  const needsLatency = slos.some(({ indicator }) => indicator.kind === 'latency');
  const metrics = [
    ...pack.requests.families,
    ...(needsLatency ? (pack.latency?.families ?? []) : []).flatMap((family) => [
      `${family}_count`,
      `${family}_bucket`,
    ]),
  ];
  const findings: LiveFinding[] = [];
  for (const metric of metrics) {
    const count = await countSeries(api, seriesOf(metric));
    findings.push(
      count > 0 ? good('metric', `${metric} is there: ${count} series`) : await absent(api, metric, pack.name),
    );
  }
  if (findings[0]?.verdict === 'error') return findings;
  for (const perspective of new Set(slos.map((slo) => slo.perspective))) {
    const asking = slos.filter((slo) => slo.perspective === perspective).map(({ name }) => name);
    findings.push(...(await checkPerspective(api, pack, perspective, asking)));
  }
  return findings;
}

async function absent(api: PrometheusApi, metric: string, mesh: string): Promise<LiveFinding> {
  const known = await api.metricNames(metric.slice(0, metric.indexOf('_') + 1));
  const nearest = nearestWord(metric, known);
  const hint =
    nearest === undefined
      ? `let it scrape the proxies of ${mesh}; it has ${known.length} metrics that begin alike`
      : `it has ${nearest}: undo the renaming, or write a signal pack that reads it so`;
  return { verdict: 'error', code: 'metric-absent', message: `${metric} is not there`, hint };
}

async function checkPerspective(
  api: PrometheusApi,
  pack: MeshNeeds['pack'],
  perspective: Perspective,
  asking: readonly string[],
): Promise<readonly LiveFinding[]> {
  let seen = 0;
  for (const { selector } of selectorsOf(pack, perspective, { kind: 'availability' }).total) {
    seen += await countSeries(api, selector);
  }
  if (seen > 0) return [good('perspective', `requests of ${pack.name} as ${eyes[perspective]}: ${seen} series`)];
  const message = `no requests of ${pack.name} as ${eyes[perspective]}: nothing for ${named(asking)}`;
  const hint = 'is that side of the mesh scraped, or are its labels dropped on the way in?';
  return [{ verdict: 'warning', code: 'perspective-absent', message, hint }];
}

const eyes: Readonly<Record<Perspective, string>> = {
  server: 'the proxies of servers see them',
  client: 'the proxies of clients see them',
  'mesh-failures': 'the proxies of clients see them on their way',
  union: 'both sides see them',
};
