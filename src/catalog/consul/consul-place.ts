import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsulSettings } from '../../config/catalog-settings.js';
import type { Clock, EpochSeconds } from '../../domain/clock.js';
import { Failure, failureOf } from '../../domain/failure.js';
import { accessCredentials } from '../access-credentials.js';
import { ApiClient, type Answer } from '../api-client.js';
import type { CatalogPlace, PlaceInstance, PlaceState, ServiceFacts } from '../service-facts.js';
import { instancesOf, type RegisteredInstance, serviceNames } from './consul-answers.js';

/** Requests at the same time, while all services are read. */
const concurrency = 8;

/** Consul asks that nobody asks without pause, however busy it is. */
const leastPauseSeconds = 1;
const longestWaitSeconds = 60;

/** All services are read anew after every change: where that takes long, the pause is so many times as long. */
const pausePerRound = 9;

const neededRights = 'the ACL token of token_file needs node:read and service:read on everything';

/** All instances, as one round of questions found them. */
export interface RegistryReading {
  /** When the round began. */
  readonly at: EpochSeconds;
  readonly instances: readonly RegisteredInstance[];
}

interface ConsulParts {
  readonly settings: ConsulSettings;
  readonly clock: Clock;
  /** Waits between attempts; tests make it short. */
  readonly wait?: (seconds: number, signal: AbortSignal) => Promise<void>;
}

/** Services and instances of one Consul datacenter, followed by blocking queries. */
export class ConsulPlace implements CatalogPlace {
  readonly name: string;
  readonly settings: ConsulSettings;
  readonly #parts: ConsulParts;
  readonly #client: ApiClient;
  readonly #closing = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #reading: RegistryReading | undefined;
  #trouble: Failure | undefined;
  #index = 0;

  constructor(parts: ConsulParts) {
    const { settings } = parts;
    this.#parts = parts;
    this.settings = settings;
    this.name = `consul ${settings.name}`;
    this.#client = new ApiClient(accessCredentials(settings.url, settings.access, 'x-consul-token'), {
      unauthenticated: 'name a file with a valid ACL token as token_file',
      forbidden: neededRights,
    });
  }

  start(onChange: () => void): void {
    this.#running = this.#run(onChange);
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await this.#client.close();
  }

  get state(): PlaceState {
    return { currentAt: this.#reading?.at, trouble: this.#trouble };
  }

  /** What was read last; undefined before the first time. */
  get reading(): RegistryReading | undefined {
    return this.#reading;
  }

  get facts(): readonly ServiceFacts[] {
    const { instances = [] } = this.#reading ?? {};
    const withSidecar = new Set(
      instances.flatMap(({ sidecarOf, node }) => (sidecarOf ? [`${node} ${sidecarOf}`] : [])),
    );
    const byService = new Map<string, RegisteredInstance[]>();
    for (const instance of instances) {
      if (instance.sidecarOf !== undefined) continue;
      const key = JSON.stringify([instance.service, namespaceOf(instance) ?? '']);
      byService.set(key, [...(byService.get(key) ?? []), instance]);
    }
    return [...byService.values()].map((own) => this.#factsOf(own, withSidecar));
  }

  #factsOf(own: readonly RegisteredInstance[], withSidecar: ReadonlySet<string>): ServiceFacts {
    const { cluster, namespace } = this.settings;
    const said = (...keys: readonly string[]): string | undefined =>
      own.flatMap(({ meta }) => keys.map((key) => meta[key])).find((value) => value);
    const hasProxy = ({ node, service }: RegisteredInstance): boolean => withSidecar.has(`${node} ${service}`);
    return {
      cluster,
      namespace: namespaceOf(own[0]!),
      elsewhere: namespace,
      name: own[0]!.service,
      owner: said('owner', 'team'),
      tier: said('tier'),
      // What Consul puts beside an instance is an Envoy. @see https://developer.hashicorp.com/consul/docs/connect/proxies/envoy
      mesh: own.some(hasProxy) ? 'envoy' : undefined,
      instances: own.map((instance): PlaceInstance => {
        const { meta, id, address, isPassing } = instance;
        return {
          name: meta['pod-name'] ?? id,
          address: address === '' ? undefined : address,
          version: meta['version'],
          proxyVersion: undefined,
          hasProxy: hasProxy(instance),
          revision: undefined,
          createdAt: undefined,
          isReady: isPassing,
        };
      }),
    };
  }

  async #run(onChange: () => void): Promise<void> {
    const { signal } = this.#closing;
    const { wait = usualWait } = this.#parts;
    let waitSeconds = leastPauseSeconds;
    while (!signal.aborted) {
      try {
        const tookSeconds = await this.#round(signal);
        this.#trouble = undefined;
        waitSeconds = leastPauseSeconds;
        onChange();
        await wait(pauseSeconds(tookSeconds, this.settings.intervalSeconds), signal);
      } catch (error) {
        if (isOver(signal)) return;
        this.#trouble = failureOf(error);
        this.#index = 0;
        onChange();
        await wait(waitSeconds * (0.75 + Math.random() / 2), signal);
        waitSeconds = Math.min(longestWaitSeconds, waitSeconds * 2);
      }
    }
  }

  /**
   * Waits for a change of any registration, or for the interval: checks change without one.
   *
   * @returns how long reading took afterwards, in seconds
   */
  async #round(signal: AbortSignal): Promise<number> {
    const { clock } = this.#parts;
    const names = await this.#names(signal);
    const at = clock.now();
    const began = clock.monotonic();
    const found: (readonly RegisteredInstance[])[] = [];
    const queue = [...names];
    const work = async (): Promise<void> => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        const answer = await this.#client.get(this.#path(`/v1/health/service/${encodeURIComponent(name)}`), { signal });
        found.push(notHidden(instancesOf(answer.body), answer));
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    const instances = found.flat().sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#reading = { at, instances };
    return clock.monotonic() - began;
  }

  async #names(signal: AbortSignal): Promise<readonly string[]> {
    const { intervalSeconds } = this.settings;
    const blocking = this.#index === 0 ? {} : { index: String(this.#index), wait: `${intervalSeconds}s` };
    // The server adds up to a sixteenth, so that not everybody comes back at once.
    const timeoutSeconds = intervalSeconds * (1 + 1 / 16) + 20;
    const answer = await this.#client.get(this.#path('/v1/catalog/services', blocking), { signal, timeoutSeconds });
    this.#index = nextIndex(this.#index, answer);
    return notHidden(serviceNames(answer.body), answer);
  }

  #path(path: string, parameters: Readonly<Record<string, string>> = {}): string {
    const { datacenter } = this.settings;
    const query = new URLSearchParams({ ...parameters, ...(datacenter !== undefined && { dc: datacenter }) });
    return query.size === 0 ? path : `${path}?${query.toString()}`;
  }
}

/** A registry that changes all the time takes a tenth of our time at most, and is never older than its interval by more than that. */
export function pauseSeconds(tookSeconds: number, intervalSeconds: number): number {
  return Math.max(leastPauseSeconds, Math.min(intervalSeconds, tookSeconds * pausePerRound));
}

/**
 * The index for the next blocking query: 0 (ask without waiting) where it went backwards, and never below 1 otherwise.
 *
 * @see https://developer.hashicorp.com/consul/api-docs/features/blocking#implementation-details
 */
export function nextIndex(before: number, { headers }: Pick<Answer, 'headers'>): number {
  const text = headers['x-consul-index'];
  const index = typeof text === 'string' ? Number(text) : NaN;
  if (!Number.isFinite(index)) return 0;
  return index < before ? 0 : Math.max(1, index);
}

/**
 * The list, unless everything of it was hidden: to a token without rights Consul answers 200 and an empty list, and that is
 * not a registry from which all have gone. A header tells them apart since Consul 1.11; to whoever sends no token it does not,
 * but a Consul that denies by default and does not even list itself hides everything.
 *
 * @see hashicorp/consul agent/http.go setMeta (X-Consul-Results-Filtered-By-ACLs, X-Consul-Default-ACL-Policy)
 * @throws Failure `forbidden`
 */
function notHidden<T>(list: readonly T[], { body, headers }: Answer): readonly T[] {
  const isFiltered = headers['x-consul-results-filtered-by-acls'] === 'true';
  const isDenied = headers['x-consul-default-acl-policy'] === 'deny' && JSON.stringify(body) === '{}';
  if (list.length > 0 || (!isFiltered && !isDenied)) return list;
  throw new Failure('forbidden', 'its ACLs hide everything from us', { hint: neededRights });
}

/** As Consul on Kubernetes writes it; undefined where the instance comes from elsewhere. */
export function namespaceOf({ meta }: Pick<RegisteredInstance, 'meta'>): string | undefined {
  return meta['k8s-namespace'] ?? meta['external-k8s-ns'];
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function usualWait(seconds: number, signal: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
}
