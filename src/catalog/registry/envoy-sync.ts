import { z } from 'zod';
import type { Clock, EpochSeconds } from '../../domain/clock.js';
import { Failure, failureOf } from '../../domain/failure.js';
import type { Finding } from '../../domain/finding.js';
import type { FindingSource, Look } from '../../domain/finding-source.js';
import { ApiClient } from '../api-client.js';
import type { RegisteredInstance } from '../consul/consul-answers.js';
import type { ConsulPlace, RegistryReading } from '../consul/consul-place.js';

/** How long one Envoy took to learn of one change. */
export interface SyncDelay {
  readonly registry: string;
  readonly envoy: string;
  readonly service: string;
  readonly seconds: number;
  /** The change happened between two readings of the registry, and was learnt between two of the Envoy. */
  readonly errorSeconds: number;
}

interface SyncParts {
  readonly place: ConsulPlace;
  readonly clock: Pick<Clock, 'now'>;
  readonly onDelay: (delay: SyncDelay) => void;
  readonly ownerOf: (service: string) => string | undefined;
}

/** A change that an Envoy has not been seen to know yet. */
interface Pending {
  readonly hosts: string;
  /** Of the newest change. */
  readonly at: EpochSeconds;
  /** Since when it lags behind without a break. */
  readonly since: EpochSeconds;
  readonly registryErrorSeconds: number;
}

const everySeconds = 5;

/** @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/admin/v3/clusters.proto */
const clusters = z.looseObject({
  cluster_statuses: z
    .array(
      z.looseObject({
        name: z.string(),
        host_statuses: z
          .array(
            z.looseObject({
              address: z.looseObject({
                socket_address: z.looseObject({ address: z.string(), port_value: z.number() }).optional(),
              }),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/**
 * Measures the delay between a change of a registry and an Envoy knowing it: from the reading that first shows other passing
 * instances of a service until the Envoy's cluster of that name has exactly these.
 *
 * An Envoy without a cluster of that name does not ask for the service, and is not late.
 */
export function envoySyncSource({ place, clock, onDelay, ownerOf }: SyncParts): FindingSource {
  const { settings } = place;
  const envoys = settings.envoys.map((address) => new EnvoyWatch(address));
  let known: ReadonlyMap<string, string> | undefined;
  let seen: RegistryReading | undefined;
  return {
    name: `registry sync ${settings.name}`,
    everySeconds,
    look: async (signal) => {
      const { reading } = place;
      if (!reading || place.state.trouble) return { findings: [], judged: [], events: [] };
      if (reading !== seen) {
        const now = passingHosts(reading.instances);
        if (known)
          for (const envoy of envoys) envoy.note(known, now, { at: reading.at, errorSeconds: reading.at - seen!.at });
        known = now;
        seen = reading;
      }
      await Promise.all(envoys.map((envoy) => envoy.look(signal, clock)));
      for (const envoy of envoys) {
        for (const delay of envoy.takeDelays()) onDelay({ registry: place.name, ...delay });
      }
      const late = envoys.flatMap((envoy) => envoy.late(clock.now(), settings.thresholds.syncSeconds));
      const findings = late.map(({ envoy, service, seconds, hosts }) =>
        slow({ registry: place.name, cluster: settings.cluster, envoy, service, seconds, hosts }, ownerOf(service)),
      );
      const silent = new Set(envoys.filter(({ trouble }) => trouble).map(({ address }) => address));
      const unseen: Look['unseen'] = ({ subject }) => silent.has(subject['envoy'] ?? '');
      return { findings, judged: ['SlowRegistrySync'], unseen, events: [] };
    },
  };
}

/** One Envoy's clusters. */
class EnvoyWatch {
  readonly address: string;
  readonly #client: ApiClient;
  readonly #pending = new Map<string, Pending>();
  #delays: Omit<SyncDelay, 'registry'>[] = [];
  #lookedAt: EpochSeconds | undefined;
  trouble: Failure | undefined;

  constructor(address: string) {
    this.address = address;
    const credentials = { url: `http://${address}`, authorization: undefined, headers: {}, tls: {} };
    const hint = 'meshslo reads GET /clusters of its administration port';
    this.#client = new ApiClient(() => Promise.resolve(credentials), { unauthenticated: hint, forbidden: hint });
  }

  /** Notes which services have other instances than before. */
  note(
    before: ReadonlyMap<string, string>,
    now: ReadonlyMap<string, string>,
    { at, errorSeconds }: { readonly at: EpochSeconds; readonly errorSeconds: number },
  ): void {
    for (const service of new Set([...before.keys(), ...now.keys()])) {
      const hosts = now.get(service) ?? '';
      if (hosts === (before.get(service) ?? '')) continue;
      this.#pending.set(service, {
        hosts,
        at,
        since: this.#pending.get(service)?.since ?? at,
        registryErrorSeconds: errorSeconds,
      });
    }
  }

  async look(signal: AbortSignal, clock: Pick<Clock, 'now'>): Promise<void> {
    if (this.#pending.size === 0) {
      this.#lookedAt = clock.now();
      return;
    }
    try {
      const { body } = await this.#client.get('/clusters?format=json', { signal, timeoutSeconds: 5 });
      const now = clock.now();
      const own = clusterHosts(body);
      for (const [service, { hosts, at, registryErrorSeconds }] of this.#pending) {
        const theirs = own.get(service);
        if (theirs !== undefined && theirs !== hosts) continue;
        this.#pending.delete(service);
        if (theirs === undefined) continue;
        const errorSeconds = registryErrorSeconds + Math.max(0, now - (this.#lookedAt ?? at));
        this.#delays.push({ envoy: this.address, service, seconds: Math.max(0, now - at), errorSeconds });
      }
      this.#lookedAt = now;
      this.trouble = undefined;
    } catch (error) {
      this.trouble = failureOf(error);
    }
  }

  takeDelays(): readonly Omit<SyncDelay, 'registry'>[] {
    const delays = this.#delays;
    this.#delays = [];
    return delays;
  }

  /** Nothing of an Envoy that does not answer: that is another trouble. */
  late(now: EpochSeconds, mostSeconds: number) {
    if (this.trouble) return [];
    return [...this.#pending].flatMap(([service, { since, hosts }]) =>
      now - since > mostSeconds ? [{ envoy: this.address, service, seconds: now - since, hosts }] : [],
    );
  }
}

interface Late {
  readonly registry: string;
  readonly cluster: string;
  readonly envoy: string;
  readonly service: string;
  readonly seconds: number;
  readonly hosts: string;
}

function slow({ registry, cluster, envoy, service, seconds, hosts }: Late, owner: string | undefined): Finding {
  return {
    kind: 'SlowRegistrySync',
    subject: { cluster, service, registry, envoy },
    owner,
    summary: `the Envoy at ${envoy} has not learnt for ${Math.round(seconds)} s which instances of ${service} there are`,
    evidence: { registry, envoy, 'registered and passing': hosts === '' ? 'none' : hosts },
    action:
      'Look at the control plane between them: its connection to the registry, its queue, and the proxy’s stream.',
    since: undefined,
  };
}

/** `address:port` of the passing instances of every service, sorted, as one text. */
function passingHosts(instances: readonly RegisteredInstance[]): ReadonlyMap<string, string> {
  const hosts = new Map<string, string[]>();
  for (const { service, address, port, isPassing, sidecarOf } of instances) {
    if (sidecarOf !== undefined) continue;
    const own = hosts.get(service) ?? [];
    hosts.set(service, own);
    if (isPassing) own.push(`${address}:${port}`);
  }
  return new Map([...hosts].map(([service, own]) => [service, own.sort().join(', ')]));
}

/** The same of an Envoy's clusters. Throws Failure `body-malformed`: it has not said that it has none. */
function clusterHosts(body: unknown): ReadonlyMap<string, string> {
  const { data } = clusters.safeParse(body);
  if (!data) throw new Failure('body-malformed', 'the list of clusters is none that Envoy gives');
  return new Map(
    data.cluster_statuses.map(({ name, host_statuses }) => [
      name,
      host_statuses
        .flatMap(({ address: { socket_address: at } }) => (at ? [`${at.address}:${at.port_value}`] : []))
        .sort()
        .join(', '),
    ]),
  );
}
