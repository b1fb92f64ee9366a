import { metricsText } from './answering-server.js';

/** Versions of the parts of a snapshot, as the instance has made them up that made it. */
export interface XdsVersions {
  readonly clusters: string;
  readonly endpoints: string;
  readonly routes: string;
}

/** Instances of a service come and go; services themselves do so seldom. */
const changesOfServices = 5;

/** What an instance has made of a change of configuration. Listeners are the Envoys' own. */
export function versionsAt(instance: number, change: number): XdsVersions {
  const clusters = `${instance} clusters ${Math.floor(change / changesOfServices)}`;
  return { clusters, endpoints: `${instance} endpoints ${change}`, routes: clusters };
}

/** `/server_info` of an Envoy; the version is the usual one where none is named. */
export function envoyServerInfo(pod: string, version = '1.31.0'): object {
  return {
    version: `8a3511baac4f20ff7761c2efaf13e2dbda7901ca/${version}/Clean/RELEASE/BoringSSL`,
    state: 'LIVE',
    node: { id: pod, cluster: 'cart', metadata: { ads: true, name: 'zażółć' } },
  };
}

/** Statistics of an Envoy, as far as they tell of its control plane. */
export function envoyStatistics(
  { clusters, endpoints, routes }: XdsVersions,
  own: {
    readonly rejected: number;
    readonly successes: number;
    readonly warming: number;
    readonly restarts: number;
    readonly daysLeft: number;
    readonly isConnected: boolean;
  },
): string {
  return metricsText({
    'envoy_cluster_manager_cds_version{}': hashOf(clusters),
    'envoy_cluster_manager_cds_update_rejected{}': own.rejected,
    'envoy_cluster_manager_cds_update_success{}': own.successes,
    'envoy_listener_manager_lds_update_rejected{}': 0,
    'envoy_control_plane_connected_state{}': own.isConnected ? 1 : 0,
    'envoy_listener_ssl_connection_error{envoy_listener_address="0.0.0.0_443"}': 0,
    'envoy_listener_ssl_fail_verify_error{envoy_listener_address="0.0.0.0_443"}': 0,
    'envoy_cluster_manager_warming_clusters{}': own.warming,
    // Of its own configuration: nobody sends it.
    'envoy_cluster_version{envoy_cluster_name="envoy_control_xds"}': 0,
    'envoy_cluster_version{envoy_cluster_name="cart"}': hashOf(endpoints),
    'envoy_http_rds_version{envoy_http_conn_manager_prefix="egress_http",envoy_rds_route_config="default_routes"}':
      hashOf(routes),
    'envoy_listener_manager_lds_version{}': 0,
    'envoy_server_hot_restart_epoch{}': own.restarts,
    'envoy_server_days_until_first_cert_expiring{}': own.daysLeft,
  });
}

/** An unsigned integer of 64 bits, as Envoy makes of a version. */
export function hashOf(text: string): string {
  let hash = 14_695_981_039_346_656_037n;
  for (const character of text) hash = ((hash ^ BigInt(character.codePointAt(0)!)) * 1_099_511_628_211n) % (1n << 64n);
  return String(hash);
}
