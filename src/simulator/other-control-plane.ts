import { ConsulServers } from './consul-servers.js';
import { consulServerFaults, envoyControlFaults, linkerd1Faults, linkerd2Faults } from './control-plane-faults.js';
import { EnvoyControlFleet } from './envoy-control-fleet.js';
import type { FaultSet } from './fault-switchboard.js';
import { Linkerd1Fleet } from './linkerd1-fleet.js';
import { Linkerd2Fleet } from './linkerd2-fleet.js';
import type { DiscoveredTarget } from './mesh-servers.js';
import type { NamedPod } from './pod-servers.js';

/** A control plane of a mesh other than Istio, and the proxies that tell of it. */
export interface OtherControlPlane {
  /** As meshslo calls its kind. */
  readonly kind: string;
  /** By what a control plane's configuration calls them: `instances`, `proxies`, `controllers`. */
  readonly lists: Readonly<Record<string, () => readonly DiscoveredTarget[]>>;
  readonly faults: FaultSet;
  /** Pods have come or gone. */
  follow(pods: readonly NamedPod[]): Promise<void>;
  close(): Promise<void>;
}

/** What runs and is steered. */
interface Fleet {
  close(): Promise<void>;
  /** None where proxies are no pods' own, or tell nothing. */
  follow?(pods: readonly NamedPod[]): Promise<void>;
}

/** The service whose proxy is hit by what goes wrong with one. */
const hit = 'refunds';

/** Starts the control planes of a mesh; none for a mesh that has none. */
export async function startOtherControlPlanes(
  mesh: string,
  nowSeconds: () => number,
  podsNow: () => readonly NamedPod[],
): Promise<readonly OtherControlPlane[]> {
  const pods = podsNow();
  const behind = (): string => podsNow().find(({ name }) => name.startsWith(hit))?.name ?? '';
  switch (mesh) {
    case 'linkerd2': {
      const fleet = new Linkerd2Fleet(nowSeconds, pods);
      await fleet.open();
      const lists = { instances: listed(fleet.addresses), proxies: () => fleet.targets() };
      return [plane('linkerd2', lists, linkerd2Faults(fleet, behind), fleet)];
    }
    case 'linkerd1':
    case 'linkerd1-daemonset': {
      const fleet = new Linkerd1Fleet(nowSeconds, ['node-1', 'node-2', 'node-3']);
      await fleet.open();
      const lists = {
        instances: listed(fleet.addresses),
        proxies: () => fleet.targets(),
        controllers: listed(fleet.controllers),
      };
      return [
        plane(
          'linkerd1',
          lists,
          linkerd1Faults(fleet, () => 'node-2'),
          fleet,
        ),
        await consul(nowSeconds),
      ];
    }
    case 'envoy': {
      const fleet = new EnvoyControlFleet(nowSeconds, { pods });
      await fleet.open();
      const lists = { instances: listed(fleet.addresses), proxies: () => fleet.targets() };
      return [plane('envoy-control', lists, envoyControlFaults(fleet, behind), fleet), await consul(nowSeconds)];
    }
    case 'consul':
      return [await consul(nowSeconds)];
    default:
      return [];
  }
}

async function consul(nowSeconds: () => number): Promise<OtherControlPlane> {
  const fleet = new ConsulServers(nowSeconds);
  await fleet.open();
  return plane('consul', { instances: listed(fleet.addresses) }, consulServerFaults(fleet), fleet);
}

function listed(addresses: readonly string[]): () => readonly DiscoveredTarget[] {
  return () => [{ targets: addresses, labels: {} }];
}

function plane(kind: string, lists: OtherControlPlane['lists'], faults: FaultSet, fleet: Fleet): OtherControlPlane {
  return {
    kind,
    lists,
    faults,
    follow: async (pods) => fleet.follow?.(pods),
    close: () => fleet.close(),
  };
}
