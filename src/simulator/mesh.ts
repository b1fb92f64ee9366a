import type { EventSink, PodEvent, RequestEvents } from './event-log.js';
import type { IstioLabels } from './istio-labels.js';
import { LabelBook } from './label-book.js';
import { keyOf, type MeshModel, type ServiceKey, serviceOf, type ServiceModel } from './mesh-model.js';
import { Proxy } from './proxy.js';
import { type Random, seededRandom } from './random.js';
import { type DrawnRequests, drawRequests, type EdgeTraffic, edgeTraffic } from './traffic.js';

/** A pod with its sidecar. The name is its own; a replacement has another one. */
export interface Pod {
  readonly name: string;
  readonly service: ServiceModel;
  readonly version: string;
  /** The process that runs in it now. */
  readonly proxy: Proxy;
  readonly weight: number;
}

type LivingPod = Omit<Pod, 'proxy'> & { proxy: Proxy };

/** One group of requests, with what each of the two proxies will count. */
interface Counted {
  readonly events: RequestEvents;
  readonly destination: ServiceModel;
  readonly sides: readonly { readonly pod: LivingPod | undefined; readonly labels: IstioLabels | undefined }[];
}

/**
 * A mesh that lives in the time it is told: requests are drawn, written to the log, and only then counted by proxies.
 *
 * The same model, seed and calls give the same events.
 */
export class Mesh {
  readonly #random: Random;
  readonly #write: EventSink;
  #model: MeshModel;
  #edges: readonly EdgeTraffic[];
  #labels: LabelBook;
  #pods: readonly LivingPod[] = [];
  #nowSeconds: number;

  constructor(model: MeshModel, startSeconds: number, seed: number, write: EventSink) {
    this.#model = model;
    this.#random = seededRandom(seed);
    this.#write = write;
    this.#edges = edgeTraffic(model);
    this.#labels = new LabelBook(model);
    this.#nowSeconds = startSeconds;
    for (const service of model.services) {
      for (const { version, replicas } of service.versions) this.scale(keyOf(service), version, replicas);
    }
  }

  /** As it is now: services get their proxies while it lives. */
  get model(): MeshModel {
    return this.#model;
  }

  /** The moment up to which everything has happened. */
  get nowSeconds(): number {
    return this.#nowSeconds;
  }

  /** The pods that are there now. */
  get pods(): readonly Pod[] {
    return this.#pods;
  }

  /** A living pod; throws a RangeError for one that is gone or never was. */
  pod(name: string): Pod {
    return this.#living(name);
  }

  /** Lets requests happen until a moment, as one step. A moment that has passed changes nothing. */
  advance(toSeconds: number): void {
    const { evictionIntervalSeconds: interval } = this.model;
    while (this.#nowSeconds < toSeconds) {
      const eviction = interval === undefined ? Infinity : (Math.floor(this.#nowSeconds / interval) + 1) * interval;
      this.#step(Math.min(eviction, toSeconds));
      if (interval !== undefined && this.#nowSeconds === eviction) {
        for (const { name } of this.#pods) this.evict(name, eviction - interval);
      }
    }
  }

  /** The container starts again at the same address: everything from zero. */
  restart(name: string): void {
    const pod = this.#living(name);
    this.#log({ atSeconds: this.#nowSeconds, pod: name, what: 'restarted' });
    pod.proxy = new Proxy(this.#nowSeconds);
  }

  /** The pod goes, and another one with another name and address comes in its place; returns it. */
  replace(name: string): Pod {
    const { service, version } = this.#living(name);
    this.#stop(name);
    return this.#start(service, version);
  }

  /** Another version of a service takes the place of one, pod for pod; none where nothing runs it. */
  roll(service: ServiceKey, from: string, to: string): void {
    const running = (version: string): number =>
      this.#pods.filter((pod) => keyOf(pod.service) === service && pod.version === version).length;
    this.scale(service, to, running(to) + running(from));
    this.scale(service, from, 0);
  }

  /** A service without proxies gets them: what only those of its callers have counted, its own count from now on. */
  inject(key: ServiceKey): void {
    const bare = serviceOf(this.#model, key);
    if (bare.proxied) return;
    const service = { ...bare, proxied: true };
    const services = this.#model.services.map((one) => (keyOf(one) === key ? service : one));
    this.#model = { ...this.#model, services };
    this.#edges = edgeTraffic(this.#model);
    this.#labels = this.#labels.under(this.#model);
    for (const { version, replicas } of service.versions) this.scale(key, version, replicas);
  }

  /** Brings one version of a service to a number of pods; the youngest go first. */
  scale(service: ServiceKey, version: string, replicas: number): void {
    const model = serviceOf(this.model, service);
    if (!model.proxied) return;
    const there = this.#pods.filter((pod) => pod.service === model && pod.version === version);
    for (const { name } of there.slice(replicas)) this.#stop(name);
    for (let count = there.length; count < replicas; count++) this.#start(model, version);
  }

  /** Forgets a proxy's series that have been idle since a moment; without one, all of them. The process lives on. */
  evict(name: string, idleSinceSeconds = Infinity): void {
    const { proxy } = this.#living(name);
    const evicted = proxy.evict(idleSinceSeconds);
    if (evicted > 0) this.#log({ atSeconds: this.#nowSeconds, pod: name, what: 'series-evicted' });
  }

  #step(toSeconds: number): void {
    const range = [this.#nowSeconds, toSeconds] as const;
    const counted: Counted[] = [];
    for (const traffic of this.#edges) {
      const clients = traffic.source ? this.#podsOf(traffic.source) : [];
      const servers = this.#podsOf(traffic.destination);
      drawRequests(this.#random, traffic, range, { clients, servers }, (drawn) => {
        counted.push(this.#counted(traffic, range, drawn));
      });
    }
    this.#write(counted.map(({ events }) => events));
    for (const { events, destination, sides } of counted) {
      for (const { pod, labels } of sides) {
        if (labels) pod?.proxy.count(labels, destination, events.count, events.buckets, toSeconds);
      }
    }
    this.#nowSeconds = toSeconds;
  }

  #counted(
    { edge, destination }: EdgeTraffic,
    [fromSeconds, toSeconds]: readonly [number, number],
    drawn: DrawnRequests<LivingPod, LivingPod>,
  ): Counted {
    const { outcome, client, server, count, buckets } = drawn;
    const labels = this.#labels.reports(destination, drawn);
    return {
      events: {
        fromSeconds,
        toSeconds,
        source: edge.source,
        destination: edge.destination,
        pod: server?.name,
        clientPod: client?.name,
        kind: outcome.kind,
        server: server && outcome.server,
        client: client && outcome.client,
        count,
        buckets,
      },
      destination,
      sides: [
        { pod: server, labels: labels.server },
        { pod: client, labels: labels.client },
      ],
    };
  }

  #start(service: ServiceModel, version: string): Pod {
    const suffix = podSuffix(this.#random);
    const name = `${service.name}-${version}-${suffix}`;
    const pod: LivingPod = { name, service, version, proxy: new Proxy(this.#nowSeconds), weight: 1 };
    this.#log({ atSeconds: this.#nowSeconds, pod: name, what: 'started' });
    this.#pods = [...this.#pods, pod];
    return pod;
  }

  #stop(name: string): void {
    this.#log({ atSeconds: this.#nowSeconds, pod: name, what: 'stopped' });
    this.#pods = this.#pods.filter((pod) => pod.name !== name);
  }

  #podsOf(service: ServiceModel): readonly LivingPod[] {
    return this.#pods.filter((pod) => pod.service === service);
  }

  #living(name: string): LivingPod {
    const pod = this.#pods.find((candidate) => candidate.name === name);
    if (!pod) throw new RangeError(`there is no pod ${name}`);
    return pod;
  }

  #log(event: PodEvent): void {
    this.#write([event]);
  }
}

/** As Kubernetes names pods of a deployment; its alphabet has no vowels, so that no words come out. */
function podSuffix(random: Random): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  const some = (length: number): string =>
    Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');
  return `${some(9)}-${some(5)}`;
}
