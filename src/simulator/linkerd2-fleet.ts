import { AnsweringServer, closeAll, metricsText, openAll, type Refuses, unlessRefused } from './answering-server.js';
import type { DiscoveredTarget } from './mesh-servers.js';
import { type NamedPod, PodServers } from './pod-servers.js';

/** What goes wrong on purpose; proxies by pod. */
export interface Linkerd2Faults {
  readonly versions: Map<string, string>;
  /** Seconds that the certificates of single proxies have left. */
  readonly secondsLeft: Map<string, number>;
  issuerSecondsLeft: number;
  /** A destination service that has lost a linked cluster. */
  forgetful: boolean;
  /** Since when a proxy a minute can renew no certificate, and an update a minute is lost. */
  failingSince: number | undefined;
  /** Proxies whose metrics cannot be read. */
  readonly silent: Set<string>;
  /** What the components answer everybody with. */
  refuses: Refuses;
}

const usualVersion = '2.366.0';
const daySeconds = 86_400;

/** Components of a Linkerd 2 control plane and proxies, each at its port for metrics. */
export class Linkerd2Fleet {
  readonly faults: Linkerd2Faults = {
    versions: new Map(),
    secondsLeft: new Map(),
    issuerSecondsLeft: 365 * daySeconds,
    forgetful: false,
    failingSince: undefined,
    silent: new Set(),
    refuses: undefined,
  };
  readonly #nowSeconds: () => number;
  readonly #components: readonly AnsweringServer[];
  readonly #proxies: PodServers<NamedPod & { readonly server: AnsweringServer }>;

  constructor(nowSeconds: () => number, pods: readonly NamedPod[]) {
    this.#nowSeconds = nowSeconds;
    const own = (more: () => Readonly<Record<string, number>>) =>
      new AnsweringServer(({ path }) =>
        unlessRefused(this.faults.refuses, () =>
          path === '/metrics'
            ? {
                body: metricsText({
                  process_resident_memory_bytes: 60_000_000,
                  process_cpu_seconds_total: this.#grown(0.02),
                  go_goroutines: 180,
                  'grpc_server_handled_total{grpc_service="io.linkerd.proxy.destination.Destination",grpc_method="Get",grpc_code="OK"}':
                    this.#grown(0.5),
                  ...more(),
                }),
              }
            : undefined,
        ),
      );
    this.#components = [
      own(() => ({ issuer_cert_ttl_seconds: this.faults.issuerSecondsLeft })),
      own(() => ({
        endpoints_subscribers: this.#proxies.all.length,
        endpoints_pods: this.#proxies.all.length,
        endpoints_updates: this.#grown(0.2),
        cluster_store_size: 2,
        'proxy_inject_admission_requests_total{owner_kind="deployment",namespace="shop"}': pods.length,
        'proxy_inject_admission_responses_total{owner_kind="deployment",namespace="shop",skip="false",skip_reason=""}':
          pods.length,
        ...(this.#failures > 0 && { endpoint_updates_queue_overflow: this.#failures }),
      })),
      own(() => ({
        endpoints_subscribers: 0,
        endpoints_pods: 0,
        endpoints_updates: this.#grown(0.2),
        cluster_store_size: this.faults.forgetful ? 1 : 2,
      })),
    ];
    this.#proxies = new PodServers(pods, (pod) => ({
      ...pod,
      server: new AnsweringServer(({ path }) => {
        if (this.faults.silent.has(pod.name)) return { status: 503, body: '' };
        return path === '/metrics' ? { body: this.#proxySays(pod.name) } : undefined;
      }),
    }));
  }

  get addresses(): readonly string[] {
    return this.#components.map(({ address }) => address);
  }

  targets(): readonly DiscoveredTarget[] {
    return this.#proxies.targets();
  }

  /** Pods have come or gone. */
  async follow(pods: readonly NamedPod[]): Promise<void> {
    await this.#proxies.follow(pods);
  }

  async open(): Promise<void> {
    await openAll(this.#components);
    await this.#proxies.open();
  }

  async close(): Promise<void> {
    await Promise.all([closeAll(this.#components), this.#proxies.close()]);
  }

  async stop(index: number): Promise<void> {
    await this.#components[index]!.close();
  }

  async restart(index: number): Promise<void> {
    await this.#components[index]!.open();
  }

  /** A counter that grows evenly. */
  #grown(perSecond: number): number {
    return Math.floor(this.#nowSeconds() * perSecond * 100) / 100;
  }

  get #failures(): number {
    const { failingSince } = this.faults;
    return failingSince === undefined ? 0 : Math.floor((this.#nowSeconds() - failingSince) / 60);
  }

  /** Certificates live a day, and are renewed when a third of it is left. */
  #proxySays(pod: string): string {
    const left = this.faults.secondsLeft.get(pod) ?? daySeconds - (this.#nowSeconds() % (0.7 * daySeconds));
    const version = this.faults.versions.get(pod) ?? usualVersion;
    return metricsText({
      [`proxy_build_info{version="${version}",git_sha="0",vendor="linkerd",profile="release",date="2026"}`]: 1,
      identity_cert_expiration_timestamp_seconds: this.#nowSeconds() + left,
      'identity_cert_refreshes_total{result="ok"}': Math.floor(this.#nowSeconds() / (0.7 * daySeconds)),
      ...(this.#failures > 0 && { 'identity_cert_refreshes_total{result="error"}': this.#failures }),
    });
  }
}
