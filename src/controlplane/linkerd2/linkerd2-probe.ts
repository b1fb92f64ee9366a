import type { EpochSeconds } from '../../domain/clock.js';
import { type Answer, type Judgement, unanswered, untold } from '../answer.js';
import { certificateAnswer, type ToldCertificate } from '../certificate-answer.js';
import { type CollectorParts, instancesOf, othersOf, scopeOf } from '../collector-parts.js';
import type { ControlPlaneProbe, ControlPlaneSight, SeenInstance } from '../control-plane-probe.js';
import type { CertificateState } from '../control-plane-state.js';
import { differenceAnswer, Differences, type InstanceFacts } from '../differences.js';
import type { EndpointSet } from '../endpoint-set.js';
import { unknownVersion } from '../findings/instance-findings.js';
import { ownedProxy } from '../findings/proxy-findings.js';
import type { Scope } from '../findings/scope.js';
import { type InstanceLook, InstanceWatch } from '../instance-watch.js';
import type { MetricValues } from '../metric-values.js';
import { ProxyWatch, type WatchedProxy } from '../proxy-watch.js';
import { isWithin, newestVersion } from '../release.js';
import { aboutSilentProxies } from '../silence.js';
import { versionAnswer } from '../version-answer.js';
import { workloadCertificates } from '../workload-certificates.js';

const names = ['proxy_build_info', 'identity_cert_expiration_timestamp_seconds'] as const;
const disagreeAction =
  'A destination service that knows fewer linked clusters than the others has lost a watch: restart it.';

/** Asks a Linkerd 2 control plane: its components for their metrics, and its proxies for certificates and versions. */
export class Linkerd2Probe implements ControlPlaneProbe {
  readonly sets: readonly EndpointSet[];
  readonly #parts: CollectorParts;
  readonly #scope: Scope;
  readonly #components: InstanceWatch<true>;
  readonly #proxies: ProxyWatch<undefined>;
  readonly #differences: Differences;

  constructor(parts: CollectorParts) {
    const { settings, pack, clock } = parts;
    const { cluster, intervalSeconds, thresholds } = settings;
    const [components, proxies] = [instancesOf(parts), othersOf(parts, 'proxies', 4191)];
    this.#parts = parts;
    this.#scope = scopeOf(parts);
    this.sets = [components, proxies];
    // Nothing but metrics: whether an instance is there is told by these alone.
    const own = { metricsPath: pack.target.path, counters: countersOf, ask: undefined };
    this.#components = new InstanceWatch<true>(components, own, clock);
    const questions = { metricsPath: '/metrics', names, more: () => Promise.resolve(undefined) };
    this.#proxies = new ProxyWatch({ set: proxies, questions, cluster, intervalSeconds, clock });
    this.#differences = new Differences(thresholds.disagreeSeconds);
  }

  howToAsk(): string {
    return 'Allow meshslo to reach the admin ports of the control plane: a Server and an AuthorizationPolicy of Linkerd that let its service account in, or run it in a namespace that these let in.';
  }

  async look(): Promise<ControlPlaneSight> {
    const { pack, clock, book } = this.#parts;
    const [looks] = await Promise.all([this.#components.look(), this.#proxies.look()]);
    const now = clock.now();
    const read = looks.flatMap(({ client, values }) => (values ? [{ address: client.address, values }] : []));
    const versioned = this.#proxies.proxies.flatMap((proxy) => {
      const version = proxy.values.label('proxy_build_info', 'version');
      return version === undefined ? [] : [{ proxy: ownedProxy(proxy, book), version }];
    });
    // The control plane tells no version of its own: the newest proxies were injected by it.
    const newest = newestVersion(versioned.map(({ version }) => version));
    const differences = this.#differences.look(read.map(factsOf), clock.monotonic());
    return {
      instances: looks.map((look) => ({ look, own: ownOf(look, now) })),
      sync: untold(pack, 'sync'),
      versions: this.#versionsOf(versioned, newest),
      certificates: this.#certificatesOf(
        read.map(({ values }) => values),
        now,
      ),
      pushes: untold(pack, 'push-latency'),
      differences:
        read.length > 0
          ? differenceAnswer(this.#scope, differences, disagreeAction)
          : unanswered('no instance answers'),
      warming: untold(pack, 'warming'),
      more: [this.#release(newest)],
      unseen: [aboutSilentProxies(this.#proxies.silent, book, ['VersionDrift', 'CertificateExpiring'])],
    };
  }

  #versionsOf(versioned: Parameters<typeof versionAnswer>[1], newest: string | undefined) {
    const { settings } = this.#parts;
    if (settings.proxies.targets.length === 0)
      return unanswered('no addresses of proxies are configured (control_planes: proxies)');
    return versionAnswer(this.#scope, versioned, {
      controlPlane: [],
      wanted: settings.wantedVersion ?? newest,
      judged: this.#proxies.isTold ? ['VersionDrift'] : [],
    });
  }

  #certificatesOf(read: readonly MetricValues[], now: EpochSeconds): Answer<readonly CertificateState[]> {
    const { settings, book } = this.#parts;
    const workloads = workloadCertificates(this.#proxies.proxies, book, (proxy) => leftOf(proxy, now));
    const isWhole = read.length > 0 && this.#proxies.isTold;
    return certificateAnswer(this.#scope, [...issuerOf(read, this.#scope), ...workloads], {
      thresholds: settings.thresholds,
      now,
      isWhole,
    });
  }

  #release(newest: string | undefined): Judgement {
    const { versions } = this.#parts.pack;
    const isStrange = newest !== undefined && versions !== undefined && !isWithin(newest, versions);
    return {
      findings: isStrange ? [unknownVersion(this.#scope, newest, versions)] : [],
      judged: newest === undefined ? [] : ['UnknownVersion'],
    };
  }
}

function countersOf(values: MetricValues): ReadonlyMap<string, number> {
  return new Map([['processor seconds', values.sum('process_cpu_seconds_total') ?? 0]]);
}

function ownOf({ values, grown, grownSeconds }: InstanceLook<true>, now: EpochSeconds): SeenInstance['own'] {
  if (!values) return {};
  const start = values.sum('process_start_time_seconds');
  return {
    memoryBytes: values.sum('process_resident_memory_bytes'),
    uptimeSeconds: start === undefined ? undefined : Math.max(0, now - start),
    proxies: values.sum('endpoints_subscribers'),
    processors: grown && grownSeconds > 0 ? grown.get('processor seconds')! / grownSeconds : undefined,
  };
}

function issuerOf(read: readonly MetricValues[], { owner }: Scope): readonly ToldCertificate[] {
  const left = read.flatMap((values) => values.sum('issuer_cert_ttl_seconds') ?? []);
  if (left.length === 0) return [];
  return [{ name: 'issuer', of: 'control-plane', owner, secondsLeft: Math.min(...left), example: undefined }];
}

function leftOf({ values }: WatchedProxy, now: EpochSeconds): number | undefined {
  const end = values.sum('identity_cert_expiration_timestamp_seconds');
  // Zero before the first certificate.
  return end === undefined || end <= 0 ? undefined : end - now;
}

function factsOf({ address, values }: { readonly address: string; readonly values: MetricValues }): InstanceFacts {
  const size = values.sum('cluster_store_size');
  return { address, facts: new Map(size === undefined ? [] : [['the number of linked clusters', String(size)]]) };
}
