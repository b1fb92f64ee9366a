import type { CertificateState, ControlPlaneState, InstanceState, Told } from '../controlplane/control-plane-state.js';
import type {
  CertificateView,
  ControlPlaneInstanceView,
  ControlPlaneView,
  ProxySyncView,
  ProxyVersionsView,
} from './api-types/control-plane.js';

/** A control plane as the API tells it. */
export function controlPlaneView(state: ControlPlaneState): ControlPlaneView {
  const { sync, versions, certificates, pushes, differences, warming } = state;
  const asked = { sync, versions, certificates, pushes, differences, warming };
  return {
    name: state.name,
    mesh: state.kind,
    title: state.title,
    cluster: state.cluster,
    owner: state.owner ?? null,
    lookedSeconds: state.lookedAt,
    lookDurationSeconds: state.lookSeconds,
    troubles: state.troubles,
    instances: state.instances.map(instanceView),
    sync: told(sync, syncView),
    versions: told(versions, versionsView),
    certificates: told(certificates, (all) => all.map(certificateView)),
    pushes: told(
      pushes,
      ({ p50Seconds, p99Seconds, meanSeconds, pushesPerSecond, rejects, failures, certificateErrors }) => ({
        p50Seconds: p50Seconds ?? null,
        p99Seconds: p99Seconds ?? null,
        meanSeconds: meanSeconds ?? null,
        pushesPerSecond: pushesPerSecond ?? null,
        rejects: rejects ?? null,
        failures: failures ?? null,
        certificateErrors: certificateErrors ?? null,
      }),
    ),
    differences: told(differences, (all) => all),
    warming: told(warming, (all) => all),
    untold: Object.fromEntries(
      Object.entries(asked).flatMap(([name, value]) => ('untold' in value ? [[name, value.untold]] : [])),
    ),
  };
}

function told<T, V>(value: Told<T>, view: (told: T) => V): V | null {
  return 'told' in value ? view(value.told) : null;
}

function instanceView(instance: InstanceState): ControlPlaneInstanceView {
  const { address, health, trouble, version, uptimeSeconds, proxies, memoryBytes, processors } = instance;
  return {
    address,
    health,
    trouble: trouble ?? null,
    version: version ?? null,
    uptimeSeconds: uptimeSeconds ?? null,
    proxies: proxies ?? null,
    memoryBytes: memoryBytes ?? null,
    processors: processors ?? null,
  };
}

type ToldOf<Key extends keyof ControlPlaneState> = Extract<ControlPlaneState[Key], { readonly told: unknown }>['told'];

function syncView({ proxies, behind }: ToldOf<'sync'>): ProxySyncView {
  return { proxies, behind: behind.map((one) => ({ ...one, owner: one.owner ?? null })) };
}

function versionsView({ controlPlane, wanted, proxies, drifting }: ToldOf<'versions'>): ProxyVersionsView {
  const owned = drifting.map((one) => ({ ...one, owner: one.owner ?? null }));
  return { controlPlane, wanted: wanted ?? null, proxies, drifting: owned };
}

function certificateView({
  name,
  of,
  owner,
  secondsLeft,
  neededSeconds,
  isInWholeDays,
  example,
}: CertificateState): CertificateView {
  return { name, of, owner: owner ?? null, secondsLeft, neededSeconds, isInWholeDays, example: example ?? null };
}
