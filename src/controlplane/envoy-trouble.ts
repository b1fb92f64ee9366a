import type { ControlPlaneThresholds } from '../config/control-planes.js';
import type { Answer } from './answer.js';
import type { WarmingState } from './control-plane-state.js';
import { gaugeAfterHotRestart, ownedProxy, warmingStuck } from './findings/proxy-findings.js';
import type { Scope } from './findings/scope.js';
import { HeldFor } from './held-for.js';
import { type ProxyBook, proxyKey } from './proxy-book.js';
import type { ProxyWatch, WatchedProxy } from './proxy-watch.js';
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
  look<T>(
    { proxies, silent, isTold }: Pick<ProxyWatch<T>, 'proxies' | 'silent' | 'isTold'>,
    now: number,
    envoyVersion: (proxy: WatchedProxy<T>) => string | undefined,
  ): Answer<WarmingState> {
    const restarted = proxies.flatMap((proxy) => {
      const epoch = proxy.values.sum('envoy_server_hot_restart_epoch') ?? 0;
      const version = envoyVersion(proxy);
      const lies = epoch >= 1 && version !== undefined && compareVersions(version, fixedEnvoy) < 0;
      return lies ? [{ proxy, epoch, version }] : [];
    });
    const unheard = new Set(silent.map(proxyKey));
    const lying = new Set(restarted.map(({ proxy }) => proxyKey(proxy)));
    const warming = proxies.filter((proxy) => warmingOf(proxy).all > 0 && !lying.has(proxyKey(proxy)));
    this.#held.look(now, warming.map(proxyKey), (key) => unheard.has(key));
    const stuck = warming.filter((proxy) => this.#seconds(proxy, now) > this.#thresholds.warmingSeconds);
    return {
      told: { told: { proxies: proxies.length, warming: warming.length, stuck: stuck.length } },
      findings: [
        ...stuck.map((proxy) => {
          const { clusters, listeners } = warmingOf(proxy);
          const seconds = this.#seconds(proxy, now);
          return warmingStuck(this.#scope, ownedProxy(proxy, this.#book), { clusters, listeners, seconds });
        }),
        ...restarted.map(({ proxy, epoch, version }) =>
          gaugeAfterHotRestart(this.#scope, ownedProxy(proxy, this.#book), { epoch, version }),
        ),
      ],
      judged: isTold ? ['WarmingStuck', 'GaugeAfterHotRestart'] : [],
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
