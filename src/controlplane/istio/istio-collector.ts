import type { Finding } from '../../domain/finding.js';
import type { FindingKind } from '../../domain/finding-kinds.js';
import type { Look } from '../../domain/finding-source.js';
import type { MeshEvent } from '../../domain/mesh-event.js';
import type { ControlPlaneCollector } from '../collector.js';
import { type CollectorParts, instancesOf, othersOf, scopeOf } from '../collector-parts.js';
import { interruptible } from '../control-plane-look.js';
import type { CertificateState, ControlPlaneState, InstanceState, Told } from '../control-plane-state.js';
import { Differences } from '../differences.js';
import type { Dated } from '../endpoint-client.js';
import type { EndpointSet } from '../endpoint-set.js';
import { endingCertificates } from '../ending-certificates.js';
import { envoyFilter, envoyNames, EnvoyTrouble } from '../envoy-trouble.js';
import { controlPlaneForbidden, instancesDisagree, unknownVersion } from '../findings/instance-findings.js';
import { configRejected, type OwnedProxy, ownedProxy, sidecarOutOfSync } from '../findings/proxy-findings.js';
import type { Scope } from '../findings/scope.js';
import { downFindings, type InstanceLook, instanceState, InstanceWatch, isRefusal } from '../instance-watch.js';
import { ProxyWatch, type WatchedProxy } from '../proxy-watch.js';
import { compareVersions, isWithin, newestVersion } from '../release.js';
import { syncCounts } from '../sync-counts.js';
import { versionCounts } from '../version-counts.js';
import { workloadCertificates } from '../workload-certificates.js';
import { istiodCertificates, istiodCounters, istiodVersion, pushState } from './istiod-metrics.js';
import { type ProxySync, SyncBook } from './sync-book.js';
import { readSyncz, type Syncz } from './syncz.js';
import { howToAsk } from './how-to-ask.js';

type IstiodLook = InstanceLook<Dated<Syncz | undefined>>;

/** Findings of one kind about proxies of one control plane; the page tells how many more there are. */
const mostProxyFindings = 500;

/** Istio 1.7 is the first with an Envoy whose gauges survive a hot restart. */
const envoyOfIstio = (tag: string): string => (compareVersions(tag, '1.7') >= 0 ? '1.15' : '1.14');

/**
 * Looks at an Istio control plane: every istiod for itself, and its proxies where their metrics are named.
 *
 * Each istiod answers for the proxies that are connected to it, so all of them are asked, and the newest row of a proxy counts.
 */
export class IstioCollector implements ControlPlaneCollector {
  readonly name: string;
  readonly everySeconds: number;
  readonly #parts: CollectorParts;
  readonly #scope: Scope;
  readonly #instances: EndpointSet;
  readonly #watch: InstanceWatch<Dated<Syncz | undefined>>;
  readonly #proxies: ProxyWatch<undefined> | undefined;
  readonly #proxySet: EndpointSet | undefined;
  readonly #sync: SyncBook;
  readonly #envoys: EnvoyTrouble;
  readonly #differences: Differences;
  #state: ControlPlaneState | undefined;

  constructor(parts: CollectorParts) {
    const { settings, pack, clock } = parts;
    const { name, cluster, intervalSeconds, thresholds } = settings;
    this.name = `control plane ${name}`;
    this.everySeconds = intervalSeconds;
    this.#parts = parts;
    this.#scope = scopeOf(parts);
    this.#instances = instancesOf(parts);
    const questions = {
      metricsPath: pack.target.path,
      counters: istiodCounters,
      ask: async (client: InstanceLook<unknown>['client']) => {
        const { value, at } = await client.json('/debug/syncz');
        return { value: readSyncz(value), at };
      },
    };
    this.#watch = new InstanceWatch(this.#instances, questions, clock);
    if (settings.proxies.targets.length > 0) {
      this.#proxySet = othersOf(parts, 'proxies', 15_090);
      this.#proxies = new ProxyWatch({
        set: this.#proxySet,
        questions: {
          metricsPath: envoyFilter,
          names: [...envoyNames, 'istio_build', 'istio_agent_cert_expiry_seconds'],
          more: () => Promise.resolve(undefined),
        },
        cluster,
        intervalSeconds,
        clock,
      });
    }
    this.#sync = new SyncBook(thresholds.outOfSyncSeconds);
    this.#envoys = new EnvoyTrouble(this.#scope, thresholds, parts.book);
    this.#differences = new Differences(thresholds.disagreeSeconds);
  }

  get state(): ControlPlaneState | undefined {
    return this.#state;
  }

  close(): void {
    this.#instances.close();
    this.#proxySet?.close();
  }

  async look(signal: AbortSignal): Promise<Look> {
    const began = this.#parts.clock.monotonic();
    const sets = this.#proxySet ? [this.#instances, this.#proxySet] : [this.#instances];
    return interruptible(signal, sets, async () => {
      const [looks] = await Promise.all([this.#watch.look(), this.#proxies?.look()]);
      return this.#conclude(looks, began);
    });
  }

  #conclude(looks: readonly IstiodLook[], began: number): Look {
    const { clock, settings, pack } = this.#parts;
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    const read = looks.filter(({ values }) => values !== undefined);
    const sync = this.#syncOf(looks, monotonic, now);
    const versions = this.#versionsOf(read, sync.proxies);
    const certificates = this.#certificatesOf(read, now);
    const envoys = this.#proxies && this.#envoys.look(this.#proxies.proxies, monotonic, envoyVersionOf);
    const differences = this.#differences.look(read.map(factsOf), monotonic);
    const troubles = [...this.#instances.troubles, ...(this.#proxySet?.troubles ?? [])];
    const before = this.#state;
    this.#state = {
      ...this.#scope,
      lookedAt: now,
      lookSeconds: clock.monotonic() - began,
      troubles: troubles.map(({ message }) => message),
      instances: looks.map(stateOf),
      sync: sync.isTold ? { told: syncCounts(sync.counted) } : { untold: sync.why },
      versions: { told: versions.state },
      certificates: { told: certificates },
      pushes: pushesOf(read),
      differences: read.length > 0 ? { told: differences.map(({ what }) => what) } : { untold: 'no istiod answers' },
      warming: envoys ? { told: envoys.warming } : { untold: noProxies },
    };
    const judged: FindingKind[] = ['ControlPlaneDown'];
    const isToldByProxies = this.#proxies?.isTold ?? true;
    if (read.length > 0) judged.push('UnknownVersion', 'InstancesDisagree');
    if (read.length > 0 && isToldByProxies) judged.push('CertificateExpiring');
    if (sync.isTold) judged.push('SidecarOutOfSync', 'ConfigRejected', 'VersionDrift');
    if (looks.some(({ told }) => told)) judged.push('ControlPlaneForbidden');
    if (envoys && isToldByProxies) judged.push('WarmingStuck', 'GaugeAfterHotRestart');
    return {
      findings: [
        ...downFindings(this.#scope, looks, { troubles, now }),
        ...forbidden(this.#scope, looks),
        ...sync.findings,
        ...versions.findings,
        ...endingCertificates(this.#scope, certificates, settings.thresholds, now),
        ...differences.map((difference) => instancesDisagree(this.#scope, { ...difference, action: disagreeAction })),
        ...(envoys?.findings ?? []),
        ...versions.state.controlPlane
          .filter((version) => pack.versions && !isWithin(version, pack.versions))
          .map((version) => unknownVersion(this.#scope, version, pack.versions!)),
      ],
      judged,
      events: this.#events(before, now),
    };
  }

  #syncOf(looks: readonly IstiodLook[], monotonic: number, now: number) {
    const sights = looks.flatMap(({ client, told }) =>
      told?.value ? [{ address: client.address, rows: told.value.rows, at: told.at ?? now }] : [],
    );
    const listed = looks.map(({ client }) => client.address);
    const proxies = this.#sync
      .look(sights, listed, monotonic, this.#parts.clusterOf)
      .map((one) => ({ ...one, owned: ownedProxy(one.proxy, this.#parts.book) }));
    const late = proxies.filter(({ status }) => status === 'out-of-sync');
    const refusing = proxies.filter(({ status }) => status === 'rejecting');
    const failure = looks.find(({ failures }) => failures.told)?.failures.told;
    return {
      isTold: sights.length > 0,
      why: failure ? `/debug/syncz cannot be read: ${failure.message}` : '/debug/syncz is no list of proxies',
      proxies,
      counted: proxies.map(({ row, status, owned }) => ({ type: row.type, status, owner: owned.owner })),
      findings: [
        ...byAge(late).map(({ owned, behind, behindSeconds, address }) =>
          sidecarOutOfSync(this.#scope, owned, {
            what: behind,
            seconds: behindSeconds,
            since: now - behindSeconds,
            at: address,
          }),
        ),
        ...byAge(refusing).map(({ owned, behind, error, address }) =>
          configRejected(this.#scope, owned, { what: behind, error: error ?? '', at: address }),
        ),
      ],
    };
  }

  #versionsOf(read: readonly IstiodLook[], proxies: readonly (ProxySync & { readonly owned: OwnedProxy })[]) {
    const told = read.flatMap(({ values }) => istiodVersion(values!) ?? []);
    const controlPlane = [...new Set(told)].sort((a, b) => compareVersions(b, a));
    // While the control plane is upgraded, its newest version is where everything goes.
    const wanted = this.#parts.settings.wantedVersion ?? newestVersion(controlPlane);
    const versioned = proxies.flatMap(({ owned, row }) =>
      row.version === '' || row.type === 'ztunnel' ? [] : [{ proxy: owned, version: row.version }],
    );
    return versionCounts(this.#scope, versioned, { controlPlane, wanted });
  }

  #certificatesOf(read: readonly IstiodLook[], now: number): readonly CertificateState[] {
    const ends = new Map<string, { end: number; address: string }>();
    for (const { values, client } of read) {
      for (const [name, end] of istiodCertificates(values!)) {
        const known = ends.get(name);
        if (!known || end < known.end) ends.set(name, { end, address: client.address });
      }
    }
    const own = [...ends].map(([name, { end }]) => ({
      name,
      of: 'control-plane' as const,
      owner: this.#scope.owner,
      secondsLeft: end - now,
      example: undefined,
    }));
    const monotonic = this.#parts.clock.monotonic();
    const workloads = workloadCertificates(this.#proxies?.proxies ?? [], this.#parts.book, (proxy) => {
      const left = leastOf(proxy);
      return left === undefined ? undefined : left - (monotonic - proxy.askedAt);
    });
    return [...own, ...workloads];
  }

  #events(before: ControlPlaneState | undefined, now: number): readonly MeshEvent[] {
    const [old, current] = [versionsIn(before), versionsIn(this.#state)];
    if (before === undefined || old === '' || current === '' || old === current) return [];
    const { name, title, cluster, kind } = this.#scope;
    return [
      {
        kind: 'control-plane',
        at: now,
        service: undefined,
        summary: `${title} ${name} went from ${old} to ${current}`,
        facts: { mesh: kind, cluster, control_plane: name, before: old, version: current },
      },
    ];
  }
}

const noProxies = 'no addresses of proxies are configured (control_planes: proxies)';

const disagreeAction =
  'An istiod that knows less than the others has lost a part of its watch on the API server, or on a remote cluster: see its log, then restart it.';

function envoyVersionOf({ values }: WatchedProxy): string | undefined {
  const tag = values.label('istio_build', 'tag', { component: 'proxy' });
  return tag === undefined ? undefined : envoyOfIstio(tag);
}

/** Seconds that the certificate of a workload has left; the roots that it trusts are told beside it. */
function leastOf({ values }: WatchedProxy): number | undefined {
  return values.of('istio_agent_cert_expiry_seconds', { resource_name: 'default' });
}

function byAge<T extends ProxySync>(proxies: readonly T[]): readonly T[] {
  return proxies.toSorted((a, b) => b.behindSeconds - a.behindSeconds).slice(0, mostProxyFindings);
}

function factsOf({ client, values }: IstiodLook) {
  const facts = new Map<string, string>();
  const services = values!.sum('pilot_services');
  const virtualServices = values!.sum('pilot_virt_services');
  if (services !== undefined) facts.set('the number of services', String(services));
  if (virtualServices !== undefined) facts.set('the number of virtual services', String(virtualServices));
  return { address: client.address, facts };
}

function stateOf(look: IstiodLook): InstanceState {
  const { values, grown, grownSeconds, told } = look;
  if (!values) return instanceState(look, {});
  const processorSeconds = grown?.get('processor seconds');
  return instanceState(look, {
    version: istiodVersion(values),
    uptimeSeconds: values.sum('istiod_uptime_seconds'),
    proxies: values.sum('pilot_xds') ?? told?.value?.rows.length,
    memoryBytes: values.sum('process_resident_memory_bytes'),
    processors: processorSeconds === undefined || grownSeconds <= 0 ? undefined : processorSeconds / grownSeconds,
  });
}

function pushesOf(read: readonly IstiodLook[]): Told<ReturnType<typeof pushState>> {
  if (read.length === 0) return { untold: 'no istiod answers' };
  const grown = read.flatMap((one) => one.grown ?? []);
  if (grown.length === 0) return { untold: 'no istiod has answered twice' };
  return { told: pushState(grown, Math.max(0, ...read.map(({ grownSeconds }) => grownSeconds))) };
}

function forbidden(scope: Scope, looks: readonly IstiodLook[]): readonly Finding[] {
  const refused = looks.filter(({ failures }) => isRefusal(failures.told));
  const [first] = refused;
  if (!first) return [];
  const { code, message } = first.failures.told!;
  const addresses = refused.map(({ client }) => client.address);
  return [controlPlaneForbidden(scope, { addresses, trouble: message, how: howToAsk(code) })];
}

function versionsIn(state: ControlPlaneState | undefined): string {
  return state && 'told' in state.versions ? state.versions.told.controlPlane.join(', ') : '';
}
