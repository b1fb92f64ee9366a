import { Gauge, type Registry } from 'prom-client';
import type { ControlPlaneState } from '../controlplane/control-plane-state.js';

/** Versions of one control plane's proxies that have series of their own, most frequent first; the others are `other`. */
const mostVersions = 20;

const names = ['control_plane', 'mesh', 'cluster'] as const;

/** What meshslo tells of control planes: what they have no metric for, and what only all instances together know. */
export function controlPlaneMetrics(registers: Registry[], states: () => readonly ControlPlaneState[]): () => void {
  const gauge = (name: string, help: string, more: readonly string[] = []): Gauge =>
    new Gauge({ name, help, labelNames: [...names, ...more], registers });
  const instances = gauge('meshslo_control_plane_instances', 'Instances of a control plane by how they are.', [
    'health',
  ]);
  const lookedAt = gauge(
    'meshslo_control_plane_last_look_timestamp_seconds',
    'When a control plane was looked at last.',
  );
  const lookSeconds = gauge('meshslo_control_plane_look_duration_seconds', 'Time that the last look at it took.');
  const proxies = gauge(
    'meshslo_proxies',
    'Proxies by how they agree with their control plane; absent where it does not tell.',
    ['type', 'status'],
  );
  const behind = gauge('meshslo_out_of_sync_proxies', 'Proxies that have not taken, or refuse, what they were sent.', [
    'owner',
    'type',
    'status',
  ]);
  const versions = gauge('meshslo_proxies_by_version', 'Proxies by their version.', ['version']);
  const drifting = gauge('meshslo_drifting_proxies', 'Proxies of another version than the wanted one.', [
    'owner',
    'version',
    'wanted',
  ]);
  const certificates = gauge(
    'meshslo_certificate_seconds_left',
    'Time until a certificate ends: of the control plane, or the first to end of those of an owner.',
    ['certificate', 'owner'],
  );
  const convergence = gauge(
    'meshslo_control_plane_convergence_seconds',
    'Quantiles of the time from a change to its push to a proxy, over five minutes and all instances.',
    ['quantile'],
  );
  const differences = gauge(
    'meshslo_control_plane_differences',
    'Things in which its instances have differed for long.',
  );
  const warming = gauge('meshslo_warming_proxies', 'Proxies with clusters or listeners that are warming.', ['state']);
  const all = [instances, lookedAt, lookSeconds, proxies, behind, versions, drifting, certificates, convergence];
  return () => {
    for (const one of [...all, differences, warming]) one.reset();
    for (const state of states()) {
      const labels = { control_plane: state.name, mesh: state.kind, cluster: state.cluster };
      lookedAt.set(labels, state.lookedAt);
      lookSeconds.set(labels, state.lookSeconds);
      for (const health of ['up', 'down', 'forbidden', 'unknown'] as const) {
        const count = state.instances.filter((instance) => instance.health === health).length;
        instances.set({ ...labels, health }, count);
      }
      if ('told' in state.sync) {
        for (const { type, status, count } of state.sync.told.proxies) proxies.set({ ...labels, type, status }, count);
        for (const { owner = '', type, status, count } of state.sync.told.behind) {
          behind.set({ ...labels, owner, type, status }, count);
        }
      }
      if ('told' in state.versions) setVersions(state.versions.told, labels, { versions, drifting });
      if ('told' in state.certificates) {
        for (const { name, owner = '', secondsLeft } of state.certificates.told) {
          certificates.set({ ...labels, certificate: name, owner }, secondsLeft);
        }
      }
      if ('told' in state.pushes) {
        const { p50Seconds, p99Seconds } = state.pushes.told;
        if (p50Seconds !== undefined) convergence.set({ ...labels, quantile: '0.5' }, p50Seconds);
        if (p99Seconds !== undefined) convergence.set({ ...labels, quantile: '0.99' }, p99Seconds);
      }
      if ('told' in state.differences) differences.set(labels, state.differences.told.length);
      if ('told' in state.warming) {
        warming.set({ ...labels, state: 'warming' }, state.warming.told.warming);
        warming.set({ ...labels, state: 'stuck' }, state.warming.told.stuck);
      }
    }
  };
}

type ToldVersions = Extract<ControlPlaneState['versions'], { readonly told: unknown }>['told'];

function setVersions(
  { proxies, drifting, wanted = '' }: ToldVersions,
  labels: Readonly<Record<string, string>>,
  gauges: { readonly versions: Gauge; readonly drifting: Gauge },
): void {
  const frequent = new Set(
    proxies
      .toSorted((a, b) => b.count - a.count)
      .slice(0, mostVersions)
      .map(({ version }) => version),
  );
  const told = (version: string): string => (frequent.has(version) ? version : 'other');
  for (const { version, count } of proxies) gauges.versions.inc({ ...labels, version: told(version) }, count);
  for (const { owner = '', version, count } of drifting) {
    gauges.drifting.inc({ ...labels, owner, version: told(version), wanted }, count);
  }
}
