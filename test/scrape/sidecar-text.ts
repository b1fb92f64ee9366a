/** What one sidecar of the service `shop/cart` says in a test. */
export interface Sidecar {
  /** Seconds since its process began; undefined for one that does not tell. */
  readonly uptime?: number | undefined;
  /** Requests by code; a number, or text to be printed as it is. */
  readonly requests: Readonly<Record<string, number | string>>;
  readonly memoryBytes?: number;
}

/** The lines of an Istio sidecar's metrics that matter here. */
export function sidecarText({ uptime, requests, memoryBytes }: Sidecar): string {
  const counters = Object.entries(requests).map(([code, count]) => `${requestSeries(code)} ${count}\n`);
  return [
    '# TYPE istio_requests_total counter\n',
    ...counters,
    uptime === undefined ? '' : `# TYPE envoy_server_uptime gauge\nenvoy_server_uptime{} ${uptime}\n`,
    memoryBytes === undefined ? '' : `envoy_server_memory_allocated{} ${memoryBytes}\n`,
  ].join('');
}

/** The series of requests to `shop/cart`, as the proxy of the destination counts them. */
export function requestSeries(code: string): string {
  const labels = {
    reporter: 'destination',
    source_workload: 'frontend',
    source_canonical_service: 'frontend',
    destination_workload: 'cart',
    destination_canonical_service: 'cart',
    destination_canonical_revision: 'v1',
    destination_service_name: 'cart',
    destination_service_namespace: 'shop',
    destination_cluster: 'eu1',
    request_protocol: 'http',
    response_code: code,
    grpc_response_status: '',
    response_flags: '-',
  };
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `istio_requests_total{${pairs.join(',')}}`;
}
