import { AnsweringServer, type Asked, metricsText, type Said } from './answering-server.js';
import type { DiscoveredTarget } from './mesh-servers.js';

/** An Envoy that envoy-control steers, as its own administration shows it. */
interface SimulatedEnvoy {
  readonly pod: string;
  readonly namespace: string;
  readonly server: AnsweringServer;
  /** The change of configuration that it has taken last, and when. */
  taken: number;
  rejected: number;
}

/** What goes wrong on purpose; Envoys by pod, instances by number. */
export interface EnvoyControlFaults {
  readonly stale: Set<string>;
  readonly refusing: Set<string>;
  readonly warming: Set<string>;
  /** Versions of Envoy, where they are not the usual one. */
  readonly versions: Map<string, string>;
  readonly restarted: Set<string>;
  readonly daysLeft: Map<string, number>;
  /** Instances that have lost the last endpoint of every service. */
  readonly forgetful: Set<number>;
  /** Envoys that have lost their way to any instance. */
  readonly lost: Set<string>;
  /** Since when one snapshot in ten seconds cannot be made. */
  failingSince: number | undefined;
}

const usualVersion = '1.31.0';

/**
 * Instances of envoy-control and their Envoys over real HTTP. Somebody changes something every so often; an honest Envoy takes
 * it within a second.
 *
 * @see allegro/envoy-control envoy-control-runner snapshot/debug/SnapshotDebugController.kt
 */
export class EnvoyControlFleet {
  readonly faults: EnvoyControlFaults = {
    stale: new Set(),
    refusing: new Set(),
    warming: new Set(),
    versions: new Map(),
    restarted: new Set(),
    daysLeft: new Map(),
    forgetful: new Set(),
    lost: new Set(),
    failingSince: undefined,
  };
  readonly #nowSeconds: () => number;
  readonly #changeSeconds: number;
  readonly #instances: readonly AnsweringServer[];
  readonly #envoys: readonly SimulatedEnvoy[];

  constructor(
    nowSeconds: () => number,
    {
      changeSeconds = 40,
      pods,
    }: { changeSeconds?: number; pods: readonly { readonly name: string; readonly namespace: string }[] },
  ) {
    this.#nowSeconds = nowSeconds;
    this.#changeSeconds = changeSeconds;
    this.#instances = [0, 1].map((index) => new AnsweringServer((asked) => this.#instanceSays(index, asked)));
    this.#envoys = pods.map(({ name: pod, namespace }) => {
      const server = new AnsweringServer(({ path }) => this.#envoySays(pod, path));
      return { pod, namespace, server, taken: this.#change, rejected: 0 };
    });
  }

  get addresses(): readonly string[] {
    return this.#instances.map(({ address }) => address);
  }

  /** The administration of the Envoys, as service discovery lists it. */
  targets(): readonly DiscoveredTarget[] {
    return this.#envoys.map(({ pod, namespace, server }) => ({
      targets: [server.address],
      labels: { pod, namespace },
    }));
  }

  async open(): Promise<void> {
    for (const server of this.#servers()) await server.open();
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers().map((server) => server.close()));
  }

  async stop(index: number): Promise<void> {
    await this.#instances[index]!.close();
  }

  async restart(index: number): Promise<void> {
    await this.#instances[index]!.open();
  }

  #servers(): readonly AnsweringServer[] {
    return [...this.#instances, ...this.#envoys.map(({ server }) => server)];
  }

  get #change(): number {
    return Math.floor(this.#nowSeconds() / this.#changeSeconds);
  }

  get #failures(): number {
    const { failingSince } = this.faults;
    return failingSince === undefined ? 0 : Math.floor((this.#nowSeconds() - failingSince) / 10);
  }

  #instanceSays(index: number, { method, path }: Asked): Said | undefined {
    const lost = this.faults.forgetful.has(index) ? 1 : 0;
    const addresses = ['10.0.0.1', '10.0.0.2', `10.0.0.${3 + (this.#change % 9)}`].slice(0, 3 - lost);
    if (path === '/actuator/prometheus') {
      return {
        body: metricsText({
          'connection_stats{connection_type="grpc",stream_type="ads"}': this.#envoys.length / 2,
          snapshot_update_duration_seconds_count: this.#change,
          snapshot_update_duration_seconds_sum: this.#change * 0.2,
          'request_stats_total{connection_type="grpc",stream_type="ads",discovery_request_type="total"}':
            this.#change * this.#envoys.length * 2,
          'services_watch{status="added"}': 1,
          'services_watch{status="removed"}': 0,
          ...(this.#failures > 0 && { 'snapshot_errors_total{update_trigger="services"}': this.#failures }),
          process_uptime_seconds: 3600,
          process_cpu_usage: 0.07,
          'jvm_memory_used_bytes{area="heap",id="G1"}': 300_000_000,
        }),
      };
    }
    if (path === '/state') {
      const instances = addresses.map((address, id) => ({
        id: String(id),
        tags: [],
        address,
        port: 8080,
        regular: true,
      }));
      return { body: { serviceNameToInstances: { cart: { serviceName: 'cart', instances } } } };
    }
    if (path === '/snapshot-global') {
      const lbEndpoints = addresses.toReversed().map((address) => ({
        endpoint: { address: { socketAddress: { address, portValue: 8080 } } },
      }));
      const endpoints = { cart: { clusterName: 'cart', endpoints: [{ lbEndpoints }] } };
      return { body: { snapshot: { clusters: {}, endpoints }, versions: {} } };
    }
    if (path === '/snapshot' && method === 'POST') {
      const one = (type: string) => ({ raw: String(this.#change), metric: hashOf(`${type} ${this.#change}`) });
      const versions = {
        clusters: one('clusters'),
        endpoints: one('e'),
        routes: one('r'),
        listeners: one('listeners'),
      };
      return { body: { snapshot: {}, versions } };
    }
    return undefined;
  }

  #envoySays(pod: string, path: string): Said | undefined {
    const envoy = this.#envoys.find((one) => one.pod === pod)!;
    if (path === '/server_info') {
      const version = `8a3511baac4f20ff7761c2efaf13e2dbda7901ca/${this.faults.versions.get(pod) ?? usualVersion}/Clean/RELEASE/BoringSSL`;
      return {
        body: { version, state: 'LIVE', node: { id: pod, cluster: 'cart', metadata: { ads: true, name: 'zażółć' } } },
      };
    }
    if (path !== '/stats/prometheus') return undefined;
    const age = this.#nowSeconds() % this.#changeSeconds;
    const isDue = this.#change !== envoy.taken && age >= 1;
    if (isDue && this.faults.refusing.has(pod)) envoy.rejected += 1;
    else if (isDue && !this.faults.stale.has(pod)) envoy.taken = this.#change;
    return {
      body: metricsText({
        'envoy_cluster_manager_cds_version{}': hashOf(`clusters ${envoy.taken}`),
        'envoy_listener_manager_lds_version{}': hashOf(`listeners ${envoy.taken}`),
        'envoy_cluster_manager_cds_update_rejected{}': envoy.rejected,
        'envoy_cluster_manager_cds_update_success{}': envoy.taken,
        'envoy_listener_manager_lds_update_rejected{}': 0,
        'envoy_control_plane_connected_state{}': this.faults.lost.has(pod) ? 0 : 1,
        'envoy_listener_ssl_connection_error{envoy_listener_address="0.0.0.0_443"}': 0,
        'envoy_listener_ssl_fail_verify_error{envoy_listener_address="0.0.0.0_443"}': 0,
        'envoy_cluster_manager_warming_clusters{}': this.faults.warming.has(pod) ? 1 : 0,
        'envoy_server_hot_restart_epoch{}': this.faults.restarted.has(pod) ? 2 : 0,
        'envoy_server_days_until_first_cert_expiring{}': this.faults.daysLeft.get(pod) ?? 80,
      }),
    };
  }
}

/** An unsigned integer of 64 bits, as Envoy makes of a version. */
function hashOf(text: string): string {
  let hash = 14_695_981_039_346_656_037n;
  for (const character of text) hash = ((hash ^ BigInt(character.codePointAt(0)!)) * 1_099_511_628_211n) % (1n << 64n);
  return String(hash);
}
