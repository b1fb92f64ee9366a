import type { RequestEvents } from '../event-log.js';
import type { Mesh, Pod } from '../mesh.js';
import type { ServiceKey } from '../mesh-model.js';
import type { OutcomeKind } from '../outcome.js';
import { Carriers } from './carriers.js';
import type { DataPlane, PlaneText } from './data-plane.js';
import { CounterTable, HistogramTable, labelsText } from './tables.js';

/** @see linkerd/linkerd2-proxy linkerd/metrics/src/latency.rs */
const latencyBoundsMs = [
  1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 100, 200, 300, 400, 500, 1000, 2000, 3000, 4000, 5000, 10000, 20000, 30000, 40000,
  50000,
];

/** Requests that pass through the proxy and are nobody's: the kubelet asks every ten seconds. */
const probeSeconds = 10;

interface Linkerd2Process {
  readonly startedSeconds: number;
  readonly counters: CounterTable;
  readonly latency: HistogramTable;
}

/** How a request ended, in the words of a proxy; undefined for one that ends without a response being counted. */
interface Response {
  readonly status?: string;
  readonly grpcStatus?: string;
  readonly error?: string;
  readonly isFailure: boolean;
}

/** How a route calls what no endpoint ever answered. */
const routeErrors: Readonly<Partial<Record<OutcomeKind, string>>> = {
  timeout: 'REQUEST_TIMEOUT',
  'connect-failure': 'UNEXPECTED',
  'no-healthy-upstream': 'FAIL_FAST',
  'circuit-breaker': 'LOAD_SHED',
  'no-cluster': 'FAIL_FAST',
  'dns-failure': 'FAIL_FAST',
};

/**
 * Linkerd 2's proxies, one in every pod, with the older and the newer families.
 *
 * @see linkerd/linkerd2-proxy linkerd/app/core/src/metrics.rs
 */
export class Linkerd2Plane implements DataPlane {
  readonly path = '/metrics';
  readonly #carriers = new Carriers<Linkerd2Process>({
    begin: (startedSeconds) => ({
      startedSeconds,
      counters: new CounterTable(),
      latency: new HistogramTable(latencyBoundsMs),
    }),
  });
  #mesh!: Mesh;

  attach(mesh: Mesh): void {
    this.#mesh = mesh;
  }

  readonly take = this.#carriers.sink((events, process) => {
    const { pod, clientPod, server, client } = events;
    if (pod !== undefined && server !== undefined) inbound(events, process(pod));
    if (clientPod !== undefined && client !== undefined) outbound(events, process(clientPod));
  });

  proxies() {
    return this.#mesh.pods.map((pod) => ({ name: pod.name, labels: targetLabels(pod) }));
  }

  text(proxy: string, nowSeconds: number): PlaneText | undefined {
    const process = this.#carriers.process(proxy);
    return process && { contentType: 'text/plain; charset=utf-8', text: linkerd2Text(process, nowSeconds) };
  }

  carrierOf(pod: string): string {
    return this.#carriers.carrierOf(pod);
  }

  restart(proxy: string, atSeconds: number): void {
    this.#carriers.restart(proxy, atSeconds);
  }
}

function targetLabels({ name, service, version }: Pod): Readonly<Record<string, string>> {
  return { pod: name, namespace: service.namespace, app: service.app, deployment: `${service.name}-${version}` };
}

/** What the destination's proxy counts. A request whose client goes away before the response is in no class. */
function inbound(events: RequestEvents, { counters, latency }: Linkerd2Process): void {
  const { destination, source, count, buckets } = events;
  const labels = {
    direction: 'inbound',
    target_addr: '10.42.0.63:8080',
    target_ip: '10.42.0.63',
    target_port: '8080',
    tls: source === undefined ? 'no_identity' : 'true',
    no_tls_reason: source === undefined ? 'no_tls_from_remote' : undefined,
    client_id: source === undefined ? undefined : identityOf(source),
    srv_group: '',
    srv_kind: 'default',
    srv_name: 'all-unauthenticated',
    route_kind: 'default',
    route_name: 'default',
    authority: `${nameOf(destination)}.${namespaceOf(destination)}.svc.cluster.local:8080`,
  };
  counters.add('request_total', labelsText(labels), count);
  const response = serverResponse(events);
  if (response) respond(counters, latency, labels, response, { count, buckets });
}

function outbound(events: RequestEvents, { counters, latency }: Linkerd2Process): void {
  const { destination, count, buckets, kind } = events;
  const labels = {
    direction: 'outbound',
    authority: `${nameOf(destination)}.${namespaceOf(destination)}.svc.cluster.local:8080`,
    target_addr: '10.42.0.63:8080',
    tls: 'true',
    server_id: identityOf(destination),
    dst_control_plane_ns: 'linkerd',
    dst_deployment: `${nameOf(destination)}-v1`,
    dst_namespace: namespaceOf(destination),
    dst_pod: `${nameOf(destination)}-v1-84df7f64c-bb6l4`,
    dst_pod_template_hash: '84df7f64c',
    dst_service: nameOf(destination),
    dst_serviceaccount: nameOf(destination),
  };
  const reached = events.server !== undefined || !(kind in routeErrors);
  if (reached) counters.add('request_total', labelsText(labels), count);
  const response = kind === 'timeout' ? { error: 'timeout', isFailure: true } : serverResponse(events);
  // What never got as far as an endpoint is in outbound_http_errors_total, and in no response.
  if (reached && response) respond(counters, latency, labels, response, { count, buckets });
  countRoute(events, counters, response);
}

/** The route's own count: one for each request, whatever became of it, but for those whose client went away. */
function countRoute({ destination, kind, count }: RequestEvents, counters: CounterTable, response?: Response): void {
  const error = routeErrors[kind];
  if (response === undefined && error === undefined) return;
  if (response?.error === 'h2(CANCEL)') return;
  const grpc = response?.grpcStatus;
  const family =
    grpc === undefined ? 'outbound_http_route_request_statuses_total' : 'outbound_grpc_route_request_statuses_total';
  const status =
    grpc === undefined
      ? `http_status="${error === undefined ? response!.status! : ''}"`
      : `grpc_status="${grpcName(grpc)}"`;
  const labels =
    `parent_group="core",parent_kind="Service",parent_namespace="${namespaceOf(destination)}",parent_name="${nameOf(destination)}",` +
    `parent_port="8080",parent_section_name="",route_group="",route_kind="default",route_namespace="",route_name="http",` +
    `hostname="",${status},error="${error ?? ''}"`;
  counters.add(family, labels, count);
}

function respond(
  counters: CounterTable,
  latency: HistogramTable,
  labels: Readonly<Record<string, string | undefined>>,
  { status, grpcStatus, error, isFailure }: Response,
  { count, buckets }: Pick<RequestEvents, 'count' | 'buckets'>,
): void {
  const classification = isFailure ? 'failure' : 'success';
  const ended = { ...labels, status_code: status, classification, grpc_status: grpcStatus, error };
  counters.add('response_total', labelsText(ended), count);
  if (status !== undefined) latency.add(labelsText({ ...labels, status_code: status }), buckets);
}

/** What the application's answer is to its own proxy. */
function serverResponse({ kind, server }: RequestEvents): Response | undefined {
  switch (kind) {
    case 'abort-fast':
    case 'timeout':
      return undefined;
    case 'abort-long':
      return { error: 'h2(CANCEL)', isFailure: true };
    case 'unavailable':
    case 'no-response':
      return { status: '502', isFailure: true };
    default: {
      if (server === undefined) return undefined;
      const { code, grpcStatus } = server;
      if (grpcStatus === undefined) return { status: String(code), isFailure: code >= 500 };
      // The proxy's own set lacks 7, PERMISSION_DENIED.
      return { status: '200', grpcStatus: String(grpcStatus), isFailure: [2, 4, 13, 14, 15].includes(grpcStatus) };
    }
  }
}

function linkerd2Text({ startedSeconds, counters, latency }: Linkerd2Process, nowSeconds: number): string {
  const upSeconds = Math.floor(nowSeconds - startedSeconds);
  const admin = labelsText({ direction: 'inbound', target_addr: '0.0.0.0:4191', tls: 'no_identity' });
  const probe = labelsText({
    direction: 'inbound',
    target_addr: '10.42.0.63:8080',
    route_kind: 'default',
    route_name: 'probe',
  });
  const probes = Math.floor(upSeconds / probeSeconds);
  const families = [
    'request_total',
    'response_total',
    'outbound_http_route_request_statuses_total',
    'outbound_grpc_route_request_statuses_total',
  ];
  const counted = families.flatMap((family) => {
    const lines = counters.series(family).map(([labels, value]) => `${family}{${labels}} ${value}\n`);
    if (family === 'response_total') {
      const good = 'status_code="200",classification="success"';
      lines.push(`${family}{${admin},${good}} ${probes * 2}\n`, `${family}{${probe},${good}} ${probes}\n`);
    }
    return lines.length === 0
      ? []
      : [`# HELP ${family} Total count of HTTP requests.\n# TYPE ${family} counter\n`, ...lines];
  });
  const gauge = (name: string, value: number, labels = ''): string =>
    `# TYPE ${name} gauge\n${name}${labels} ${value}\n`;
  return [
    ...counted,
    "# HELP response_latency_ms Elapsed times between a request's headers being received and its response stream completing\n# TYPE response_latency_ms histogram\n",
    latency.lines('response_latency_ms', 1),
    '# TYPE tcp_open_connections gauge\n',
    `tcp_open_connections{direction="inbound",peer="src",tls="true"} ${2 + (counters.count % 7)}\n`,
    `tcp_open_connections{direction="outbound",peer="dst",tls="true"} ${1 + (counters.count % 5)}\n`,
    gauge(
      'proxy_build_info',
      1,
      '{version="2.366.0",git_sha="0000000",vendor="linkerd",profile="release",date="2026-08-01"}',
    ),
    gauge('identity_cert_expiration_timestamp_seconds', startedSeconds + 86_400),
    gauge('process_start_time_seconds', Math.floor(startedSeconds)),
    gauge('process_resident_memory_bytes', 9_000_000 + 6_000 * counters.count),
  ].join('');
}

function nameOf(service: ServiceKey): string {
  return service.slice(service.indexOf('/') + 1);
}

function namespaceOf(service: ServiceKey): string {
  return service.slice(0, service.indexOf('/'));
}

function identityOf(service: ServiceKey): string {
  return `${nameOf(service)}.${namespaceOf(service)}.serviceaccount.identity.linkerd.cluster.local`;
}

function grpcName(status: string): string {
  const names: Readonly<Record<string, string>> = {
    0: 'OK',
    4: 'DEADLINE_EXCEEDED',
    5: 'NOT_FOUND',
    13: 'INTERNAL',
    14: 'UNAVAILABLE',
  };
  return names[status] ?? 'UNKNOWN';
}
