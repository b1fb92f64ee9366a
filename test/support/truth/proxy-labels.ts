import type { SeriesLabels } from '../tsdb/block-index.js';
import { hashOf } from './scrape-book.js';
import type { Ending } from './ending.js';
import type { ServiceStory } from './service-story.js';

/** The labels that a Prometheus adds to all series of a target. */
export function targetLabels(namespace: string, pod: string): SeriesLabels {
  const hash = hashOf(pod);
  return {
    job: 'istio-sidecars',
    instance: `10.${hash & 255}.${(hash >> 8) & 255}.${(hash >> 16) & 255}:15090`,
    namespace,
    pod,
  };
}

/**
 * Istio's labels of the requests of one caller that end alike.
 *
 * @see istio/proxy source/extensions/filters/http/istio_stats/istio_stats.cc
 */
export function requestLabels(story: ServiceStory, caller: number, ending: Ending): SeriesLabels {
  const source = `caller-${caller}`;
  const { name, namespace, cluster } = story;
  const reached = ending.reporter === 'destination' || !/UF|UH|NR/.test(ending.flags);
  const known = (value: string): string => (reached ? value : 'unknown');
  return {
    reporter: ending.reporter,
    response_code: ending.code,
    response_flags: ending.flags,
    grpc_response_status: ending.grpcStatus,
    request_protocol: ending.grpcStatus === '' ? 'http' : 'grpc',
    connection_security_policy: ending.reporter === 'source' ? 'unknown' : 'mutual_tls',
    source_workload: `${source}-v1`,
    source_workload_namespace: 'callers',
    source_principal: `spiffe://cluster.local/ns/callers/sa/${source}`,
    source_app: source,
    source_version: 'v1',
    source_cluster: 'Kubernetes',
    source_canonical_service: source,
    source_canonical_revision: 'v1',
    destination_workload: known(`${name}-v1`),
    destination_workload_namespace: known(namespace),
    destination_principal: known(`spiffe://cluster.local/ns/${namespace}/sa/${name}`),
    destination_app: known(name),
    destination_version: known('v1'),
    destination_cluster: known(cluster),
    destination_canonical_service: known(name),
    destination_canonical_revision: reached ? 'v1' : 'latest',
    destination_service: `${name}.${namespace}.svc.cluster.local`,
    destination_service_name: name,
    destination_service_namespace: namespace,
  };
}
