import type { PushState } from '../control-plane-state.js';
import type { CounterValues } from '../growth-window.js';
import type { MetricValues } from '../metric-values.js';
import { bucketCounters, recentQuantile } from '../quantiles.js';

const convergence = 'pilot_proxy_convergence_time';

/** Whatever can go wrong with a request for a certificate. */
const certificateErrors = [
  'citadel_server_csr_sign_err_count',
  'citadel_server_authentication_failure_count',
  'citadel_server_csr_parsing_err_count',
  'citadel_server_id_extraction_err_count',
] as const;

/** Counters of an istiod, of which only the growth says anything. */
export function istiodCounters(values: MetricValues): CounterValues {
  const isFailure = (type: string | undefined): boolean => type?.endsWith('_senderr') ?? false;
  const counters: readonly (readonly [string, number | undefined])[] = [
    ['pushes', values.sum('pilot_xds_pushes', (labels) => !isFailure(labels.get('type')))],
    ['send failures', values.sum('pilot_xds_pushes', (labels) => isFailure(labels.get('type')))],
    ['write timeouts', values.sum('pilot_xds_write_timeout')],
    ['internal errors', values.sum('pilot_total_xds_internal_errors')],
    ['rejects', values.sum('pilot_total_xds_rejects')],
    ['certificate errors', sumOf(certificateErrors.map((name) => values.sum(name)))],
    ['processor seconds', values.sum('process_cpu_seconds_total')],
  ];
  // Absent until the first event: to begin at zero is what makes that event grow.
  return new Map([
    ...counters.map(([name, value]) => [name, value ?? 0] as const),
    ...bucketCounters(values, convergence),
  ]);
}

/** What all istiods together have pushed lately; undefined values where there was nothing to measure. */
export function pushState(grown: readonly CounterValues[], windowSeconds: number): PushState {
  const sum = (name: string): number | undefined => sumOf(grown.map((one) => one.get(name)));
  const pushes = sum('pushes');
  return {
    p50Seconds: recentQuantile(grown, convergence, 0.5),
    p99Seconds: recentQuantile(grown, convergence, 0.99),
    meanSeconds: undefined,
    pushesPerSecond: pushes === undefined || windowSeconds <= 0 ? undefined : pushes / windowSeconds,
    rejects: sum('rejects'),
    failures: sumOf([sum('send failures'), sum('write timeouts'), sum('internal errors')]),
    certificateErrors: sum('certificate errors'),
  };
}

/** The release of an istiod; `pilot_info` has it as version-revision-status. */
export function istiodVersion(values: MetricValues): string | undefined {
  return (
    values.label('istio_build', 'tag', { component: 'pilot' }) ?? values.label('pilot_info', 'version')?.split('-')[0]
  );
}

/** Ends of the certificates that istiods sign with, epoch seconds, by name; where they differ, the first to come. */
export function soonestCertificates(
  istiods: readonly MetricValues[],
): readonly (readonly [name: string, end: number])[] {
  const ends = [
    ['root', 'citadel_server_root_cert_expiry_timestamp'],
    ['chain', 'citadel_server_cert_chain_expiry_timestamp'],
  ] as const;
  return ends.flatMap(([name, metric]) => {
    // Zero and less is no certificate, or an error.
    const told = istiods.flatMap((values) => values.sum(metric) ?? []).filter((end) => end > 0);
    return told.length === 0 ? [] : [[name, Math.min(...told)] as const];
  });
}

function sumOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}
