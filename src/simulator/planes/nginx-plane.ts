import type { RequestEvents } from '../event-log.js';
import type { Mesh } from '../mesh.js';
import { Carriers, hashOf } from './carriers.js';
import type { DataPlane, PlaneProxy, PlaneText } from './data-plane.js';
import { CounterTable, HistogramTable, labelsText } from './tables.js';

interface NginxProcess {
  readonly startedSeconds: number;
  readonly counters: CounterTable;
  readonly duration: HistogramTable;
}

/** @see kubernetes/ingress-nginx internal/ingress/metric/collectors/socket.go (prometheus.DefBuckets) */
const boundsMs = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

const controllers = 2;

/**
 * NGINX ingress controllers in front of services that have no proxies: all requests go through one of them.
 *
 * @see kubernetes/ingress-nginx internal/ingress/metric/collectors
 */
export class NginxPlane implements DataPlane {
  readonly path = '/metrics';
  readonly #carriers = new Carriers<NginxProcess>({
    begin: (startedSeconds) => ({
      startedSeconds,
      counters: new CounterTable(),
      duration: new HistogramTable(boundsMs),
    }),
    shared: (pod) => `ingress-nginx-controller-${hashOf(pod) % controllers}`,
  });
  #mesh!: Mesh;

  attach(mesh: Mesh): void {
    this.#mesh = mesh;
  }

  readonly take = this.#carriers.sink((events, process) => {
    const { pod } = events;
    if (pod !== undefined) proxy(events, process(pod), this.#carriers.carrierOf(pod));
  });

  proxies(): readonly PlaneProxy[] {
    const names = new Set(this.#mesh.pods.map(({ name }) => this.carrierOf(name)));
    return [...names].sort().map((name) => ({
      name,
      // The labels that everybody's service discovery gives, and that hide those of the series.
      labels: { pod: name, namespace: 'ingress-nginx', app: 'ingress-nginx' },
    }));
  }

  text(proxyName: string, nowSeconds: number): PlaneText | undefined {
    const process = this.#carriers.process(proxyName);
    const contentType = 'text/plain; version=0.0.4; charset=utf-8';
    return process && { contentType, text: nginxText(process, proxyName, nowSeconds) };
  }

  carrierOf(pod: string): string {
    return this.#carriers.carrierOf(pod);
  }

  restart(proxyName: string, atSeconds: number): void {
    this.#carriers.restart(proxyName, atSeconds);
  }
}

/** 499 for a client that closed the connection, 502 for a service that did. */
function statusOf({ kind, server }: RequestEvents): number {
  if (server?.flags.includes('DC')) return 499;
  return kind === 'unavailable' || kind === 'no-response' ? 502 : (server?.code ?? 502);
}

function proxy(events: RequestEvents, { counters, duration }: NginxProcess, controller: string): void {
  const [namespace, service] = events.destination.split('/') as [string, string];
  const labels = labelsText({
    canary: '-',
    controller_class: 'k8s.io/ingress-nginx',
    controller_namespace: 'ingress-nginx',
    controller_pod: controller,
    host: 'shop.example',
    ingress: `${service}-ingress`,
    method: 'GET',
    namespace,
    path: '/',
    service,
    status: String(statusOf(events)),
  });
  counters.add('nginx_ingress_controller_requests', labels, events.count);
  duration.add(labels, events.buckets);
}

function nginxText(
  { startedSeconds, counters, duration }: NginxProcess,
  controller: string,
  nowSeconds: number,
): string {
  const up = Math.floor(nowSeconds - startedSeconds);
  const own = labelsText({
    controller_class: 'k8s.io/ingress-nginx',
    controller_namespace: 'ingress-nginx',
    controller_pod: controller,
  });
  const stray = labelsText({
    controller_pod: controller,
    host: '130.211.110.235',
    method: 'GET',
    path: '/',
    status: '404',
  });
  const requests = 'nginx_ingress_controller_requests';
  const connections = 'nginx_ingress_controller_nginx_process_connections';
  return [
    `# HELP ${requests} The total number of client requests\n# TYPE ${requests} counter\n`,
    ...counters.series(requests).map(([labels, value]) => `${requests}{${labels}} ${value}\n`),
    `${requests}{${stray},ingress="",namespace="",service=""} ${Math.floor(up / 10)}\n`,
    '# HELP nginx_ingress_controller_request_duration_seconds The request processing time in milliseconds\n',
    '# TYPE nginx_ingress_controller_request_duration_seconds histogram\n',
    duration.lines('nginx_ingress_controller_request_duration_seconds', 1000),
    `# TYPE ${connections} gauge\n`,
    ...['active', 'reading', 'waiting', 'writing'].map(
      (state, index) => `${connections}{${own},state="${state}"} ${[3, 0, 2, 1][index]!}\n`,
    ),
    '# TYPE nginx_ingress_controller_nginx_process_resident_memory_bytes gauge\n',
    `nginx_ingress_controller_nginx_process_resident_memory_bytes{${own}} ${126_181_376 + 1000 * counters.count}\n`,
    '# TYPE nginx_ingress_controller_config_last_reload_successful gauge\n',
    `nginx_ingress_controller_config_last_reload_successful{${own}} 1\n`,
    '# TYPE nginx_ingress_controller_build_info gauge\n',
    `nginx_ingress_controller_build_info{${own},build="0000000",release="v1.11.3",repository="https://github.com/kubernetes/ingress-nginx"} 1\n`,
    '# TYPE process_start_time_seconds gauge\n',
    `process_start_time_seconds ${Math.floor(startedSeconds)}\n`,
  ].join('');
}
