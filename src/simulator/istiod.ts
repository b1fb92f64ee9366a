import type { Mesh, Pod } from './mesh.js';
import { pushTypes, type SentResource, SidecarSync } from './sidecar-sync.js';

const convergenceBounds = [0.1, 0.5, 1, 3, 5, 10, 20, 30];
const shortBounds = [0.01, ...convergenceBounds];
/** What an unhurried istiod needs for each push. */
const pushSeconds = 0.05;
/** How long it gathers changes first: PILOT_DEBOUNCE_AFTER, where nothing else comes. */
const debounceSeconds = 0.1;
const rootCertificateSeconds = 10 * 365 * 86_400;
const intermediateSeconds = 365 * 86_400;
const megabyte = 1_048_576;

const typeUrls = {
  cluster: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  listener: 'type.googleapis.com/envoy.config.listener.v3.Listener',
  route: 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
  endpoint: 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
} as const;

/** What an istiod is told to get wrong; nothing when left alone. */
export interface IstiodFaults {
  /** Release of single proxies, by pod. */
  readonly versions: Map<string, string>;
  /** How long the root certificate is still valid; undefined for ten years from the start. */
  rootSecondsLeft: number | undefined;
  /** How many services it has lost sight of. */
  missingServices: number;
  /** Its own release; undefined for that of the mesh. */
  version: string | undefined;
  /** Since when it signs no certificate any more, one request in ten seconds. */
  unsigningSince: number | undefined;
  /** Since when one in ten seconds of its proxies reads no push, and one that asks for a certificate has no valid token. */
  unreachingSince: number | undefined;
}

export function noIstiodFaults(): IstiodFaults {
  return {
    versions: new Map(),
    rootSecondsLeft: undefined,
    missingServices: 0,
    version: undefined,
    unsigningSince: undefined,
    unreachingSince: undefined,
  };
}

/** Who is connected to an istiod, and how; everything else follows from the mesh and the time since the start. */
interface IstiodParts {
  readonly sync?: SidecarSync;
  readonly faults?: IstiodFaults;
  /** Pods whose proxies are connected to it. */
  readonly connected?: () => readonly Pod[];
}

/**
 * One instance of the control plane, as its own metrics and its debugging interface show it.
 *
 * @see istio/istio pilot/pkg/xds/monitoring.go, security/pkg/server/ca/monitoring.go, pilot/pkg/xds/debug.go
 */
export class Istiod {
  readonly faults: IstiodFaults;
  readonly #mesh: Mesh;
  readonly #sync: SidecarSync;
  readonly #connected: () => readonly Pod[];
  readonly #startedSeconds: number;

  constructor(mesh: Mesh, { sync = new SidecarSync(mesh), faults = noIstiodFaults(), connected }: IstiodParts = {}) {
    this.faults = faults;
    this.#mesh = mesh;
    this.#sync = sync;
    this.#connected = connected ?? (() => mesh.pods);
    this.#startedSeconds = mesh.nowSeconds;
  }

  /** `/metrics`. */
  metrics(): string {
    const { model, nowSeconds } = this.#mesh;
    const { rootSecondsLeft, missingServices, version = model.istioVersion } = this.faults;
    const unsigned = this.#troubles(this.faults.unsigningSince);
    const unreached = this.#troubles(this.faults.unreachingSince);
    const pods = this.#connected();
    const uptimeSeconds = nowSeconds - this.#startedSeconds;
    const rounds = 1 + this.#sync.changes;
    const pushes = Math.floor(this.#sync.pushes / pushTypes.length);
    const rootEnd =
      rootSecondsLeft === undefined ? this.#startedSeconds + rootCertificateSeconds : nowSeconds + rootSecondsLeft;
    return [
      ...rare('citadel_server_authentication_failure_count', '', unreached),
      family('citadel_server_cert_chain_expiry_timestamp', 'gauge', [['', this.#startedSeconds + intermediateSeconds]]),
      family('citadel_server_csr_count', 'counter', [['', pods.length + unsigned]]),
      ...rare('citadel_server_csr_sign_err_count', '{error="CSR_ERROR"}', unsigned),
      family('citadel_server_root_cert_expiry_timestamp', 'gauge', [['', rootEnd]]),
      family('citadel_server_success_cert_issuance_count', 'counter', [['', pods.length]]),
      family('endpoint_no_pod', 'gauge', [['', 0]]),
      family('go_goroutines', 'gauge', [['', 420 + 6 * pods.length]]),
      family('go_memstats_heap_inuse_bytes', 'gauge', [['', (40 + pods.length) * megabyte]]),
      family('istio_build', 'gauge', [[`{component="pilot",tag="${version}"}`, 1]]),
      family('istiod_uptime_seconds', 'gauge', [['', uptimeSeconds]]),
      family('pilot_conflict_inbound_listener', 'gauge', [['', 0]]),
      histogram('pilot_debounce_time', shortBounds, [['', rounds]], debounceSeconds),
      family('pilot_eds_no_instances', 'gauge', [['', 0]]),
      family('pilot_info', 'gauge', [[`{version="${version}-0000000000-Clean"}`, 1]]),
      family('pilot_inbound_updates', 'counter', [
        ['{type="config"}', rounds],
        ['{type="eds"}', pods.length],
      ]),
      family('pilot_k8s_endpoints_pending_pod', 'gauge', [['', 0]]),
      family('pilot_k8s_reg_events', 'counter', [
        ['{event="add",type="Pods"}', pods.length],
        ['{event="updatesame",type="Endpoints"}', Math.floor(uptimeSeconds / 2)],
      ]),
      histogram('pilot_proxy_convergence_time', convergenceBounds, [['', pushes]], pushSeconds),
      histogram('pilot_proxy_queue_time', convergenceBounds, [['', pushes]], pushSeconds),
      family('pilot_push_triggers', 'counter', [
        ['{type="config"}', rounds],
        ['{type="endpoint"}', pods.length],
      ]),
      family('pilot_services', 'gauge', [['', model.services.length - missingServices]]),
      family('pilot_virt_services', 'gauge', [['', 3]]),
      family('pilot_xds', 'gauge', this.#connectedByVersion(pods)),
      ...rare('pilot_total_xds_rejects', '{type="lds"}', this.#sync.rejects),
      histogram(
        'pilot_xds_push_time',
        shortBounds,
        pushTypes.map((type) => [`type="${type[0]}ds"`, pushes] as const),
        pushSeconds,
      ),
      family('pilot_xds_pushes', 'counter', [
        ...pushTypes.map((type) => [`{type="${type[0]}ds"}`, pushes] as const),
        ...(unreached === 0 ? [] : [['{type="lds_senderr"}', unreached] as const]),
      ]),
      family('process_cpu_seconds_total', 'counter', [['', Math.round(uptimeSeconds * 4) / 100]]),
      family('process_resident_memory_bytes', 'gauge', [['', (90 + pods.length) * megabyte]]),
      family('sidecar_injection_requests_total', 'counter', [['', pods.length]]),
      family('sidecar_injection_success_total', 'counter', [['', pods.length]]),
    ].join('');
  }

  /** `/debug/syncz`: what every connected proxy was sent and has accepted; in the form of its release. */
  syncz(): readonly object[] {
    const { model } = this.#mesh;
    const isNew = minorOf(model.istioVersion) >= 24;
    return this.#connected().map((pod) => {
      const resources = [...this.#sync.of(pod.name)];
      return {
        cluster_id: model.clusterId,
        proxy: `${pod.name}.${pod.service.namespace}`,
        ...(isNew && { proxy_type: pod.service.name.endsWith('gateway') ? 'router' : 'sidecar' }),
        istio_version: this.faults.versions.get(pod.name) ?? model.istioVersion,
        ...Object.fromEntries(
          resources.flatMap(([type, { sent, acked }]) => [
            [`${type}_sent`, sent],
            [`${type}_acked`, acked],
          ]),
        ),
        ...(isNew && { resources: Object.fromEntries(resources.map(([type, one]) => [typeUrls[type], told(one)])) }),
      };
    });
  }

  /** One in ten seconds since a moment. */
  #troubles(since: number | undefined): number {
    return since === undefined ? 0 : Math.floor((this.#mesh.nowSeconds - since) / 10);
  }

  /** An old release is still named after its last proxy has gone, with zero. */
  #connectedByVersion(pods: readonly Pod[]): readonly (readonly [labels: string, value: number])[] {
    const counts = new Map([
      [this.#mesh.model.istioVersion, 0],
      ['1.22.8', 0],
    ]);
    for (const { name } of pods) {
      const version = this.faults.versions.get(name) ?? this.#mesh.model.istioVersion;
      counts.set(version, (counts.get(version) ?? 0) + 1);
    }
    return [...counts].map(([version, count]) => [`{version="${version}"}`, count]);
  }
}

function told({ sent, acked, sentAtSeconds, error }: SentResource): object {
  const sentTime = new Date(sentAtSeconds * 1000).toISOString();
  return { sent, acked, sentTime, ...(error !== undefined && { lastError: error }) };
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

function family(
  name: string,
  type: 'counter' | 'gauge',
  samples: readonly (readonly [labels: string, value: number])[],
): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`).join('');
  return `# HELP ${name} ${help[name] ?? name}.\n# TYPE ${name} ${type}\n${lines}`;
}

/** A counter that is there from its first event on. */
function rare(name: string, labels: string, count: number): readonly string[] {
  return count === 0 ? [] : [family(name, 'counter', [[labels, count]])];
}

/** Every observation took the same. */
function histogram(
  name: string,
  bounds: readonly number[],
  counts: readonly (readonly [label: string, count: number])[],
  seconds: number,
): string {
  const series = counts.map(([label, count]) => {
    const within = (le: number): number => (le < seconds ? 0 : count);
    const before = label === '' ? '' : `${label},`;
    const buckets = [...bounds, Infinity].map(
      (le) => `${name}_bucket{${before}le="${le === Infinity ? '+Inf' : le}"} ${within(le)}\n`,
    );
    const own = label === '' ? '' : `{${label}}`;
    return `${buckets.join('')}${name}_sum${own} ${count * seconds}\n${name}_count${own} ${count}\n`;
  });
  return `# HELP ${name} ${help[name] ?? name}.\n# TYPE ${name} histogram\n${series.join('')}`;
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
