import type { RequestEvents } from '../event-log.js';
import { latencyBoundsMs } from '../latency.js';
import type { Mesh } from '../mesh.js';
import type { ProxyFacts } from '../outcome.js';
import { Carriers } from './carriers.js';
import type { DataPlane, PlaneProxy, PlaneText } from './data-plane.js';
import { CounterTable, HistogramTable } from './tables.js';

interface EnvoyProcess {
  readonly startedSeconds: number;
  readonly counters: CounterTable;
  readonly downstream: HistogramTable;
  readonly upstream: HistogramTable;
}

const ingress = 'envoy_http_conn_manager_prefix="ingress_http"';
const egress = 'envoy_http_conn_manager_prefix="egress_http"';
const listener = 'envoy_listener_address="0.0.0.0_8080"';
const classes = ['1', '2', '3', '4', '5'] as const;

/**
 * Envoys under envoy-control, one in front of every instance: the listener takes in what is for the service, a cluster of
 * the name in Consul stands for every service that is called.
 *
 * @see envoyproxy/envoy source/server/admin/prometheus_stats.cc
 */
export class EnvoyPlane implements DataPlane {
  readonly path = '/stats/prometheus';
  readonly #carriers = new Carriers<EnvoyProcess>({
    begin: (startedSeconds) => ({
      startedSeconds,
      counters: new CounterTable(),
      downstream: new HistogramTable(latencyBoundsMs),
      upstream: new HistogramTable(latencyBoundsMs),
    }),
  });
  #mesh!: Mesh;

  attach(mesh: Mesh): void {
    this.#mesh = mesh;
  }

  readonly take = this.#carriers.sink((events, process) => {
    const { pod, clientPod, server, client } = events;
    if (pod !== undefined && server !== undefined) takeIn(events, process(pod), server);
    if (clientPod !== undefined && client !== undefined) callOut(events, process(clientPod), client);
  });

  proxies(): readonly PlaneProxy[] {
    // Consul knows a service by its name; it has no namespaces.
    return this.#mesh.pods.map(({ name, service, version }) => ({
      name,
      labels: { pod: name, service: service.name, version },
    }));
  }

  text(proxy: string, nowSeconds: number): PlaneText | undefined {
    const process = this.#carriers.process(proxy);
    return process && { contentType: 'text/plain; charset=UTF-8', text: envoyControlText(process, nowSeconds) };
  }

  carrierOf(pod: string): string {
    return this.#carriers.carrierOf(pod);
  }

  restart(proxy: string, atSeconds: number): void {
    this.#carriers.restart(proxy, atSeconds);
  }
}

/** Requests that go through one connection before it is closed. */
const requestsOfConnection = 20;

/** The listener of the service's own Envoy. Who has an Envoy speaks mTLS; whoever else calls does not. A client that goes away resets the stream, and gets no answer of any class. */
function takeIn(
  { source, kind, count, buckets }: RequestEvents,
  { counters, downstream }: EnvoyProcess,
  server: ProxyFacts,
): void {
  const connections = Math.ceil(count / requestsOfConnection);
  counters.add('envoy_http_downstream_cx_total', ingress, connections);
  counters.add('envoy_http_downstream_cx_ssl_total', ingress, source === undefined ? 0 : connections);
  counters.add('envoy_listener_ssl_handshake', listener, source === undefined ? 0 : connections);
  counters.add('envoy_listener_ssl_no_certificate', listener, 0);
  counters.add('envoy_http_downstream_rq_total', ingress, count);
  if (server.flags.includes('DC')) {
    counters.add('envoy_http_downstream_rq_rx_reset', ingress, count);
    return;
  }
  // The application reset the stream: Envoy answers 503 itself.
  const code = kind === 'no-response' ? 503 : server.code;
  answered(counters, 'envoy_http_downstream_rq_xx', ingress, code, count);
  counters.add('envoy_http_downstream_rq_completed', ingress, count);
  downstream.add(ingress, buckets);
}

/** The cluster of the service that is called. What has no cluster to be charged to, and aborts, are in no class. */
function callOut(events: RequestEvents, { counters, downstream, upstream }: EnvoyProcess, client: ProxyFacts): void {
  const { destination, kind, count, buckets } = events;
  const cluster = `envoy_cluster_name="${destination.slice(destination.indexOf('/') + 1)}"`;
  counters.add('envoy_http_downstream_rq_total', egress, count);
  if (client.flags.includes('DC')) {
    counters.add('envoy_http_downstream_rq_rx_reset', egress, count);
    counters.add('envoy_cluster_upstream_rq_cancelled', cluster, count);
    return;
  }
  answered(counters, 'envoy_http_downstream_rq_xx', egress, client.code, count);
  downstream.add(egress, buckets);
  if (kind === 'no-route') counters.add('envoy_http_no_route', egress, count);
  if (kind === 'no-cluster') counters.add('envoy_http_no_cluster', egress, count);
  if (kind === 'no-route' || kind === 'no-cluster') return;
  counters.add('envoy_cluster_upstream_rq_total', cluster, count);
  answered(counters, 'envoy_cluster_upstream_rq_xx', cluster, client.code, count);
  if (kind === 'timeout') counters.add('envoy_cluster_upstream_rq_timeout', cluster, count);
  // What Envoy answers itself has no time upstream.
  if (client.flags.length === 0) upstream.add(cluster, buckets);
}

/** All five classes are there from the first answer on, as they are in a listener of Envoy; a cluster has those it met. */
function answered(counters: CounterTable, family: string, labels: string, code: number, count: number): void {
  const own = String(Math.floor(code / 100));
  const shown = family.startsWith('envoy_http') ? classes : [own];
  for (const one of shown)
    counters.add(family, `envoy_response_code_class="${one}",${labels}`, one === own ? count : 0);
}

function envoyControlText(
  { startedSeconds, counters, downstream, upstream }: EnvoyProcess,
  nowSeconds: number,
): string {
  const up = Math.floor(nowSeconds - startedSeconds);
  const admin = 'envoy_http_conn_manager_prefix="admin"';
  const xds = 'envoy_cluster_name="envoy-control-xds"';
  const block = (family: string, type: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `# TYPE ${family} ${type}\n${lines.join('')}`;
  const counted = counters.families.map((family) => {
    const lines = counters.series(family).map(([labels, value]) => `${family}{${labels}} ${value}\n`);
    // Envoy's own administration and its control plane use the same families.
    if (family === 'envoy_http_downstream_rq_xx')
      lines.push(`${family}{envoy_response_code_class="2",${admin}} ${up}\n`);
    if (family === 'envoy_cluster_upstream_rq_xx')
      lines.push(`${family}{envoy_response_code_class="2",${xds}} ${1 + Math.floor(up / 60)}\n`);
    return block(family, 'counter', lines);
  });
  const gauge = (name: string, value: number): string => block(name, 'gauge', [`${name}{} ${value}\n`]);
  return [
    ...counted,
    gauge('envoy_cluster_manager_warming_clusters', 0),
    gauge('envoy_server_concurrency', 2),
    gauge('envoy_server_hot_restart_epoch', 0),
    gauge('envoy_server_live', 1),
    gauge('envoy_server_memory_allocated', 11_000_000 + 4_000 * counters.count),
    gauge('envoy_server_total_connections', 3 + (counters.count % 11)),
    gauge('envoy_server_uptime', up),
    block('envoy_cluster_upstream_rq_time', 'histogram', [upstream.lines('envoy_cluster_upstream_rq_time', 1)]),
    block('envoy_http_downstream_rq_time', 'histogram', [downstream.lines('envoy_http_downstream_rq_time', 1)]),
  ].join('');
}
