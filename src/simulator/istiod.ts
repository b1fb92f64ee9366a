import type { Mesh } from './mesh.js';

const pushTypes = ['cds', 'eds', 'lds', 'rds'] as const;
const convergenceBounds = [0.1, 0.5, 1, 3, 5, 10, 20, 30];
const rootCertificateSeconds = 10 * 365 * 86_400;
const intermediateSeconds = 365 * 86_400;

/** Every quarter of an hour somebody changes something, and every proxy hears of it. */
const configChangeSeconds = 900;

/**
 * The control plane, as its own metrics and its debugging interface show it.
 *
 * Everything follows from the mesh and the time since the start: it holds no state of its own.
 *
 * @see istio/istio pilot/pkg/xds/monitoring.go, security/pkg/server/ca/monitoring.go, pilot/pkg/xds/debug.go
 */
export class Istiod {
  readonly #mesh: Mesh;
  readonly #startedSeconds: number;

  constructor(mesh: Mesh) {
    this.#mesh = mesh;
    this.#startedSeconds = mesh.nowSeconds;
  }

  /** `/metrics`. */
  metrics(): string {
    const { model, nowSeconds, pods } = this.#mesh;
    const uptimeSeconds = nowSeconds - this.#startedSeconds;
    const rounds = 1 + Math.floor(uptimeSeconds / configChangeSeconds);
    const pushes = rounds * pods.length;
    return [
      family('citadel_server_cert_chain_expiry_timestamp', 'gauge', [['', this.#startedSeconds + intermediateSeconds]]),
      family('citadel_server_csr_count', 'counter', [['', pods.length]]),
      family('citadel_server_root_cert_expiry_timestamp', 'gauge', [
        ['', this.#startedSeconds + rootCertificateSeconds],
      ]),
      family('citadel_server_success_cert_issuance_count', 'counter', [['', pods.length]]),
      family('endpoint_no_pod', 'gauge', [['', 0]]),
      family('istio_build', 'gauge', [[`{component="pilot",tag="${model.istioVersion}"}`, 1]]),
      family('istiod_uptime_seconds', 'gauge', [['', uptimeSeconds]]),
      family('pilot_conflict_inbound_listener', 'gauge', [['', 0]]),
      family('pilot_eds_no_instances', 'gauge', [['', 0]]),
      family('pilot_info', 'gauge', [[`{version="${model.istioVersion}-0000000000-Clean"}`, 1]]),
      family('pilot_inbound_updates', 'counter', [
        ['{type="config"}', rounds],
        ['{type="eds"}', pods.length],
      ]),
      histogram('pilot_proxy_convergence_time', convergenceBounds, pushes),
      histogram('pilot_proxy_queue_time', convergenceBounds, pushes),
      family('pilot_push_triggers', 'counter', [
        ['{type="config"}', rounds],
        ['{type="endpoint"}', pods.length],
      ]),
      family('pilot_services', 'gauge', [['', model.services.length]]),
      family('pilot_virt_services', 'gauge', [['', 3]]),
      // An old release is still named after its last proxy has gone, with zero.
      family('pilot_xds', 'gauge', [
        [`{version="${model.istioVersion}"}`, pods.length],
        ['{version="1.23.5"}', 0],
      ]),
      family('pilot_total_xds_rejects', 'counter', [['{type="cds"}', Math.floor(rounds / 16)]]),
      family(
        'pilot_xds_pushes',
        'counter',
        pushTypes.map((type) => [`{type="${type}"}`, pushes] as const),
      ),
    ].join('');
  }

  /** `/debug/syncz`: what every connected proxy was sent and has accepted. */
  syncz(): readonly Readonly<Record<string, string>>[] {
    const { model, nowSeconds, pods } = this.#mesh;
    const version = Math.floor((nowSeconds - this.#startedSeconds) / configChangeSeconds);
    return pods.map(({ name, service }) => ({
      cluster_id: model.clusterId,
      proxy: `${name}.${service.namespace}`,
      istio_version: model.istioVersion,
      ...Object.fromEntries(
        ['cluster', 'listener', 'route', 'endpoint'].flatMap((type) => {
          const nonce = `v${version}=${name}-${type}`;
          return [
            [`${type}_sent`, nonce],
            [`${type}_acked`, nonce],
          ];
        }),
      ),
    }));
  }
}

function family(
  name: string,
  type: 'counter' | 'gauge',
  samples: readonly (readonly [labels: string, value: number])[],
): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`).join('');
  return `# HELP ${name} ${help[name] ?? name}.\n# TYPE ${name} ${type}\n${lines}`;
}

/** Every observation takes 50 ms, which is what an unhurried istiod needs. */
function histogram(name: string, bounds: readonly number[], count: number): string {
  const buckets = [...bounds.map(String), '+Inf'].map((le) => `${name}_bucket{le="${le}"} ${count}\n`).join('');
  const sum = `${name}_sum ${count * 0.05}\n${name}_count ${count}\n`;
  return `# HELP ${name} ${help[name] ?? name}.\n# TYPE ${name} histogram\n${buckets}${sum}`;
}

const help: Readonly<Record<string, string>> = {
  citadel_server_csr_count: 'The number of CSRs received by Citadel server',
  citadel_server_root_cert_expiry_timestamp: 'The unix timestamp, in seconds, when Citadel root cert will expire',
  endpoint_no_pod: 'Endpoints without an associated pod',
  istio_build: 'Istio component build info',
  istiod_uptime_seconds: 'Current istiod server uptime in seconds',
  pilot_proxy_convergence_time:
    'Delay in seconds between config change and a proxy receiving all required configuration',
  pilot_services: 'Total services known to pilot',
  pilot_total_xds_rejects: 'Total number of XDS responses from pilot rejected by proxy',
  pilot_xds: 'Number of endpoints connected to this pilot using XDS',
  pilot_xds_pushes: 'Pilot build and send errors for lds, rds, cds and eds',
};
