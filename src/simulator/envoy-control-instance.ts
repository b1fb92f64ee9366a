import { type Asked, metricsText, type Said } from './answering-server.js';
import { hashOf, versionsAt } from './simulated-envoy.js';

/** An instance at one moment. */
interface Instance {
  readonly index: number;
  /** How often something has changed. */
  readonly change: number;
  readonly envoys: number;
  /** Snapshots that could not be made. */
  readonly failures: number;
  readonly isForgetful: boolean;
  readonly isEmpty: boolean;
  readonly hasDeltas: boolean;
}

/** What an instance of envoy-control answers: one service, `cart`, of which one address changes. */
export function instanceSays({ method, path }: Asked, instance: Instance): Said | undefined {
  const { change, isForgetful, isEmpty } = instance;
  const addresses = ['10.0.0.1', '10.0.0.2', `10.0.0.${3 + (change % 9)}`].slice(0, isForgetful ? 2 : 3);
  switch (path) {
    case '/actuator/prometheus':
      return { body: metrics(instance) };
    case '/state':
      return {
        body: { serviceNameToInstances: { cart: { serviceName: 'cart', instances: addresses.map(instanceAt) } } },
      };
    case '/snapshot-global':
      return { body: { snapshot: { clustersV3: {}, endpointsV3: { cart: assignment(addresses) } }, versions: {} } };
    case '/snapshot':
      if (method !== 'POST') return undefined;
      return isEmpty ? { status: 404, body: 'snapshot missing' } : { body: snapshot(instance, addresses) };
    default:
      return undefined;
  }
}

function metrics({ change, envoys, failures, hasDeltas }: Instance): string {
  return metricsText({
    'connection_stats{connection_type="grpc",stream_type="ads"}': envoys,
    'request_stats_total{connection_type="grpc",stream_type="ads",discovery_request_type="total"}': change * envoys * 2,
    ...(hasDeltas && {
      'request_stats_total{connection_type="grpc",stream_type="ads",discovery_request_type="delta"}': change,
    }),
    snapshot_update_duration_seconds_count: change,
    snapshot_update_duration_seconds_sum: change * 0.2,
    'services_watch{status="added"}': 1,
    'services_watch{status="removed"}': 0,
    ...(failures > 0 && {
      'snapshot_errors_total{update_trigger="services"}': failures,
      'services_state_errors_total{cluster="dc1",operation="get-state"}': failures,
    }),
    process_uptime_seconds: 3600,
    process_cpu_usage: 0.07,
    'jvm_memory_used_bytes{area="heap",id="G1"}': 300_000_000,
  });
}

function snapshot({ index, change }: Instance, addresses: readonly string[]): object {
  const { clusters, endpoints, routes } = versionsAt(index, change);
  const version = (raw: string) => ({ raw, metric: hashOf(raw) });
  return {
    snapshot: {
      clustersV3: { cart: {} },
      endpointsV3: { cart: assignment(addresses) },
      routesV3: { default_routes: {}, ingress_secured_routes: {} },
      listenersV3: {},
    },
    versions: {
      clusters: version(clusters),
      endpoints: version(endpoints),
      routes: version(routes),
      listeners: version('empty'),
    },
  };
}

function instanceAt(address: string, id: number): object {
  return { id: String(id), tags: [], address, port: 8080, regular: true };
}

function assignment(addresses: readonly string[]): object {
  const lbEndpoints = addresses.toReversed().map((address) => ({
    endpoint: { address: { socketAddress: { address, portValue: 8080 } } },
  }));
  return { clusterName: 'cart', endpoints: [{ lbEndpoints }] };
}
