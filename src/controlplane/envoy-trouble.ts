import type { ControlPlaneThresholds } from '../config/control-planes.js';
import type { Finding } from '../domain/finding.js';
import type { WarmingState } from './control-plane-state.js';
import { gaugeAfterHotRestart, ownedProxy, warmingStuck } from './findings/proxy-findings.js';
import type { Scope } from './findings/scope.js';
import { HeldFor } from './held-for.js';
import { type ProxyBook, proxyKey } from './proxy-book.js';
import type { WatchedProxy } from './proxy-watch.js';
import { compareVersions } from './release.js';

/** What is read of every Envoy, whoever steers it. */
export const envoyNames = [
  'envoy_cluster_manager_warming_clusters',
  'envoy_listener_manager_total_listeners_warming',
  'envoy_server_hot_restart_epoch',
] as const;

/** The same as Envoy searches it in its own names; a sidecar's agent passes no query on and sends everything. */
export const envoyFilter =
  '/stats/prometheus?filter=^(cluster_manager\\.(warming_clusters|cds)|listener_manager\\.(total_listeners_warming|lds)|server\\.(hot_restart_epoch|days_until))|istio_build';

/** Gauges of older Envoys keep what the process before a hot restart had (envoyproxy/envoy#10806, #11301). */
const fixedEnvoy = '1.15';

/** Troubles that an Envoy tells of itself: what warms for too long, and gauges that lie after a hot restart. */
export class EnvoyTrouble {
  readonly #scope: Scope;
  readonly #thresholds: ControlPlaneThresholds;
  readonly #book: ProxyBook;
  readonly #held = new HeldFor();

  constructor(scope: Scope, thresholds: ControlPlaneThresholds, book: ProxyBook) {
    this.#scope = scope;
    this.#thresholds = thresholds;
    this.#book = book;
  }

  /**
   * @param now of the clock that does not jump
   * @param envoyVersion of Envoy itself; undefined where nobody tells
   */
  look(
    proxies: readonly WatchedProxy[],
    now: number,
    envoyVersion: (proxy: WatchedProxy) => string | undefined,
  ): { readonly findings: readonly Finding[]; readonly warming: WarmingState } {
    const warming = proxies.filter((proxy) => warmingOf(proxy).all > 0);
    this.#held.look(now, warming.map(proxyKey));
    const stuck = warming.filter((proxy) => this.#seconds(proxy, now) > this.#thresholds.warmingSeconds);
    const findings = stuck.map((proxy) => {
      const { clusters, listeners } = warmingOf(proxy);
      return warmingStuck(this.#scope, ownedProxy(proxy, this.#book), {
        clusters,
        listeners,
        seconds: this.#seconds(proxy, now),
      });
    });
    const restarted = proxies.flatMap((proxy) => {
      const epoch = proxy.values.sum('envoy_server_hot_restart_epoch') ?? 0;
      const version = envoyVersion(proxy);
      if (epoch < 1 || version === undefined || compareVersions(version, fixedEnvoy) >= 0) return [];
      return [gaugeAfterHotRestart(this.#scope, ownedProxy(proxy, this.#book), { epoch, version })];
    });
    return {
      findings: [...findings, ...restarted],
      warming: { proxies: proxies.length, warming: warming.length, stuck: stuck.length },
    };
  }

  #seconds(proxy: WatchedProxy, now: number): number {
    return this.#held.seconds(proxyKey(proxy), now);
  }
}

function warmingOf({ values }: WatchedProxy): {
  readonly clusters: number;
  readonly listeners: number;
  readonly all: number;
} {
  const clusters = values.sum('envoy_cluster_manager_warming_clusters') ?? 0;
  const listeners = values.sum('envoy_listener_manager_total_listeners_warming') ?? 0;
  return { clusters, listeners, all: clusters + listeners };
}
