import type { FindingKind } from '../../domain/finding-kinds.js';
import type { Look } from '../../domain/finding-source.js';
import { Failure } from '../../domain/failure.js';
import type { ControlPlaneCollector } from '../collector.js';
import { type CollectorParts, instancesOf, othersOf, scopeOf } from '../collector-parts.js';
import { interruptible } from '../control-plane-look.js';
import type { ControlPlaneState, InstanceState, PushState } from '../control-plane-state.js';
import { type Difference, Differences } from '../differences.js';
import { type EndpointClient, isAnswer } from '../endpoint-client.js';
import type { EndpointSet } from '../endpoint-set.js';
import { endingCertificates } from '../ending-certificates.js';
import { envoyFilter, envoyNames, EnvoyTrouble } from '../envoy-trouble.js';
import { instancesDisagree } from '../findings/instance-findings.js';
import { configRejected, ownedProxy, sidecarOutOfSync } from '../findings/proxy-findings.js';
import type { Scope } from '../findings/scope.js';
import type { CounterValues } from '../growth-window.js';
import { downFindings, type InstanceLook, instanceState, InstanceWatch } from '../instance-watch.js';
import type { MetricValues } from '../metric-values.js';
import { ProxyLag } from '../proxy-lag.js';
import { ProxyWatch, type WatchedProxy } from '../proxy-watch.js';
import { syncCounts } from '../sync-counts.js';
import { versionCounts } from '../version-counts.js';
import { workloadCertificates } from '../workload-certificates.js';
import {
  type KnownEndpoints,
  readGlobalSnapshot,
  readState,
  readVersions,
  type SnapshotVersions,
} from './envoy-control-answers.js';
import { askEnvoy, type EnvoyFacts, groupOf, takenVersions, updatesOf } from './envoy-facts.js';

interface Known {
  readonly state: KnownEndpoints;
  readonly snapshot: KnownEndpoints;
}

const names = [
  ...envoyNames,
  'envoy_cluster_manager_cds_version',
  'envoy_listener_manager_lds_version',
  'envoy_cluster_manager_cds_update_rejected',
  'envoy_listener_manager_lds_update_rejected',
  'envoy_cluster_manager_cds_update_success',
  'envoy_listener_manager_lds_update_success',
  'envoy_server_days_until_first_cert_expiring',
] as const;

const disagreeAction =
  'An instance that knows other endpoints than the others has lost a watch on Consul, or another data centre: see services_state_errors of it, then restart it.';

/** Looks at envoy-control: what its instances know of services, and whether Envoys have taken the snapshots that it has made. */
export class EnvoyControlCollector implements ControlPlaneCollector {
  readonly name: string;
  readonly everySeconds: number;
  readonly #parts: CollectorParts;
  readonly #scope: Scope;
  readonly #instances: EndpointSet;
  readonly #envoys: EndpointSet;
  readonly #watch: InstanceWatch<Known>;
  readonly #proxies: ProxyWatch<EnvoyFacts>;
  readonly #differences: Differences;
  readonly #lag: ProxyLag;
  readonly #trouble: EnvoyTrouble;
  readonly #updates = new WeakMap<EndpointClient, { rejected: number; taken: number; isRefusing: boolean }>();
  /** Envoys whose first certificate had more than a day left once: theirs are no certificates of a day. */
  readonly #long = new WeakSet<EndpointClient>();
  #state: ControlPlaneState | undefined;

  constructor(parts: CollectorParts) {
    const { settings, pack, clock, book } = parts;
    const { name, cluster, intervalSeconds, thresholds } = settings;
    this.name = `control plane ${name}`;
    this.everySeconds = intervalSeconds;
    this.#parts = parts;
    this.#scope = scopeOf(parts);
    this.#instances = instancesOf(parts);
    this.#envoys = othersOf(parts, 'proxies', 9901);
    this.#watch = new InstanceWatch(
      this.#instances,
      { metricsPath: pack.target.path, counters: countersOf, ask: askInstance },
      clock,
    );
    this.#proxies = new ProxyWatch({
      set: this.#envoys,
      questions: { metricsPath: envoyFilter, names, more: askEnvoy },
      cluster,
      intervalSeconds,
      clock,
    });
    this.#differences = new Differences(thresholds.disagreeSeconds);
    this.#lag = new ProxyLag(thresholds.outOfSyncSeconds);
    this.#trouble = new EnvoyTrouble(this.#scope, thresholds, book);
  }

  get state(): ControlPlaneState | undefined {
    return this.#state;
  }

  close(): void {
    this.#instances.close();
    this.#envoys.close();
  }

  async look(signal: AbortSignal): Promise<Look> {
    const began = this.#parts.clock.monotonic();
    return interruptible(signal, [this.#instances, this.#envoys], async () => {
      const [looks] = await Promise.all([this.#watch.look(), this.#proxies.look()]);
      const versions = await this.#snapshotVersions(looks);
      return this.#conclude(looks, versions, began);
    });
  }

  /** What every group of Envoys should have; asked of an instance that answers. */
  async #snapshotVersions(looks: readonly InstanceLook<Known>[]): Promise<ReadonlyMap<string, SnapshotVersions>> {
    const client = looks.find(({ told }) => told)?.client;
    const nodes = new Map(
      this.#proxies.proxies.flatMap(({ more }) => (more.node ? [[groupOf(more.node), more.node]] : [])),
    );
    const versions = new Map<string, SnapshotVersions>();
    for (const [group, node] of client ? nodes : []) {
      try {
        const read = readVersions((await client!.json('/snapshot', node)).value);
        if (read) versions.set(group, read);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        // A group that envoy-control knows nothing of yet has no snapshot: 404. Who is gone is not waited for by every group.
        if (!isAnswer(error)) return new Map();
      }
    }
    return versions;
  }

  #conclude(
    looks: readonly InstanceLook<Known>[],
    versions: ReadonlyMap<string, SnapshotVersions>,
    began: number,
  ): Look {
    const { clock, settings, book } = this.#parts;
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    const told = looks.filter((one) => one.told);
    const differences = this.#differences.look(told.map(factsOf), monotonic);
    const lagging = this.#lag
      .look(
        this.#proxies.proxies.map((proxy) => this.#compared(proxy, versions)),
        monotonic,
      )
      .map((one) => ({ ...one, owned: ownedProxy(one.proxy, book) }));
    const trouble = this.#trouble.look(this.#proxies.proxies, monotonic, versionOf);
    const certificates = workloadCertificates(this.#proxies.proxies, book, (proxy) => this.#secondsLeft(proxy));
    const versioned = lagging.flatMap(({ proxy, owned }) => {
      const version = proxy.more.version;
      return version === undefined ? [] : [{ proxy: owned, version }];
    });
    const drift = versionCounts(this.#scope, versioned, { controlPlane: [], wanted: settings.wantedVersion });
    const hasProxies = settings.proxies.targets.length > 0;
    const noProxies = { untold: 'no addresses of Envoys are configured (control_planes: proxies)' };
    const troubles = [...this.#instances.troubles, ...this.#envoys.troubles];
    this.#state = {
      ...this.#scope,
      lookedAt: now,
      lookSeconds: clock.monotonic() - began,
      troubles: troubles.map(({ message }) => message),
      instances: looks.map(stateOf),
      sync: !hasProxies
        ? noProxies
        : versions.size === 0
          ? { untold: 'no instance tells the versions of its snapshots (POST /snapshot)' }
          : { told: syncCounts(lagging.map(({ status, owned }) => ({ type: 'sidecar', status, owner: owned.owner }))) },
      versions: hasProxies ? { told: drift.state } : noProxies,
      certificates: hasProxies ? { told: certificates } : noProxies,
      pushes: pushesOf(looks),
      differences: told.length > 0 ? { told: differences.map(({ what }) => what) } : { untold: 'no instance answers' },
      warming: hasProxies ? { told: trouble.warming } : noProxies,
    };
    const judged: FindingKind[] = ['ControlPlaneDown'];
    if (told.length > 0) judged.push('InstancesDisagree');
    if (versions.size > 0) judged.push('SidecarOutOfSync');
    if (hasProxies && this.#proxies.isTold)
      judged.push('ConfigRejected', 'VersionDrift', 'CertificateExpiring', 'WarmingStuck', 'GaugeAfterHotRestart');
    return {
      judged,
      events: [],
      findings: [
        ...downFindings(this.#scope, looks, { troubles, now }),
        ...disagreements(this.#scope, differences),
        ...lagging
          .filter(({ status }) => status === 'out-of-sync')
          .map(({ owned, behind, behindSeconds }) =>
            sidecarOutOfSync(this.#scope, owned, {
              what: behind,
              seconds: behindSeconds,
              since: now - behindSeconds,
              at: told[0]?.client.address ?? '',
            }),
          ),
        ...lagging
          .filter(({ status }) => status === 'rejecting')
          .map(({ owned }) =>
            configRejected(this.#scope, owned, {
              what: ['updates'],
              error: 'its log says why',
              at: 'its own counters',
            }),
          ),
        ...drift.findings,
        ...endingCertificates(this.#scope, certificates, settings.thresholds, now),
        ...trouble.findings,
      ],
    };
  }

  #compared(proxy: WatchedProxy<EnvoyFacts>, versions: ReadonlyMap<string, SnapshotVersions>) {
    const wanted = proxy.more.node === undefined ? undefined : versions.get(groupOf(proxy.more.node));
    const taken = takenVersions(proxy.values);
    const lacking = (['clusters', 'listeners'] as const).flatMap((what) => {
      const [should, has] = [wanted?.[what] ?? NaN, taken[what]];
      return Number.isNaN(should) || has === undefined || has === should ? [] : [{ what, has: String(has) }];
    });
    return { proxy, lacking, isRefusing: this.#isRefusing(proxy) };
  }

  /** Refused something since it has taken something. */
  #isRefusing({ client, values }: WatchedProxy): boolean {
    const now = updatesOf(values);
    const before = this.#updates.get(client);
    const hasRefused = before !== undefined && now.rejected > before.rejected;
    const hasTaken = before !== undefined && now.taken > before.taken;
    const isRefusing = hasRefused || (before?.isRefusing === true && !hasTaken);
    this.#updates.set(client, { ...now, isRefusing });
    return isRefusing;
  }

  /** Whole days only, and no certificate is a huge number; one of a day always has none left. */
  #secondsLeft({ client, values }: WatchedProxy): number | undefined {
    const days = values.sum('envoy_server_days_until_first_cert_expiring');
    if (days === undefined || days > 100_000) return undefined;
    if (days >= 1) this.#long.add(client);
    return this.#long.has(client) ? days * 86_400 : undefined;
  }
}

async function askInstance(client: EndpointClient): Promise<Known> {
  const state = readState((await client.json('/state')).value);
  const snapshot = readGlobalSnapshot((await client.json('/snapshot-global')).value);
  if (!state || !snapshot)
    throw new Failure('body-malformed', '/state or /snapshot-global is not what envoy-control answers');
  return { state, snapshot };
}

function countersOf(values: MetricValues): CounterValues {
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

function pushesOf(looks: readonly InstanceLook<Known>[]): ControlPlaneState['pushes'] {
  const grown = looks.flatMap((one) => one.grown ?? []);
  if (grown.length === 0) return { untold: 'no instance has answered twice' };
  const sum = (name: string): number => grown.reduce((total, one) => total + (one.get(name) ?? 0), 0);
  const seconds = Math.max(0, ...looks.map(({ grownSeconds }) => grownSeconds));
  const state: PushState = {
    p50Seconds: undefined,
    p99Seconds: undefined,
    meanSeconds: sum('updates') > 0 ? sum('update seconds') / sum('updates') : undefined,
    pushesPerSecond: seconds > 0 ? sum('updates') / seconds : undefined,
    rejects: undefined,
    failures: sum('failures'),
    certificateErrors: undefined,
  };
  return { told: state };
}

function factsOf({ client, told }: InstanceLook<Known>) {
  const facts = [
    ...[...told!.state].map(([service, endpoints]) => [`state ${service}`, endpoints] as const),
    ...[...told!.snapshot].map(([service, endpoints]) => [`snapshot ${service}`, endpoints] as const),
  ];
  return { address: client.address, facts: new Map(facts) };
}

/** One finding, whatever the number of services: instances differ, and that is what somebody has to repair. */
function disagreements(scope: Scope, differences: readonly Difference[]) {
  const [first] = differences;
  if (!first) return [];
  const addresses = [...new Set(differences.flatMap(({ values }) => Object.keys(values)))].sort();
  const services = [...new Set(differences.map(({ what }) => what.slice(what.indexOf(' ') + 1)))].sort();
  const countAt = (address: string): string =>
    differences
      .slice(0, 5)
      .map(({ what, values }) => `${what}: ${(values[address] ?? '').split(' ').filter(Boolean).length}`)
      .join(', ');
  return [
    instancesDisagree(scope, {
      what: 'the endpoints of services',
      values: {
        ...Object.fromEntries(addresses.map((address) => [address, countAt(address)])),
        services: `${services.slice(0, 10).join(', ')}${services.length > 10 ? ` and ${services.length - 10} more` : ''}`,
      },
      seconds: Math.max(...differences.map(({ seconds }) => seconds)),
      action: disagreeAction,
    }),
  ];
}

function stateOf(look: InstanceLook<Known>): InstanceState {
  const { values } = look;
  if (!values) return instanceState(look, {});
  return instanceState(look, {
    uptimeSeconds: values.sum('process_uptime_seconds'),
    proxies: values.sum('connection_stats'),
    memoryBytes: values.sum('jvm_memory_used_bytes'),
  });
}

function versionOf({ more }: WatchedProxy): string | undefined {
  return (more as EnvoyFacts).version;
}
