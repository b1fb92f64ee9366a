import {
  clusterCounters,
  countersAfterRequests,
  countersBeforeRequests,
  gaugesAfterBuild,
  gaugesBeforeBuild,
  type ProcessView,
  type ScalarStat,
  uptime,
} from './envoy-stats.js';
import type { Proxy } from './proxy.js';
import { requestHistograms, type RequestSeries } from './request-series.js';

/** What `/stats/prometheus` is asked for. */
export interface StatsQuery {
  /** Searched in Envoy's own names of statistics. */
  readonly filter: RegExp | undefined;
  /** Leaves out what was never written. */
  readonly usedOnly: boolean;
}

/** Namespace of Istio's own statistics, which are printed without a prefix. */
const istioNamespace = 'istiocustom.';

/**
 * A proxy's statistics as Envoy prints them for Prometheus: counters, gauges, histograms, each in the order of Envoy's own
 * names; no HELP; `{}` after a name without labels.
 *
 * @see envoyproxy/envoy source/server/admin/prometheus_stats.cc
 */
export function envoyText(
  proxy: Proxy,
  nowSeconds: number,
  { istioVersion, fillerClusters }: { readonly istioVersion: string; readonly fillerClusters: number },
  query: StatsQuery,
): string {
  const { startedSeconds, requests, series } = proxy;
  const clusters = 28 + fillerClusters;
  const view: ProcessView = { startedSeconds, nowSeconds, requests, seriesCount: series.length, clusters };
  const scalars = (stats: readonly ScalarStat[]): string => scalarText(stats, view, query);
  return [
    clusterText(clusterNames(fillerClusters), view, query),
    scalars(countersBeforeRequests),
    requestCounters(series, query),
    scalars(countersAfterRequests),
    controlPlaneText(query),
    scalars(gaugesBeforeBuild),
    buildText(istioVersion, query),
    scalars(gaugesAfterBuild),
    requestHistogramText(series, query),
  ].join('');
}

function scalarText(stats: readonly ScalarStat[], view: ProcessView, query: StatsQuery): string {
  let text = '';
  for (const { stat, type, value } of stats) {
    const number = value(view);
    if (!wanted(stat, number !== 0, query)) continue;
    const family = familyOf(stat);
    text += `# TYPE ${family} ${type}\n${family}{} ${number}\n`;
  }
  return text;
}

function clusterText(names: readonly string[], view: ProcessView, query: StatsQuery): string {
  let text = '';
  for (const { stat, perRequest } of clusterCounters) {
    const family = familyOf(`cluster.${stat}`);
    let lines = '';
    names.forEach((name, index) => {
      const value = Math.floor((uptime(view) / (7 + index)) * perRequest);
      if (wanted(`cluster.${name}.${stat}`, value !== 0, query))
        lines += `${family}{cluster_name="${name}"} ${value}\n`;
    });
    if (lines !== '') text += `# TYPE ${family} counter\n${lines}`;
  }
  return text;
}

/** Its connection to the control plane: the one cluster of which Istio keeps everything. */
function controlPlaneText(query: StatsQuery): string {
  if (!wanted('cluster.xds-grpc.upstream_cx_active', true, query)) return '';
  const family = familyOf('cluster.upstream_cx_active');
  return `# TYPE ${family} gauge\n${family}{cluster_name="xds-grpc"} 1\n`;
}

function requestCounters(series: readonly RequestSeries[], query: StatsQuery): string {
  let lines = '';
  for (const one of series) {
    if (!wanted(`${istioNamespace}istio_requests_total${one.statTags}`, true, query)) continue;
    lines += `istio_requests_total{${one.text}} ${one.count}\n`;
  }
  return lines === '' ? '' : `# TYPE istio_requests_total counter\n${lines}`;
}

function requestHistogramText(series: readonly RequestSeries[], query: StatsQuery): string {
  let text = '';
  for (const family of requestHistograms) {
    let lines = '';
    for (const one of series) {
      if (wanted(`${istioNamespace}${family}${one.statTags}`, true, query)) lines += one.histogramLines(family);
    }
    if (lines !== '') text += `# TYPE ${family} histogram\n${lines}`;
  }
  return text;
}

function buildText(version: string, query: StatsQuery): string {
  if (!wanted(`${istioNamespace}istio_build.component.proxy.tag.${version}`, true, query)) return '';
  return `# TYPE istio_build gauge\nistio_build{component="proxy",tag="${version}"} 1\n`;
}

function wanted(stat: string, used: boolean, { filter, usedOnly }: StatsQuery): boolean {
  return (used || !usedOnly) && (filter === undefined || filter.test(stat));
}

function familyOf(stat: string): string {
  return `envoy_${stat.replace(/[^A-Za-z0-9_]/g, '_')}`;
}

function clusterNames(filler: number): readonly string[] {
  const outbound = Array.from({ length: filler }, (_, index) => `outbound|80||svc-${index}.filler.svc.cluster.local`);
  return ['xds-grpc', ...outbound];
}
