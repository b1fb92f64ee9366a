import { type Answer, unanswered } from '../answer.js';
import { certificateAnswer } from '../certificate-answer.js';
import { type CollectorParts, instancesOf, othersOf, scopeOf } from '../collector-parts.js';
import type { ControlPlaneProbe, ControlPlaneSight } from '../control-plane-probe.js';
import type { SyncState } from '../control-plane-state.js';
import { Differences } from '../differences.js';
import type { EndpointClient } from '../endpoint-client.js';
import type { EndpointSet } from '../endpoint-set.js';
import { envoyNames, EnvoyTrouble } from '../envoy-trouble.js';
import { ownedProxy } from '../findings/proxy-findings.js';
import type { Scope } from '../findings/scope.js';
import { type InstanceLook, InstanceWatch } from '../instance-watch.js';
import type { MetricValues } from '../metric-values.js';
import { type ComparedProxy, type LaggingProxy, ProxyLag } from '../proxy-lag.js';
import { ProxyWatch, type WatchedProxy } from '../proxy-watch.js';
import { aboutSilentProxies, type Unseen } from '../silence.js';
import { silentSidecars, type StandingProxy, syncAnswer } from '../sync-answer.js';
import { someOf, type UnreadSync } from '../sync-reading.js';
import { versionAnswer } from '../version-answer.js';
import { workloadCertificates } from '../workload-certificates.js';
import { type XdsType, xdsTypes } from './envoy-control-answers.js';
import { hasDeltas, instanceCounters, ownOf, pushesOf } from './envoy-control-metrics.js';
import { type EnvoyFacts, EnvoyFactsBook } from './envoy-facts.js';
import { askInstance, disagreement, factsOf, type Known } from './known-endpoints.js';
import { Refusals } from './refusals.js';
import { type GroupSnapshots, SnapshotBook } from './snapshot-book.js';
import { takenNames, takenVersions } from './taken-versions.js';

/** The same as Envoy searches it in its own names. */
const statistics =
  '/stats/prometheus?filter=^(cluster_manager[.](warming_clusters|cds)|listener_manager[.](total_listeners_warming|lds)|server[.](hot_restart_epoch|days_until)|(cluster|http).+[.](version|update_success|update_rejected)$)';

const days = 'envoy_server_days_until_first_cert_expiring';
const noVersions = 'no instance tells the versions of its snapshots (POST /snapshot)';
const noEnvoys = 'no addresses of Envoys are configured (control_planes: proxies)';

type Envoy = WatchedProxy<EnvoyFacts>;

/** How an Envoy stands of whose snapshots nobody has been asked yet. */
const notAsked: Omit<LaggingProxy<Envoy>, 'proxy'> = {
  basis: 'unknown',
  status: 'unknown',
  lacking: [],
  refused: [],
  behind: [],
  behindSeconds: 0,
};

/** Asks envoy-control: what its instances know of services, and whether Envoys have taken the snapshots that these have made. */
export class EnvoyControlProbe implements ControlPlaneProbe {
  readonly sets: readonly EndpointSet[];
  readonly #parts: CollectorParts;
  readonly #scope: Scope;
  readonly #instances: InstanceWatch<Known>;
  readonly #envoys: ProxyWatch<EnvoyFacts>;
  readonly #snapshots: SnapshotBook;
  readonly #differences: Differences;
  readonly #lag: ProxyLag;
  readonly #trouble: EnvoyTrouble;
  readonly #refusals = new Refusals();
  /** How Envoys stood when their snapshots were asked for last. */
  readonly #standing = new WeakMap<EndpointClient, LaggingProxy<Envoy>>();
  /** Envoys whose first certificate had more than a day left once: theirs are no certificates of a day. */
  readonly #long = new WeakSet<EndpointClient>();

  constructor(parts: CollectorParts) {
    const { settings, pack, clock, book } = parts;
    const { cluster, intervalSeconds, thresholds } = settings;
    const [instances, envoys] = [instancesOf(parts), othersOf(parts, 'proxies', 9901)];
    this.#parts = parts;
    this.#scope = scopeOf(parts);
    this.sets = [instances, envoys];
    const own = { metricsPath: pack.target.path, counters: instanceCounters, ask: askInstance };
    this.#instances = new InstanceWatch(instances, own, clock);
    const facts = new EnvoyFactsBook(() => clock.monotonic());
    const names = [...envoyNames, ...takenNames, days];
    const questions = { metricsPath: statistics, names, more: (client: EndpointClient) => facts.ask(client) };
    this.#envoys = new ProxyWatch({ set: envoys, questions, cluster, intervalSeconds, clock });
    this.#snapshots = new SnapshotBook(intervalSeconds / 4);
    this.#differences = new Differences(thresholds.disagreeSeconds);
    this.#lag = new ProxyLag(thresholds.outOfSyncSeconds);
    this.#trouble = new EnvoyTrouble(this.#scope, thresholds, book);
  }

  howToAsk(): string {
    return 'Let meshslo through to the ports of envoy-control: it asks for /actuator/prometheus, /state, /snapshot-global and POST /snapshot. Name a token, if whatever stands before it wants one, under control_planes: instances: authorization.';
  }

  async look(): Promise<ControlPlaneSight> {
    const { settings, clock } = this.#parts;
    const [looks] = await Promise.all([this.#instances.look(), this.#envoys.look()]);
    const lagging = await this.#lagging(looks);
    const facts = factsOf(looks);
    const differences = this.#differences.look(facts, clock.monotonic());
    const hasEnvoys = settings.proxies.targets.length > 0;
    return {
      instances: looks.map((look) => ({ look, own: ownOf(look) })),
      sync: this.#syncOf(lagging),
      unreadSync: this.#unreadOf(lagging, looks),
      versions: hasEnvoys ? this.#versionsOf() : unanswered(noEnvoys),
      certificates: hasEnvoys ? this.#certificatesOf() : unanswered(noEnvoys),
      pushes: pushesOf(looks),
      differences: facts.length > 0 ? disagreement(this.#scope, differences) : unanswered('no instance answers'),
      warming: hasEnvoys
        ? this.#trouble.look(this.#envoys, clock.monotonic(), ({ more }) => more.version)
        : unanswered(noEnvoys),
      unseen: this.#unseen(lagging),
    };
  }

  async #lagging(looks: readonly InstanceLook<Known>[]): Promise<readonly LaggingProxy<Envoy>[]> {
    const { proxies, silent } = this.#envoys;
    const groups = new Map(proxies.flatMap(({ more: { node } }) => (node ? [[node.group, node.text] as const] : [])));
    const snapshots = await this.#snapshots.ask(looks, groups);
    const isDue = ({ more: { node } }: Envoy): boolean => !node || snapshots.has(node.group);
    const types = hasDeltas(looks) ? (['clusters', 'listeners'] as const) : xdsTypes;
    const compared = proxies.filter(isDue).map((proxy) => this.#compared(proxy, snapshots, types));
    const others = proxies.filter((proxy) => !isDue(proxy));
    const unknown = compared.filter(({ basis }) => basis === 'unknown').map(({ proxy }) => proxy);
    const now = this.#parts.clock.monotonic();
    const lagging = this.#lag.look(compared, [...silent, ...unknown, ...others], now);
    for (const one of lagging) this.#standing.set(one.proxy.client, one);
    return [...lagging, ...others.map((proxy) => ({ ...(this.#standing.get(proxy.client) ?? notAsked), proxy }))];
  }

  /** Against that instance's snapshot which it lacks least of. */
  #compared(proxy: Envoy, all: ReadonlyMap<string, GroupSnapshots>, types: readonly XdsType[]): ComparedProxy<Envoy> {
    const { node } = proxy.more;
    const snapshots = node && all.get(node.group);
    const [best] = (snapshots?.made ?? [])
      .map((sent) => takenVersions(proxy.values, sent, types))
      .sort((a, b) => a.lacking.length - b.lacking.length || b.compared.length - a.compared.length);
    // It may have what an instance has sent it that says nothing now.
    const isUnknown = !best || (best.lacking.length > 0 && !snapshots!.isWhole);
    const lacking = isUnknown ? [] : best.lacking;
    const refused = this.#refusals.look(
      proxy,
      lacking.map(({ what }) => what),
    );
    const basis = isUnknown ? 'unknown' : best.compared.length > 0 ? 'compared' : 'not-sent';
    return { proxy, basis, lacking, refused };
  }

  #syncOf(lagging: readonly LaggingProxy<Envoy>[]): Answer<SyncState> {
    const { settings, clock, book } = this.#parts;
    if (settings.proxies.targets.length === 0) return unanswered(noEnvoys);
    const standing: StandingProxy[] = lagging.map(({ proxy, status, behind, behindSeconds, refused }) => ({
      proxy: ownedProxy(proxy, book),
      type: 'sidecar',
      ...{ status, behind, behindSeconds },
      error: refused.length > 0 ? 'its log says why' : undefined,
      at: proxy.client.address,
    }));
    const isTold = lagging.some(({ basis }) => basis !== 'unknown');
    const answer = syncAnswer(this.#scope, [...standing, ...silentSidecars(this.#envoys.silent, book)], {
      now: clock.now(),
      judged: this.#envoys.isTold ? ['SidecarOutOfSync', 'ConfigRejected'] : [],
    });
    return isTold ? answer : { ...answer, told: { untold: noVersions } };
  }

  #unreadOf(lagging: readonly LaggingProxy<Envoy>[], looks: readonly InstanceLook<Known>[]): UnreadSync | undefined {
    const { proxies, silent } = this.#envoys;
    if (lagging.some(({ basis }) => basis !== 'unknown')) return undefined;
    const standing = [...proxies, ...silent].map(({ namespace, pod }) => `${namespace}/${pod}`);
    if (proxies.length > 0 && !proxies.some(({ more: { node } }) => node))
      return {
        where: someOf(standing),
        trouble: 'no Envoy names its node (GET /server_info, before Envoy 1.15 GET /config_dump)',
        action:
          'Ask an Envoy yourself, and see what answers in its place: snapshots are asked for by node. Until then no stale Envoy is found.',
      };
    if (proxies.length > 0)
      return {
        where: someOf(looks.map(({ client }) => client.address)),
        trouble: noVersions,
        action:
          'Send POST /snapshot with the node of an Envoy (GET /server_info) yourself, and see whether versions come back. Until then no stale Envoy is found.',
      };
    if (silent.length === 0) return undefined;
    return {
      where: someOf(standing),
      trouble: 'no Envoy answers at its administration port',
      action:
        'Let meshslo through to GET /server_info and /stats/prometheus of Envoys (control_planes: proxies). Until then no stale Envoy is found.',
    };
  }

  #versionsOf() {
    const { settings, book } = this.#parts;
    const versioned = this.#envoys.proxies.flatMap((proxy) => {
      const { version } = proxy.more;
      return version === undefined ? [] : [{ proxy: ownedProxy(proxy, book), version }];
    });
    return versionAnswer(this.#scope, versioned, {
      controlPlane: [],
      wanted: settings.wantedVersion,
      judged: this.#envoys.isTold ? ['VersionDrift'] : [],
    });
  }

  #certificatesOf() {
    const { settings, clock, book } = this.#parts;
    const certificates = workloadCertificates(this.#envoys.proxies, book, (proxy) => this.#secondsLeft(proxy));
    const { isTold } = this.#envoys;
    const { thresholds } = settings;
    return certificateAnswer(this.#scope, certificates, {
      thresholds,
      now: clock.now(),
      isWhole: isTold,
      isInWholeDays: true,
    });
  }

  /** A certificate of a day never has a whole one left. */
  #secondsLeft({ client, values }: WatchedProxy): number | undefined {
    const left = daysLeft(values);
    if (left !== undefined && left >= 1) this.#long.add(client);
    return left !== undefined && this.#long.has(client) ? left * 86_400 : undefined;
  }

  /** Silent Envoys, and those that cannot be held against any snapshot. */
  #unseen(lagging: readonly LaggingProxy<Envoy>[]): readonly Unseen[] {
    const { book } = this.#parts;
    const { silent } = this.#envoys;
    const unknown = lagging.filter(({ basis }) => basis === 'unknown').map(({ proxy }) => proxy);
    const ended = this.#envoys.proxies.filter(
      ({ client, values }) => daysLeft(values) === 0 && !this.#long.has(client),
    );
    return [
      aboutSilentProxies(silent, book, ['ConfigRejected', 'VersionDrift', 'WarmingStuck', 'GaugeAfterHotRestart']),
      aboutSilentProxies([...silent, ...unknown], book, ['SidecarOutOfSync']),
      // With no day left from the beginning: of a day, or about to end.
      aboutSilentProxies([...silent, ...ended], book, ['CertificateExpiring']),
    ];
  }
}

/** Whole days, rounded down; undefined where there is no certificate, which Envoy tells as a huge number. */
function daysLeft(values: MetricValues): number | undefined {
  const left = values.sum(days);
  return left === undefined || left > 100_000 ? undefined : left;
}
