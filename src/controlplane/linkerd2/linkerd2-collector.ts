import type { FindingKind } from '../../domain/finding-kinds.js';
import type { Look } from '../../domain/finding-source.js';
import type { ControlPlaneCollector } from '../collector.js';
import { type CollectorParts, instancesOf, othersOf, scopeOf } from '../collector-parts.js';
import { interruptible } from '../control-plane-look.js';
import type { CertificateState, ControlPlaneState } from '../control-plane-state.js';
import { Differences } from '../differences.js';
import { endingCertificates } from '../ending-certificates.js';
import type { EndpointSet } from '../endpoint-set.js';
import { instancesDisagree, unknownVersion } from '../findings/instance-findings.js';
import { ownedProxy } from '../findings/proxy-findings.js';
import type { Scope } from '../findings/scope.js';
import { downFindings, type InstanceLook, instanceState, InstanceWatch } from '../instance-watch.js';
import { ProxyWatch, type WatchedProxy } from '../proxy-watch.js';
import { isWithin, newestVersion } from '../release.js';
import { untold } from '../untold.js';
import { versionCounts } from '../version-counts.js';
import { workloadCertificates } from '../workload-certificates.js';

const names = ['proxy_build_info', 'identity_cert_expiration_timestamp_seconds'] as const;

/** Looks at a Linkerd 2 control plane: its components by their metrics, and certificates and versions as its proxies tell them. */
export class Linkerd2Collector implements ControlPlaneCollector {
  readonly name: string;
  readonly everySeconds: number;
  readonly #parts: CollectorParts;
  readonly #scope: Scope;
  readonly #instances: EndpointSet;
  readonly #proxySet: EndpointSet;
  readonly #watch: InstanceWatch<true>;
  readonly #proxies: ProxyWatch<undefined>;
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
    this.#proxySet = othersOf(parts, 'proxies', 4191);
    // Nothing but metrics: whether an instance is there is told by these alone.
    this.#watch = new InstanceWatch<true>(
      this.#instances,
      {
        metricsPath: pack.target.path,
        counters: (values) => new Map([['processor seconds', values.sum('process_cpu_seconds_total') ?? 0]]),
        ask: undefined,
      },
      clock,
    );
    const questions = { metricsPath: '/metrics', names, more: () => Promise.resolve(undefined) };
    this.#proxies = new ProxyWatch({ set: this.#proxySet, questions, cluster, intervalSeconds, clock });
    this.#differences = new Differences(thresholds.disagreeSeconds);
  }

  get state(): ControlPlaneState | undefined {
    return this.#state;
  }

  close(): void {
    this.#instances.close();
    this.#proxySet.close();
  }

  async look(signal: AbortSignal): Promise<Look> {
    const began = this.#parts.clock.monotonic();
    return interruptible(signal, [this.#instances, this.#proxySet], async () => {
      const [looks] = await Promise.all([this.#watch.look(), this.#proxies.look()]);
      return this.#conclude(looks, began);
    });
  }

  #conclude(looks: readonly InstanceLook<true>[], began: number): Look {
    const { clock, settings, pack, book } = this.#parts;
    const now = clock.now();
    const read = looks.filter(({ values }) => values);
    const versioned = this.#proxies.proxies.flatMap((proxy) => {
      const version = proxy.values.label('proxy_build_info', 'version');
      return version === undefined ? [] : [{ proxy: ownedProxy(proxy, book), version }];
    });
    // The control plane tells no version of its own: the newest proxies were injected by it.
    const newest = newestVersion(versioned.map(({ version }) => version));
    const drift = versionCounts(this.#scope, versioned, { controlPlane: [], wanted: settings.wantedVersion ?? newest });
    const certificates = [
      ...issuerOf(read, this.#scope),
      ...workloadCertificates(this.#proxies.proxies, book, (proxy) => leftOf(proxy, now)),
    ];
    const differences = this.#differences.look(read.map(factsOf), clock.monotonic());
    const troubles = [...this.#instances.troubles, ...this.#proxySet.troubles];
    this.#state = {
      ...this.#scope,
      lookedAt: now,
      lookSeconds: clock.monotonic() - began,
      troubles: troubles.map(({ message }) => message),
      instances: looks.map((look) =>
        instanceState(look, {
          memoryBytes: look.values?.sum('process_resident_memory_bytes'),
          uptimeSeconds: uptimeOf(look, now),
          proxies: look.values?.sum('endpoints_subscribers'),
          processors:
            look.grown && look.grownSeconds > 0 ? look.grown.get('processor seconds')! / look.grownSeconds : undefined,
        }),
      ),
      sync: untold(pack, 'sync'),
      versions:
        settings.proxies.targets.length > 0
          ? { told: drift.state }
          : { untold: 'no addresses of proxies are configured (control_planes: proxies)' },
      certificates: { told: certificates },
      pushes: untold(pack, 'push-latency'),
      differences: read.length > 0 ? { told: differences.map(({ what }) => what) } : { untold: 'no instance answers' },
      warming: untold(pack, 'warming'),
    };
    const judged: FindingKind[] = ['ControlPlaneDown'];
    if (read.length > 0) judged.push('InstancesDisagree');
    if (read.length > 0 && this.#proxies.isTold) judged.push('CertificateExpiring');
    if (settings.proxies.targets.length > 0 && this.#proxies.isTold) judged.push('VersionDrift', 'UnknownVersion');
    return {
      judged,
      events: [],
      findings: [
        ...downFindings(this.#scope, looks, { troubles, now }),
        ...drift.findings,
        ...endingCertificates(this.#scope, certificates, settings.thresholds, now),
        ...differences.map((one) =>
          instancesDisagree(this.#scope, {
            ...one,
            action:
              'A destination service that knows fewer linked clusters than the others has lost a watch: restart it.',
          }),
        ),
        ...(newest !== undefined && pack.versions && !isWithin(newest, pack.versions)
          ? [unknownVersion(this.#scope, newest, pack.versions)]
          : []),
      ],
    };
  }
}

function issuerOf(read: readonly InstanceLook<true>[], { owner }: Scope): readonly CertificateState[] {
  const left = read.flatMap(({ values }) => values!.sum('issuer_cert_ttl_seconds') ?? []);
  if (left.length === 0) return [];
  return [{ name: 'issuer', of: 'control-plane', owner, secondsLeft: Math.min(...left), example: undefined }];
}

function leftOf({ values }: WatchedProxy, now: number): number | undefined {
  const end = values.sum('identity_cert_expiration_timestamp_seconds');
  // Zero before the first certificate.
  return end === undefined || end <= 0 ? undefined : end - now;
}

function uptimeOf({ values }: InstanceLook<true>, now: number): number | undefined {
  const start = values?.sum('process_start_time_seconds');
  return start === undefined ? undefined : Math.max(0, now - start);
}

function factsOf({ client, values }: InstanceLook<true>) {
  const size = values!.sum('cluster_store_size');
  const facts = size === undefined ? [] : ([['the number of linked clusters', String(size)]] as const);
  return { address: client.address, facts: new Map<string, string>(facts) };
}
