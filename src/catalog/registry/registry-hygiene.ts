import type { RegistryThresholds } from '../../config/catalog-settings.js';
import type { EpochSeconds } from '../../domain/clock.js';
import type { Finding } from '../../domain/finding.js';
import type { FindingKind } from '../../domain/finding-kinds.js';
import { spanInWords } from '../../domain/in-words.js';
import type { RegisteredInstance } from '../consul/consul-answers.js';
import type { RegistryReading } from '../consul/consul-place.js';
import type { LivePod } from '../service-facts.js';
import { FlapCounter } from './flap-counter.js';
import { MassDeregistration } from './mass-deregistration.js';

/** Whose pods a registry is held against, and who answers for what. */
export interface HygieneContext {
  /** Name of the registry: `consul dc1`. */
  readonly registry: string;
  readonly cluster: string;
  /** Who looks after the registry itself. */
  readonly registryOwner: string | undefined;
  readonly thresholds: RegistryThresholds;
  readonly ownerOf: (instance: RegisteredInstance) => string | undefined;
  readonly namespaceOf: (instance: RegisteredInstance) => string | undefined;
}

/** What one look found, and what it could say anything about. */
export interface HygieneLook {
  readonly findings: readonly Finding[];
  readonly judged: readonly FindingKind[];
}

const judgedAlways: readonly FindingKind[] = ['MassDeregistration', 'RegistryFlapping'];
const judgedWithPods: readonly FindingKind[] = ['ZombieRegistration', 'ReusedAddress'];

/**
 * Holds a registry against the pods that live, and against itself over time. No clock, no network.
 *
 * An instance is held against pods only where it says that it is one, or its address was a pod's before: machines outside
 * Kubernetes stand in the same registry. While very many instances are gone at once nothing is said about single ones.
 */
export class RegistryHygiene {
  readonly #context: HygieneContext;
  readonly #flaps: FlapCounter;
  readonly #mass: MassDeregistration;
  /** Addresses that were a pod's, with the last service of one there. */
  readonly #once = new Map<string, string>();
  readonly #troubled = new Map<string, EpochSeconds>();

  /** @param formerAddresses that an earlier run knows to have been a pod's */
  constructor(context: HygieneContext, formerAddresses: readonly string[] = []) {
    this.#context = context;
    this.#flaps = new FlapCounter(context.thresholds.flaps);
    this.#mass = new MassDeregistration(context.thresholds.massRatio);
    for (const address of formerAddresses) this.#once.set(address, '');
  }

  /** @param pods those that live; undefined where nobody can say */
  look({ at, instances }: RegistryReading, pods: readonly LivePod[] | undefined, now: EpochSeconds): HygieneLook {
    const mass = this.#mass.take(instances.length, at);
    const flapping = this.#flaps.take(instances, at);
    const findings: Finding[] = flapping.map(({ instance, changes }) => this.#flapFinding(instance, changes));
    if (mass) findings.push(this.#massFinding(mass, instances.length));
    if (mass || pods === undefined) return { findings, judged: judgedAlways };
    return {
      findings: [...findings, ...this.#againstPods(instances, pods, now)],
      judged: [...judgedAlways, ...judgedWithPods],
    };
  }

  #againstPods(
    instances: readonly RegisteredInstance[],
    pods: readonly LivePod[],
    now: EpochSeconds,
  ): readonly Finding[] {
    const byAddress = new Map<string, LivePod[]>();
    for (const pod of pods) {
      if (pod.address === undefined) continue;
      byAddress.set(pod.address, [...(byAddress.get(pod.address) ?? []), pod]);
    }
    const expected = expectedServices(instances, byAddress, pods);
    const troubled = new Set<string>();
    const findings = instances.flatMap((instance) => {
      const living = byAddress.get(instance.address) ?? [];
      const kind = this.#trouble(instance, living, expected.get(instance.service));
      if (kind === undefined) return [];
      const key = `${kind} ${instance.key} ${instance.address}`;
      troubled.add(key);
      const since = this.#troubled.get(key) ?? now;
      this.#troubled.set(key, since);
      if (now - since < this.#context.thresholds.zombieSeconds) return [];
      return [
        kind === 'ZombieRegistration' ? this.#zombie(instance, since, now) : this.#reused(instance, living, since),
      ];
    });
    for (const key of this.#troubled.keys()) if (!troubled.has(key)) this.#troubled.delete(key);
    this.#remember(instances, byAddress);
    return findings;
  }

  #trouble(
    { address, meta, service }: RegisteredInstance,
    living: readonly LivePod[],
    expected: string | undefined,
  ): 'ZombieRegistration' | 'ReusedAddress' | undefined {
    const podName = meta['pod-name'];
    const saysPod = podName !== undefined || meta['external-source'] === 'kubernetes';
    if (living.length === 0) return saysPod || this.#once.has(address) ? 'ZombieRegistration' : undefined;
    if (podName !== undefined) return living.some(({ name }) => name === podName) ? undefined : 'ReusedAddress';
    const before = this.#once.get(address);
    const right = expected ?? (before === '' ? undefined : before);
    if (right === undefined || living.some((pod) => pod.service === right || pod.service === service)) return undefined;
    return 'ReusedAddress';
  }

  /** Keeps what an address was while it is registered: a reused one must not become right by being looked at. */
  #remember(instances: readonly RegisteredInstance[], byAddress: ReadonlyMap<string, readonly LivePod[]>): void {
    const registered = new Set(instances.map(({ address }) => address));
    for (const address of this.#once.keys()) if (!registered.has(address)) this.#once.delete(address);
    for (const address of registered) {
      const living = byAddress.get(address);
      if (living && !this.#once.get(address)) this.#once.set(address, living[0]!.service);
    }
  }

  #subject(instance: RegisteredInstance): Readonly<Record<string, string>> {
    const { cluster, registry, namespaceOf } = this.#context;
    const namespace = namespaceOf(instance);
    return {
      cluster,
      ...(namespace !== undefined && { namespace }),
      service: instance.service,
      registry,
      instance: instance.id,
      address: `${instance.address}:${instance.port}`,
    };
  }

  #evidence(instance: RegisteredInstance): Readonly<Record<string, string>> {
    return {
      registry: this.#context.registry,
      node: instance.node,
      registration: instance.id,
      address: `${instance.address}:${instance.port}`,
      checks: instance.isPassing ? 'passing' : 'critical',
    };
  }

  #zombie(instance: RegisteredInstance, since: EpochSeconds, now: EpochSeconds): Finding {
    const { address, service, isPassing } = instance;
    const stillPasses = isPassing ? ', and its checks still pass' : '';
    return {
      kind: 'ZombieRegistration',
      subject: this.#subject(instance),
      owner: this.#context.ownerOf(instance),
      summary: `${service} is registered at ${address}, and no pod has had this address for ${ageInWords(now - since)}${stillPasses}`,
      evidence: this.#evidence(instance),
      action: 'Deregister it (consul services deregister -id ..., on its node), and find out why its agent did not.',
      since,
    };
  }

  #reused(instance: RegisteredInstance, living: readonly LivePod[], since: EpochSeconds): Finding {
    const { address, service } = instance;
    const [pod] = living;
    return {
      kind: 'ReusedAddress',
      subject: this.#subject(instance),
      owner: this.#context.ownerOf(instance),
      summary: `requests for ${service} at ${address} reach pod ${pod!.namespace}/${pod!.name} of ${pod!.service}`,
      evidence: {
        ...this.#evidence(instance),
        'pod there': `${pod!.namespace}/${pod!.name}`,
        'its service': pod!.service,
      },
      action: 'Deregister the old instance at once: requests for one service are answered by another.',
      since,
    };
  }

  #flapFinding(instance: RegisteredInstance, changes: number): Finding {
    return {
      kind: 'RegistryFlapping',
      subject: this.#subject(instance),
      owner: this.#context.ownerOf(instance),
      summary: `${instance.service} at ${instance.address} came, went or changed its health ${changes} times in ten minutes`,
      evidence: { ...this.#evidence(instance), changes: String(changes) },
      action: 'Look at its check and at the agent of its node; every change is pushed to every proxy.',
      since: undefined,
    };
  }

  #massFinding({ from, since }: { readonly from: number; readonly since: EpochSeconds }, count: number): Finding {
    const { cluster, registry, registryOwner } = this.#context;
    return {
      kind: 'MassDeregistration',
      subject: { cluster, registry },
      owner: registryOwner,
      summary: `${from - count} of ${from} instances left ${registry} at once`,
      evidence: { before: String(from), now: String(count) },
      action: 'Look at the registry and its agents first; do not act on what it says until it is well again.',
      since,
    };
  }
}

/**
 * Which service the pods of a registered name should be of: the one of the same name, else the one that most of its addresses
 * are pods of. A registry's names need not be those of Kubernetes.
 */
function expectedServices(
  instances: readonly RegisteredInstance[],
  byAddress: ReadonlyMap<string, readonly LivePod[]>,
  pods: readonly LivePod[],
): ReadonlyMap<string, string> {
  const names = new Set(pods.map(({ service }) => service));
  const counts = new Map<string, Map<string, number>>();
  for (const { service, address } of instances) {
    const own = counts.get(service) ?? new Map<string, number>();
    counts.set(service, own);
    for (const pod of byAddress.get(address) ?? []) own.set(pod.service, (own.get(pod.service) ?? 0) + 1);
  }
  const expected = new Map<string, string>();
  for (const [service, own] of counts) {
    const all = [...own.values()].reduce((sum, count) => sum + count, 0);
    const [most] = [...own].sort(([, a], [, b]) => b - a);
    if (names.has(service)) expected.set(service, service);
    else if (most && all >= 2 && most[1] > all / 2) expected.set(service, most[0]);
  }
  return expected;
}

function ageInWords(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)} seconds` : spanInWords(seconds);
}
