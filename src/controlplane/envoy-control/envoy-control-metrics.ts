import { type Answer, known, unanswered } from '../answer.js';
import type { SeenInstance } from '../control-plane-probe.js';
import type { PushState } from '../control-plane-state.js';
import type { CounterValues } from '../growth-window.js';
import type { InstanceLook } from '../instance-watch.js';
import type { MetricValues } from '../metric-values.js';

/** Counters of an instance, of which only the growth says anything. */
export function instanceCounters(values: MetricValues): CounterValues {
  // Some versions of Micrometer write _total twice.
  const any = (name: string): number => values.sum(name) ?? values.sum(`${name}_total`) ?? 0;
  return new Map([
    ['updates', values.sum('snapshot_update_duration_seconds_count') ?? 0],
    ['update seconds', values.sum('snapshot_update_duration_seconds_sum') ?? 0],
    [
      'failures',
      any('snapshot_errors_total') + any('snapshot_group_errors_total') + any('services_state_errors_total'),
    ],
  ]);
}

/** What all instances together have made lately; envoy-control counts no refusals, and tells no distribution. */
export function pushesOf(looks: readonly InstanceLook<unknown>[]): Answer<PushState> {
  const grown = looks.flatMap((one) => one.grown ?? []);
  if (grown.length === 0) return unanswered('no instance has answered twice');
  const sum = (name: string): number => grown.reduce((total, one) => total + (one.get(name) ?? 0), 0);
  const seconds = Math.max(0, ...looks.map(({ grownSeconds }) => grownSeconds));
  return known({
    p50Seconds: undefined,
    p99Seconds: undefined,
    meanSeconds: sum('updates') > 0 ? sum('update seconds') / sum('updates') : undefined,
    pushesPerSecond: seconds > 0 ? sum('updates') / seconds : undefined,
    rejects: undefined,
    failures: sum('failures'),
    certificateErrors: undefined,
  });
}

/** What an instance tells of itself. */
export function ownOf({ values }: InstanceLook<unknown>): SeenInstance['own'] {
  if (!values) return {};
  return {
    uptimeSeconds: values.sum('process_uptime_seconds'),
    proxies: values.sum('connection_stats'),
    memoryBytes: values.sum('jvm_memory_used_bytes'),
  };
}

/**
 * Whether some Envoys are sent only what has changed: these do not take a new version of what has not, and their endpoints and
 * routes cannot be held against a snapshot.
 */
export function hasDeltas(looks: readonly InstanceLook<unknown>[]): boolean {
  return looks.some(({ values }) => (values?.of('request_stats_total', { discovery_request_type: 'delta' }) ?? 0) > 0);
}
