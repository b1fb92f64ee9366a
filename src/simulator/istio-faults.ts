import { always, instanceDown, timesOf } from './control-plane-faults.js';
import type { Fault } from './fault.js';
import type { FaultSet, FaultSwitch } from './fault-switchboard.js';
import type { IstioFleet } from './istio-fleet.js';
import type { Mesh } from './mesh.js';
import type { MeshServers } from './mesh-servers.js';

/** Of the demo: whose sidecar hangs at times, and which service nobody has restarted since the last upgrade. */
const hit = { sidecar: 'notifications', forgotten: 'refunds', forgottenVersion: '1.23.5' };

const refusal = 'Error adding/updating listener(s) 0.0.0.0_80: filter chains overlap';

/** What can be wrong with an Istio control plane, and with some of its sidecars; what is wrong with a sidecar goes with its pod. */
export function istioFaults(mesh: Mesh, fleet: IstioFleet, servers: Pick<MeshServers, 'setFault'>): FaultSet {
  const { stale, refusing } = fleet.sync.faults;
  const podOf = (service: string): string => mesh.pods.find((pod) => pod.service.name === service)?.name ?? '';
  const ofPod: { name: string; readonly faults: Set<Fault> } = { name: '', faults: new Set() };
  const ofSidecar = (name: string, fault: Fault): FaultSwitch => ({
    name,
    set: (isOn) => {
      if (ofPod.faults.size === 0) ofPod.name = podOf(hit.sidecar);
      if (isOn) ofPod.faults.add(fault);
      else ofPod.faults.delete(fault);
      // A proxy has one fault at a time: of several, the one that came last.
      const isThere = mesh.pods.some((pod) => pod.name === ofPod.name);
      if (isThere) void servers.setFault(ofPod.name, [...ofPod.faults].at(-1));
    },
  });
  return {
    switches: [
      {
        name: 'stale-sidecar',
        set: (isOn) => {
          if (isOn) stale.add(podOf(hit.sidecar));
          else stale.clear();
        },
      },
      {
        name: 'rejected-push',
        set: (isOn) => {
          if (isOn) refusing.set(podOf(hit.sidecar), refusal);
          else refusing.clear();
        },
      },
      {
        name: 'version-drift',
        set: (isOn) => {
          const forgotten = mesh.pods.filter(({ service }) => service.name === hit.forgotten);
          for (const { name } of forgotten) fleet.setVersion(name, isOn ? hit.forgottenVersion : undefined);
        },
      },
      ofSidecar('warming-clusters', 'warming-clusters'),
      ofSidecar('certificate-ending', 'certificate-ending'),
      ofSidecar('silent-proxy', 'error-500'),
      {
        name: 'root-ending',
        set: (isOn) => {
          for (const { faults } of fleet.istiods) faults.rootSecondsLeft = isOn ? 3 * 86_400 : undefined;
        },
      },
      { name: 'instances-disagree', set: (isOn) => (fleet.istiods[1]!.faults.missingServices = isOn ? 2 : 0) },
      { name: 'auth-required', set: (isOn) => fleet.askForToken(isOn ? 'a token that nobody has' : undefined) },
      {
        name: 'sync-unreadable',
        set: (isOn) => (isOn ? fleet.withoutDebug.add(1) : fleet.withoutDebug.clear()),
      },
      instanceDown(fleet),
    ],
    times: [{ name: 'version-drift', ...always }, ...timesOf('stale-sidecar', 'instances-disagree')],
  };
}
