import type { MeshModel, ServiceModel } from './mesh-model.js';
import type { ProxyFacts } from './outcome.js';

/** Istio's labels of a request, in the order in which a proxy prints them. */
export type IstioLabels = Readonly<Record<string, string>>;

/** A service in one of its versions. */
interface Workload {
  readonly service: ServiceModel;
  readonly version: string;
}

/** What a request looks like to the proxy that reports it. */
export interface ReportedRequest {
  readonly reporter: 'source' | 'destination' | 'waypoint';
  readonly facts: ProxyFacts;
  /** Absent: a caller without a proxy. */
  readonly source: Workload | undefined;
  readonly destination: ServiceModel;
  /** Absent: the request never got as far as a pod. */
  readonly destinationVersion: string | undefined;
}

/** What a proxy knows of the other side, by prefix. */
interface PeerFacts {
  readonly workload: string;
  readonly namespace: string;
  readonly principal: string;
  readonly app: string;
  readonly version: string;
  readonly cluster: string;
  readonly canonicalService: string;
  readonly canonicalRevision: string;
}

const unknownPeer: PeerFacts = {
  workload: 'unknown',
  namespace: 'unknown',
  principal: 'unknown',
  app: 'unknown',
  version: 'unknown',
  cluster: 'unknown',
  canonicalService: 'unknown',
  canonicalRevision: 'latest',
};

/**
 * Labels of `istio_requests_total` and its histograms.
 *
 * @see istio/proxy source/extensions/filters/http/istio_stats/istio_stats.cc
 */
export function istioLabels(model: MeshModel, request: ReportedRequest): IstioLabels {
  const { reporter, facts, destination, destinationVersion } = request;
  const source = request.source ? peerFacts(model, request.source) : unknownPeer;
  const target =
    destinationVersion === undefined
      ? unknownPeer
      : peerFacts(model, { service: destination, version: destinationVersion });
  const mutualTls = request.source?.service.proxied === true && destination.proxied;
  const secured = mutualTls ? 'mutual_tls' : 'none';
  return {
    response_code: String(facts.code),
    reporter,
    source_workload: source.workload,
    source_workload_namespace: source.namespace,
    source_principal: mutualTls && target !== unknownPeer ? source.principal : 'unknown',
    source_app: source.app,
    source_version: source.version,
    source_cluster: source.cluster,
    destination_workload: target.workload,
    destination_workload_namespace: target.namespace,
    destination_principal: mutualTls ? target.principal : 'unknown',
    destination_app: target.app,
    destination_version: target.version,
    destination_service: `${destination.name}.${destination.namespace}.svc.cluster.local`,
    destination_service_name: destination.name,
    destination_service_namespace: destination.namespace,
    destination_cluster: target.cluster,
    request_protocol: destination.protocol,
    response_flags: facts.flags.length === 0 ? '-' : facts.flags.join(','),
    grpc_response_status: facts.grpcStatus === undefined ? '' : String(facts.grpcStatus),
    // Only the destination's proxy knows how the connection came in.
    connection_security_policy: reporter === 'source' ? 'unknown' : secured,
    source_canonical_service: source.canonicalService,
    destination_canonical_service: target.canonicalService,
    source_canonical_revision: source.canonicalRevision,
    destination_canonical_revision: target.canonicalRevision,
  };
}

/** A pod without a proxy is still known by its endpoint's metadata, except for its labels app and version. */
function peerFacts({ clusterId }: MeshModel, { service, version }: Workload): PeerFacts {
  const { name, namespace, app, proxied } = service;
  return {
    workload: `${name}-${version}`,
    namespace,
    principal: `spiffe://cluster.local/ns/${namespace}/sa/${name}`,
    app: proxied ? app : 'unknown',
    version: proxied ? version : 'unknown',
    cluster: clusterId,
    canonicalService: name,
    canonicalRevision: version,
  };
}

/** The labels between the braces of a sample; the simulator's names need no escaping. */
export function labelText(labels: IstioLabels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');
}
