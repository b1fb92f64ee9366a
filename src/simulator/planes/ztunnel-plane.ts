import type { RequestEvents } from '../event-log.js';
import type { Mesh } from '../mesh.js';
import { Carriers, hashOf } from './carriers.js';
import type { DataPlane, PlaneProxy, PlaneText } from './data-plane.js';
import { CounterTable, labelsText } from './tables.js';

interface ZtunnelProcess {
  readonly startedSeconds: number;
  readonly counters: CounterTable;
}

const nodes = 3;

/** Requests that go through one connection before it is closed. */
const requestsOfConnection = 20;

/** What keeps a connection from being opened, and ztunnel's flag for it. */
const failures: Readonly<Record<string, string>> = {
  'connect-failure': 'CONNECT',
  'no-healthy-upstream': 'CONNECT',
  'circuit-breaker': 'TLS_FAILURE',
};

/**
 * ztunnel on every node: the connections of all pods there, of both directions, and nothing of the requests.
 *
 * @see istio/ztunnel src/proxy/metrics.rs
 */
export class ZtunnelPlane implements DataPlane {
  readonly path = '/metrics';
  readonly #carriers = new Carriers<ZtunnelProcess>({
    begin: (startedSeconds) => ({ startedSeconds, counters: new CounterTable() }),
    shared: (pod) => `ztunnel-${hashOf(pod) % nodes}`,
  });
  #mesh!: Mesh;

  attach(mesh: Mesh): void {
    this.#mesh = mesh;
  }

  readonly take = this.#carriers.sink((events, process) => {
    const { pod, clientPod, server } = events;
    // Of pods that are not enrolled it sees nothing.
    if (pod !== undefined && server !== undefined) count(events, process(pod), 'destination');
    if (clientPod !== undefined) count(events, process(clientPod), 'source');
  });

  proxies(): readonly PlaneProxy[] {
    const names = new Set(this.#mesh.pods.map(({ name }) => this.carrierOf(name)));
    return [...names]
      .sort()
      .map((name) => ({ name, labels: { pod: name, namespace: 'istio-system', app: 'ztunnel' } }));
  }

  text(proxy: string): PlaneText | undefined {
    const process = this.#carriers.process(proxy);
    const contentType = 'application/openmetrics-text; charset=utf-8; version=1.0.0';
    return process && { contentType, text: ztunnelText(process) };
  }

  carrierOf(pod: string): string {
    return this.#carriers.carrierOf(pod);
  }

  restart(proxy: string, atSeconds: number): void {
    this.#carriers.restart(proxy, atSeconds);
  }
}

function count(events: RequestEvents, { counters }: ZtunnelProcess, reporter: 'source' | 'destination'): void {
  const { source, destination, kind } = events;
  const flag = failures[kind];
  const [namespace, name] = destination.split('/') as [string, string];
  const peer = source?.split('/');
  const labels = labelsText({
    reporter,
    source_workload: peer ? `${peer[1]!}-v1` : 'unknown',
    source_canonical_service: peer?.[1] ?? 'unknown',
    source_canonical_revision: peer ? 'v1' : 'latest',
    source_workload_namespace: peer?.[0] ?? 'unknown',
    source_principal: peer ? principalOf(peer[0]!, peer[1]!) : 'unknown',
    source_app: peer?.[1] ?? 'unknown',
    source_version: peer ? 'v1' : 'unknown',
    source_cluster: peer ? 'Kubernetes' : 'unknown',
    destination_service: `${name}.${namespace}.svc.cluster.local`,
    destination_service_namespace: namespace,
    destination_service_name: name,
    destination_workload: flag === undefined ? `${name}-v1` : 'unknown',
    destination_canonical_service: flag === undefined ? name : 'unknown',
    destination_canonical_revision: flag === undefined ? 'v1' : 'latest',
    destination_workload_namespace: flag === undefined ? namespace : 'unknown',
    destination_principal: flag === undefined ? principalOf(namespace, name) : 'unknown',
    destination_app: flag === undefined ? name : 'unknown',
    destination_version: flag === undefined ? 'v1' : 'unknown',
    destination_cluster: flag === undefined ? 'Kubernetes' : 'unknown',
    request_protocol: 'tcp',
    response_flags: flag ?? '-',
    connection_security_policy: peer ? 'mutual_tls' : 'unknown',
  });
  const opened = flag === undefined;
  const connections = opened ? Math.ceil(events.count / requestsOfConnection) : events.count;
  counters.add(opened ? 'istio_tcp_connections_opened' : 'istio_tcp_connections_failed', labels, connections);
  if (opened) counters.add('istio_tcp_connections_closed', labels, connections);
}

function principalOf(namespace: string, name: string): string {
  return `spiffe://cluster.local/ns/${namespace}/sa/${name}`;
}

function ztunnelText({ counters }: ZtunnelProcess): string {
  const counted = counters.families.map((family) => {
    const lines = counters.series(family).map(([labels, value]) => `${family}_total{${labels}} ${value}\n`);
    return `# HELP ${family} The total number of TCP connections.\n# TYPE ${family} counter\n${lines.join('')}`;
  });
  return [
    '# HELP istio_build Istio component build info.\n# TYPE istio_build gauge\n',
    'istio_build{component="ztunnel",tag="1.24.3"} 1\n',
    ...counted,
    '# HELP workload_manager_active_proxy_count The total number current workloads with active proxies (unstable).\n',
    '# TYPE workload_manager_active_proxy_count gauge\nworkload_manager_active_proxy_count 7\n',
    '# EOF\n',
  ].join('');
}
