import type { ConsulServers } from './consul-servers.js';
import type { EnvoyControlFleet } from './envoy-control-fleet.js';
import type { FaultSet, FaultSwitch, FaultTimes } from './fault-switchboard.js';
import type { Linkerd1Fleet } from './linkerd1-fleet.js';
import type { Linkerd2Fleet } from './linkerd2-fleet.js';

const minute = 60;
const quarter = 15 * minute;

/** One trouble after the other: first something of a proxy, then something of the control plane itself. */
const ofProxy = { first: 3 * minute, lasts: 5 * minute, every: quarter };
const ofInstances = { first: 10 * minute, lasts: 3 * minute, every: quarter };

/** On from the beginning, until somebody switches it off. */
export const always = { first: 0, lasts: Infinity, every: Infinity };

/** The proxy that a fault hits, of those that there are when it is switched on. */
type Victim = () => string;

/** A fault of one proxy: whoever is in the set has it, until it goes with its pod. */
function inSet(name: string, faulty: Set<string>, victim: Victim): FaultSwitch {
  return { name, set: (isOn) => (isOn ? faulty.add(victim()) : faulty.clear()) };
}

/** A fault of one proxy: whoever is in the map has it, with a value. */
function inMap<T>(name: string, faulty: Map<string, T>, victim: Victim, value: T): FaultSwitch {
  return { name, set: (isOn) => (isOn ? faulty.set(victim(), value) : faulty.clear()) };
}

/** An instance that is away. */
export function instanceDown(
  fleet: { stop(index: number): Promise<void>; restart(index: number): Promise<void> },
  name = 'instance-down',
): FaultSwitch {
  const set = (isOn: boolean): void => {
    // Its port may have been given away meanwhile: then it stays away, and the rest of the mesh lives on.
    void (isOn ? fleet.stop(1) : fleet.restart(1)).catch(() => undefined);
  };
  return { name, set };
}

/** Times of a proxy's fault and of one of the instances. */
export function timesOf(proxy: string, instances: string): readonly FaultTimes[] {
  return [
    { name: proxy, ...ofProxy },
    { name: instances, ...ofInstances },
  ];
}

/** What can be wrong with envoy-control, and with the Envoy of one pod. */
export function envoyControlFaults(fleet: EnvoyControlFleet, pod: Victim): FaultSet {
  const { faults } = fleet;
  return {
    switches: [
      inSet('stale-sidecar', faults.stale, pod),
      inSet('rejected-push', faults.refusing, pod),
      inSet('warming-clusters', faults.warming, pod),
      inSet('silent-proxy', faults.silent, pod),
      inMap('version-drift', faults.versions, pod, '1.30.4'),
      inMap('certificate-ending', faults.daysLeft, pod, 0),
      inSet('hot-restarted', faults.restarted, pod),
      {
        name: 'instances-disagree',
        set: (isOn) => (isOn ? faults.forgetful.add(1) : faults.forgetful.delete(1)),
      },
      { name: 'auth-required', set: (isOn) => (faults.refuses = isOn ? 401 : undefined) },
      {
        name: 'sync-unreadable',
        set: (isOn) => (isOn ? faults.empty.add(0).add(1) : faults.empty.clear()),
      },
      instanceDown(fleet),
    ],
    times: timesOf('stale-sidecar', 'instances-disagree'),
  };
}

/** What can be wrong with Linkerd 2, and with the proxy of one pod. */
export function linkerd2Faults(fleet: Linkerd2Fleet, pod: Victim): FaultSet {
  const { faults } = fleet;
  return {
    switches: [
      inMap('version-drift', faults.versions, pod, '2.350.0'),
      inMap('certificate-ending', faults.secondsLeft, pod, 600),
      inSet('silent-proxy', faults.silent, pod),
      { name: 'issuer-ending', set: (isOn) => (faults.issuerSecondsLeft = (isOn ? 3 : 365) * 86_400) },
      { name: 'instances-disagree', set: (isOn) => (faults.forgetful = isOn) },
      { name: 'auth-required', set: (isOn) => (faults.refuses = isOn ? 403 : undefined) },
      instanceDown(fleet),
    ],
    times: [{ name: 'version-drift', ...always }, ...timesOf('certificate-ending', 'instance-down')],
  };
}

/** What can be wrong with Namerd, and with the Linkerd of one node. */
export function linkerd1Faults(fleet: Linkerd1Fleet, node: Victim): FaultSet {
  const { faults } = fleet;
  return {
    switches: [
      inSet('stale-sidecar', faults.stale, node),
      inSet('silent-proxy', faults.silent, node),
      { name: 'instances-disagree', set: (isOn) => (faults.otherDtab = isOn) },
      { name: 'sync-unreadable', set: (isOn) => (faults.ignorant = isOn) },
      { name: 'auth-required', set: (isOn) => (faults.refuses = isOn ? 403 : undefined) },
      instanceDown(fleet),
    ],
    times: timesOf('stale-sidecar', 'instances-disagree'),
  };
}

/** What can be wrong with the servers of Consul. */
export function consulServerFaults(fleet: ConsulServers): FaultSet {
  const { faults } = fleet;
  return {
    switches: [
      { name: 'consul-leaderless', set: (isOn) => (faults.leaderless = isOn) },
      { name: 'consul-root-ending', set: (isOn) => (faults.rootSecondsLeft = (isOn ? 3 : 3650) * 86_400) },
      { name: 'consul-agent-ending', set: (isOn) => (faults.agentSecondsLeft = (isOn ? 3 : 300) * 86_400) },
      { name: 'consul-disagrees', set: (isOn) => (isOn ? faults.astray.add(2) : faults.astray.clear()) },
      instanceDown(fleet, 'consul-server-down'),
      { name: 'consul-auth-required', set: (isOn) => (faults.token = isOn ? 'a token that nobody has' : undefined) },
    ],
    times: [],
  };
}
