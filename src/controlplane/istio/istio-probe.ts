import type { FailureCode } from '../../domain/failure.js';
import type { MeshEvent } from '../../domain/mesh-event.js';
import { type Answer, type Judgement, known, unanswered } from '../answer.js';
import { certificateAnswer } from '../certificate-answer.js';
import { type CollectorParts, instancesOf, othersOf, scopeOf } from '../collector-parts.js';
import type { ControlPlaneProbe, ControlPlaneSight } from '../control-plane-probe.js';
import type { PushState, SyncState, WarmingState } from '../control-plane-state.js';
import { differenceAnswer, Differences } from '../differences.js';
import type { EndpointClient } from '../endpoint-client.js';
import type { EndpointSet } from '../endpoint-set.js';
import { envoyFilter, envoyNames, EnvoyTrouble } from '../envoy-trouble.js';
import { unknownVersion } from '../findings/instance-findings.js';
import { type OwnedProxy, ownedProxy } from '../findings/proxy-findings.js';
import type { Scope } from '../findings/scope.js';
import { InstanceWatch, isRefusal } from '../instance-watch.js';
import { proxyKey } from '../proxy-book.js';
import { ProxyWatch, type WatchedProxy } from '../proxy-watch.js';
import { compareVersions, isWithin, newestVersion } from '../release.js';
import { aboutSilentProxies, type Unseen } from '../silence.js';
import { syncAnswer } from '../sync-answer.js';
import { someOf, type UnreadSync } from '../sync-reading.js';
import { versionAnswer } from '../version-answer.js';
import { workloadCertificates } from '../workload-certificates.js';
import { howToAsk } from './how-to-ask.js';
import { factsOf, type IstiodLook, ownOf, type ReadIstiod, type SynczAnswer } from './istiod-look.js';
import { istiodCounters, istiodVersion, pushState, soonestCertificates } from './istiod-metrics.js';
import { type ProxySync, SyncBook } from './sync-book.js';
import { readSyncz } from './syncz.js';

/** Istio 1.7 is the first with an Envoy whose gauges survive a hot restart. */
const envoyOfIstio = (tag: string): string => (compareVersions(tag, '1.7') >= 0 ? '1.15' : '1.14');

const noProxies = 'no addresses of proxies are configured (control_planes: proxies)';

const disagreeAction =
  'An istiod that knows less than the others has lost a part of its watch on the API server, or on a remote cluster: see its log, then restart it.';

type OwnedSync = ProxySync & { readonly owned: OwnedProxy };

/**
 * Asks an Istio control plane: every istiod for itself, and its proxies where their metrics are named.
 *
 * Each istiod answers for the proxies that are connected to it, so all of them are asked, and the newest row of a proxy counts.
 */
export class IstioProbe implements ControlPlaneProbe {
  readonly sets: readonly EndpointSet[];
  readonly howToAsk: (code: FailureCode) => string = howToAsk;
  readonly #parts: CollectorParts;
  readonly #scope: Scope;
  readonly #istiods: InstanceWatch<SynczAnswer>;
  readonly #proxies: ProxyWatch<undefined> | undefined;
  readonly #sync: SyncBook;
  readonly #envoys: EnvoyTrouble;
  readonly #differences: Differences;
  /** Releases of the last look that told any. */
  #versions: readonly string[] = [];

  constructor(parts: CollectorParts) {
    const { settings, pack, clock, book } = parts;
    const { cluster, intervalSeconds, thresholds } = settings;
    const [istiods, proxies] = [instancesOf(parts), othersOf(parts, 'proxies', 15_090)];
    const hasProxies = settings.proxies.targets.length > 0;
    this.#parts = parts;
    this.#scope = scopeOf(parts);
    this.sets = hasProxies ? [istiods, proxies] : [istiods];
    const questions = { metricsPath: pack.target.path, counters: istiodCounters, ask: askIstiod };
    this.#istiods = new InstanceWatch(istiods, questions, clock);
    if (hasProxies) {
      const names = [...envoyNames, 'istio_build', 'istio_agent_cert_expiry_seconds'];
      const own = { metricsPath: envoyFilter, names, more: () => Promise.resolve(undefined) };
      this.#proxies = new ProxyWatch({ set: proxies, questions: own, cluster, intervalSeconds, clock });
    }
    this.#sync = new SyncBook(thresholds.outOfSyncSeconds);
    this.#envoys = new EnvoyTrouble(this.#scope, thresholds, book);
    this.#differences = new Differences(thresholds.disagreeSeconds);
  }

  async look(): Promise<ControlPlaneSight> {
    const [looks] = await Promise.all([this.#istiods.look(), this.#proxies?.look()]);
    const read = looks.flatMap((look) => (look.values ? [{ ...look, values: look.values }] : []));
    const proxies = this.#standing(looks);
    const controlPlane = [...new Set(read.flatMap(({ values }) => istiodVersion(values) ?? []))].sort((a, b) =>
      compareVersions(b, a),
    );
    return {
      instances: looks.map((look) => ({ look, own: ownOf(look) })),
      sync: this.#syncOf(looks, proxies),
      unreadSync: unreadOf(looks),
      versions: this.#versionsOf(looks, proxies, controlPlane),
      certificates: this.#certificatesOf(read),
      pushes: pushesOf(read),
      differences: this.#differencesOf(read),
      warming: this.#warming(),
      more: [this.#releases(controlPlane)],
      unseen: this.#unseen(looks, proxies),
      events: this.#events(controlPlane),
    };
  }

  #standing(looks: readonly IstiodLook[]): readonly OwnedSync[] {
    const { clock, clusterOf, book } = this.#parts;
    const sights = looks.flatMap(({ client, told }) =>
      told?.value ? [{ address: client.address, rows: told.value.rows, at: told.at ?? clock.now() }] : [],
    );
    const listed = looks.map(({ client }) => client.address);
    return this.#sync
      .look(sights, listed, clock.monotonic(), clusterOf)
      .map((one) => ({ ...one, owned: ownedProxy(one.proxy, book) }));
  }

  #syncOf(looks: readonly IstiodLook[], proxies: readonly OwnedSync[]): Answer<SyncState> {
    if (!looks.some(({ told }) => told?.value)) {
      return unanswered(looks.length === 0 ? 'no istiod is known' : syncTrouble(looks));
    }
    const standing = proxies.map(({ owned, row, status, behind, behindSeconds, error, address }) => ({
      proxy: owned,
      type: row.type,
      ...{ status, behind, behindSeconds, error },
      at: address,
    }));
    return syncAnswer(this.#scope, standing, {
      now: this.#parts.clock.now(),
      judged: ['SidecarOutOfSync', 'ConfigRejected'],
    });
  }

  #versionsOf(looks: readonly IstiodLook[], proxies: readonly OwnedSync[], controlPlane: readonly string[]) {
    // While the control plane is upgraded, its newest version is where everything goes.
    const wanted = this.#parts.settings.wantedVersion ?? newestVersion(controlPlane);
    const versioned = proxies.flatMap(({ owned, row }) =>
      row.version === '' || row.type === 'ztunnel' ? [] : [{ proxy: owned, version: row.version }],
    );
    const isTold = looks.some(({ told }) => told?.value) && wanted !== undefined;
    return versionAnswer(this.#scope, versioned, { controlPlane, wanted, judged: isTold ? ['VersionDrift'] : [] });
  }

  #certificatesOf(read: readonly ReadIstiod[]) {
    const { clock, book, settings } = this.#parts;
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    const own = soonestCertificates(read.map(({ values }) => values)).map(([name, end]) => ({
      name,
      of: 'control-plane' as const,
      owner: this.#scope.owner,
      secondsLeft: end - now,
      example: undefined,
    }));
    const workloads = workloadCertificates(this.#proxies?.proxies ?? [], book, (proxy) => {
      const left = leastOf(proxy);
      return left === undefined ? undefined : left - (monotonic - proxy.askedAt);
    });
    const isWhole = read.length > 0 && (this.#proxies?.isTold ?? true);
    return certificateAnswer(this.#scope, [...own, ...workloads], { thresholds: settings.thresholds, now, isWhole });
  }

  #differencesOf(read: readonly ReadIstiod[]): Answer<readonly string[]> {
    const differences = this.#differences.look(read.map(factsOf), this.#parts.clock.monotonic());
    if (read.length === 0) return unanswered('no istiod answers');
    return differenceAnswer(this.#scope, differences, disagreeAction);
  }

  #warming(): Answer<WarmingState> {
    if (!this.#proxies) return unanswered(noProxies);
    return this.#envoys.look(this.#proxies, this.#parts.clock.monotonic(), envoyVersionOf);
  }

  #releases(controlPlane: readonly string[]): Judgement {
    const { versions } = this.#parts.pack;
    const strange = controlPlane.filter((version) => versions && !isWithin(version, versions));
    return {
      findings: strange.map((version) => unknownVersion(this.#scope, version, versions!)),
      judged: controlPlane.length > 0 ? ['UnknownVersion'] : [],
    };
  }

  /** Silent sidecars, as far as these tell themselves; and proxies of a silent istiod that no other one tells of. */
  #unseen(looks: readonly IstiodLook[], proxies: readonly OwnedSync[]): readonly Unseen[] {
    const { book } = this.#parts;
    const byProxies = aboutSilentProxies(this.#proxies?.silent ?? [], book, [
      'WarmingStuck',
      'GaugeAfterHotRestart',
      'CertificateExpiring',
    ]);
    const silent = new Set(looks.filter(({ told }) => !told?.value).map(({ client }) => client.address));
    const told = new Set(proxies.map(({ proxy }) => proxyKey(proxy)));
    const isLost: Unseen = ({ kind, subject: { cluster = '', namespace = '', proxy: pod = '' }, evidence }) =>
      (kind === 'SidecarOutOfSync' || kind === 'ConfigRejected') &&
      silent.has(evidence['instance'] ?? '') &&
      !told.has(proxyKey({ cluster, namespace, pod }));
    return [byProxies, isLost];
  }

  #events(controlPlane: readonly string[]): readonly MeshEvent[] {
    const before = this.#versions.join(', ');
    const version = controlPlane.join(', ');
    if (version !== '') this.#versions = controlPlane;
    if (before === '' || version === '' || before === version) return [];
    const { name, title, cluster, kind } = this.#scope;
    return [
      {
        kind: 'control-plane',
        at: this.#parts.clock.now(),
        service: undefined,
        summary: `${title} ${name} went from ${before} to ${version}`,
        facts: { mesh: kind, cluster, control_plane: name, before, version },
      },
    ];
  }
}

/** Istiods that tell their metrics and not their proxies; who asks for a token is told about elsewhere. */
function unreadOf(looks: readonly IstiodLook[]): UnreadSync | undefined {
  const unread = looks.filter(({ values, told, failures }) => values && !told?.value && !isRefusal(failures.told));
  if (unread.length === 0) return undefined;
  return {
    where: someOf(unread.map(({ client }) => client.address)),
    trouble: syncTrouble(unread),
    action:
      'Ask it yourself for /debug/syncz, and see what answers in its place: with ENABLE_DEBUG_ON_HTTP=false an istiod answers 404. Until then no stale sidecar of its is found.',
  };
}

function syncTrouble(looks: readonly IstiodLook[]): string {
  const failure = looks.find(({ failures }) => failures.told)?.failures.told;
  return failure ? `/debug/syncz cannot be read: ${failure.message}` : '/debug/syncz is no list of proxies';
}

async function askIstiod(client: EndpointClient): Promise<SynczAnswer> {
  const { value, at } = await client.json('/debug/syncz');
  return { value: readSyncz(value), at };
}

function envoyVersionOf({ values }: WatchedProxy): string | undefined {
  const tag = values.label('istio_build', 'tag', { component: 'proxy' });
  return tag === undefined ? undefined : envoyOfIstio(tag);
}

/** Seconds that the certificate of a workload has left; the roots that it trusts are told beside it. */
function leastOf({ values }: WatchedProxy): number | undefined {
  return values.of('istio_agent_cert_expiry_seconds', { resource_name: 'default' });
}

function pushesOf(read: readonly ReadIstiod[]): Answer<PushState> {
  if (read.length === 0) return unanswered('no istiod answers');
  const grown = read.flatMap((one) => one.grown ?? []);
  if (grown.length === 0) return unanswered('no istiod has answered twice');
  return known(pushState(grown, Math.max(0, ...read.map(({ grownSeconds }) => grownSeconds))));
}
