/** What a proxy's own statistics are made from. */
export interface ProcessView {
  readonly startedSeconds: number;
  readonly nowSeconds: number;
  /** Requests since the process began. */
  readonly requests: number;
  /** Series that there are now. */
  readonly seriesCount: number;
  /** Clusters that the control plane has sent. */
  readonly clusters: number;
}

/** A statistic without labels; `stat` is Envoy's own name, which filters are matched against. */
export interface ScalarStat {
  readonly stat: string;
  readonly type: 'counter' | 'gauge';
  readonly value: (view: ProcessView) => number;
}

const hourSeconds = 3600;

/**
 * What Istio's bootstrap keeps of Envoy's statistics, in Envoy's order.
 *
 * @see istio/istio tools/packaging/common/envoy_bootstrap.json
 */
export const countersBeforeRequests: readonly ScalarStat[] = [
  counter('cluster_manager.cds_init_fetch_timeout', () => 0),
  counter('cluster_manager.cds_update_attempt', (view) => configUpdates(view) + 1),
  counter('cluster_manager.cds_update_failure', () => 0),
  counter('cluster_manager.cds_update_rejected', () => 0),
  counter('cluster_manager.cds_update_success', configUpdates),
  counter('cluster_manager.cluster_added', ({ clusters }) => clusters),
  counter('cluster_manager.cluster_modified', () => 1),
  counter('cluster_manager.cluster_removed', () => 0),
  counter('cluster_manager.cluster_updated', (view) => 4 * configUpdates(view)),
  counter('cluster_manager.cluster_updated_via_merge', () => 0),
  counter('cluster_manager.update_merge_cancelled', () => 0),
  counter('cluster_manager.update_out_of_merge_window', () => 0),
];

export const countersAfterRequests: readonly ScalarStat[] = [
  counter('listener_manager.lds_init_fetch_timeout', () => 0),
  counter('listener_manager.lds_update_attempt', (view) => configUpdates(view) + 1),
  counter('listener_manager.lds_update_failure', () => 0),
  counter('listener_manager.lds_update_rejected', () => 0),
  counter('listener_manager.lds_update_success', configUpdates),
  counter('listener_manager.listener_added', ({ clusters }) => clusters),
  counter('listener_manager.listener_create_failure', () => 0),
  counter('listener_manager.listener_create_success', ({ clusters }) => 2 * clusters),
  counter('listener_manager.listener_in_place_updated', () => 0),
  counter('listener_manager.listener_modified', () => 0),
  counter('listener_manager.listener_removed', () => 0),
  counter('listener_manager.listener_stopped', () => 0),
  counter('server.debug_assertion_failures', () => 0),
  counter('server.dropped_stat_flushes', () => 0),
  counter('server.dynamic_unknown_fields', () => 0),
  counter('server.envoy_bug_failures', () => 0),
  counter('server.main_thread.watchdog_mega_miss', () => 0),
  counter('server.main_thread.watchdog_miss', () => 0),
  counter('server.static_unknown_fields', () => 0),
  counter('server.worker_0.watchdog_mega_miss', () => 0),
  counter('server.worker_0.watchdog_miss', () => 0),
  counter('server.worker_1.watchdog_mega_miss', () => 0),
  counter('server.worker_1.watchdog_miss', () => 0),
];

export const gaugesBeforeBuild: readonly ScalarStat[] = [
  gauge('cluster_manager.active_clusters', ({ clusters }) => clusters),
  gauge('cluster_manager.cds_update_time', lastUpdateMs),
  gauge('cluster_manager.cds_version', ({ startedSeconds }) => 7_000_000_000_000_000 + Math.floor(startedSeconds)),
  gauge('cluster_manager.warming_clusters', () => 0),
];

export const gaugesAfterBuild: readonly ScalarStat[] = [
  gauge('listener_manager.lds_update_time', lastUpdateMs),
  gauge('listener_manager.lds_version', ({ startedSeconds }) => 7_000_000_000_000_000 + Math.floor(startedSeconds)),
  gauge('listener_manager.total_filter_chains_draining', () => 0),
  gauge('listener_manager.total_listeners_active', ({ clusters }) => clusters),
  gauge('listener_manager.total_listeners_draining', () => 0),
  gauge('listener_manager.total_listeners_warming', () => 0),
  gauge('listener_manager.workers_started', () => 1),
  gauge('server.compilation_settings.fips_mode', () => 0),
  gauge('server.concurrency', () => 2),
  gauge('server.days_until_first_cert_expiring', () => 0),
  gauge('server.hot_restart_epoch', () => 0),
  gauge('server.live', () => 1),
  gauge('server.memory_allocated', memoryBytes),
  gauge('server.memory_heap_size', (view) => Math.ceil(memoryBytes(view) / 2_097_152 + 1) * 2_097_152),
  gauge('server.memory_physical_size', (view) => memoryBytes(view) + 5_276_758),
  gauge('server.parent_connections', () => 0),
  gauge('server.seconds_until_first_ocsp_response_expiring', () => 0),
  gauge('server.state', () => 0),
  gauge('server.stats_recent_lookups', ({ seriesCount }) => 5000 + 4 * seriesCount),
  gauge('server.total_connections', (view) => 1 + Math.round(Math.sqrt(view.requests / Math.max(1, uptime(view))))),
  gauge('server.uptime', uptime),
  gauge('server.version', () => 15_537_291),
];

/** Counters of one cluster, by what stands after `cluster.<name>.`; as seen from its requests and connections. */
export const clusterCounters: readonly { readonly stat: string; readonly perRequest: number }[] = [
  { stat: 'bind_errors', perRequest: 0 },
  { stat: 'http2.rx_reset', perRequest: 0 },
  { stat: 'http2.tx_reset', perRequest: 0 },
  { stat: 'lb_healthy_panic', perRequest: 0 },
  { stat: 'membership_change', perRequest: 0.001 },
  { stat: 'retry_or_shadow_abandoned', perRequest: 0 },
  { stat: 'update_attempt', perRequest: 0.001 },
  { stat: 'update_failure', perRequest: 0 },
  { stat: 'update_success', perRequest: 0.001 },
  { stat: 'upstream_cx_connect_attempts_exceeded', perRequest: 0 },
  { stat: 'upstream_cx_connect_fail', perRequest: 0 },
  { stat: 'upstream_cx_connect_timeout', perRequest: 0 },
  { stat: 'upstream_cx_destroy', perRequest: 0.01 },
  { stat: 'upstream_cx_destroy_remote', perRequest: 0.01 },
  { stat: 'upstream_cx_none_healthy', perRequest: 0 },
  { stat: 'upstream_cx_overflow', perRequest: 0 },
  { stat: 'upstream_cx_rx_bytes_total', perRequest: 2300 },
  { stat: 'upstream_cx_total', perRequest: 0.01 },
  { stat: 'upstream_cx_tx_bytes_total', perRequest: 820 },
  { stat: 'upstream_rq_cancelled', perRequest: 0 },
  { stat: 'upstream_rq_completed', perRequest: 1 },
  { stat: 'upstream_rq_pending_overflow', perRequest: 0 },
  { stat: 'upstream_rq_pending_total', perRequest: 0.01 },
  { stat: 'upstream_rq_retry', perRequest: 0 },
  { stat: 'upstream_rq_retry_overflow', perRequest: 0 },
  { stat: 'upstream_rq_retry_success', perRequest: 0 },
  { stat: 'upstream_rq_timeout', perRequest: 0 },
  { stat: 'upstream_rq_total', perRequest: 1 },
];

export function uptime({ startedSeconds, nowSeconds }: ProcessView): number {
  return Math.floor(nowSeconds - startedSeconds);
}

function counter(stat: string, value: (view: ProcessView) => number): ScalarStat {
  return { stat, type: 'counter', value };
}

function gauge(stat: string, value: (view: ProcessView) => number): ScalarStat {
  return { stat, type: 'gauge', value };
}

/** The control plane sends something new about every hour. */
function configUpdates(view: ProcessView): number {
  return 2 + Math.floor(uptime(view) / hourSeconds);
}

function lastUpdateMs(view: ProcessView): number {
  return Math.floor((view.startedSeconds + Math.floor(uptime(view) / hourSeconds) * hourSeconds) * 1000);
}

/** Envoy's memory grows with its statistics, and breathes with its traffic. */
function memoryBytes({ seriesCount, clusters, requests }: ProcessView): number {
  return 12_024_744 + 24_000 * seriesCount + 61_000 * clusters + (requests % 1000) * 512;
}
