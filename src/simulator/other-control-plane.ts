import { EnvoyControlFleet } from './envoy-control-fleet.js';
import { Linkerd1Fleet } from './linkerd1-fleet.js';
import { Linkerd2Fleet } from './linkerd2-fleet.js';
import type { DiscoveredTarget } from './mesh-servers.js';

/** The control plane of a mesh other than Istio, and the proxies that tell of it. */
export interface OtherControlPlane {
  /** As meshslo calls its kind. */
  readonly kind: string;
  /** By what a control plane's configuration calls them: `instances`, `proxies`, `controllers`. */
  readonly lists: Readonly<Record<string, readonly DiscoveredTarget[]>>;
  close(): Promise<void>;
}

interface NamedPod {
  readonly name: string;
  readonly namespace: string;
}

/** Starts the control plane of a mesh, with a proxy that is behind; undefined for a mesh that has none. */
export async function startOtherControlPlane(
  mesh: string,
  nowSeconds: () => number,
  pods: readonly NamedPod[],
): Promise<OtherControlPlane | undefined> {
  const behind = pods.find(({ name }) => name.startsWith('refunds')) ?? pods[0];
  const list = (addresses: readonly string[]): readonly DiscoveredTarget[] => [{ targets: addresses, labels: {} }];
  switch (mesh) {
    case 'linkerd2': {
      const fleet = new Linkerd2Fleet(nowSeconds, pods);
      await fleet.open();
      if (behind) fleet.faults.versions.set(behind.name, '2.350.0');
      return plane('linkerd2', { instances: list(fleet.addresses), proxies: fleet.targets() }, fleet);
    }
    case 'linkerd1':
    case 'linkerd1-daemonset': {
      const fleet = new Linkerd1Fleet(nowSeconds, ['node-1', 'node-2', 'node-3']);
      await fleet.open();
      fleet.faults.stale.add('node-2');
      const lists = {
        instances: list(fleet.addresses),
        proxies: fleet.targets(),
        controllers: list(fleet.controllers),
      };
      return plane('linkerd1', lists, fleet);
    }
    case 'envoy': {
      const fleet = new EnvoyControlFleet(nowSeconds, { pods });
      await fleet.open();
      if (behind) fleet.faults.stale.add(behind.name);
      return plane('envoy-control', { instances: list(fleet.addresses), proxies: fleet.targets() }, fleet);
    }
    default:
      return undefined;
  }
}

function plane(kind: string, lists: OtherControlPlane['lists'], fleet: { close(): Promise<void> }): OtherControlPlane {
  return { kind, lists, close: () => fleet.close() };
}
