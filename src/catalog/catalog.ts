import type { ProxyAddress, ServiceCatalog } from '../domain/catalog-service.js';
import { serviceKey, type ServiceId } from '../domain/service-id.js';
import { wellFormed } from '../domain/well-formed.js';
import type { Workload } from '../domain/workload.js';
import type { ClusterAliases } from './cluster-names.js';
import { KubernetesPlace } from './kubernetes/kubernetes-place.js';
import { mergeServices } from './merge-services.js';
import type { CatalogPlace, KnownService, LivePod, PlaceState } from './service-facts.js';

/** A place, and how reading it goes. */
export interface NamedState extends PlaceState {
  readonly name: string;
}

/** What all places together know. Places follow what they read; what is told here is made of it when somebody asks. */
export class Catalog implements ServiceCatalog {
  readonly #said: (id: ServiceId) => string | undefined;
  readonly #aliases: () => ClusterAliases;
  #places: readonly CatalogPlace[] = [];
  #version = 1;
  #merged: ReadonlyMap<string, KnownService> | undefined;
  #pods: ReadonlyMap<string, LivePod> | undefined;
  #byPlace: ReadonlyMap<string, readonly LivePod[]> | undefined;

  /**
   * @param said the owner by the configuration, whose word goes before every place's; asked anew after {@link follow} and
   *   whenever a place changes
   * @param aliases of clusters, asked anew as often
   */
  constructor(
    said: (id: ServiceId) => string | undefined = () => undefined,
    aliases: () => ClusterAliases = () => new Map(),
  ) {
    this.#said = said;
    this.#aliases = aliases;
  }

  /** Follows these places from now on and no others; those whose word counts most first. */
  async follow(places: readonly CatalogPlace[]): Promise<void> {
    const gone = this.#places.filter((place) => !places.includes(place));
    const fresh = places.filter((place) => !this.#places.includes(place));
    this.#places = places;
    this.#changed();
    for (const place of fresh) place.start(() => this.#changed());
    await Promise.all(gone.map((place) => place.stop()));
  }

  stop(): Promise<void> {
    return this.follow([]);
  }

  get version(): number {
    return this.#version;
  }

  services(): readonly KnownService[] {
    return [...this.#known().values()];
  }

  service(id: ServiceId): KnownService | undefined {
    return this.#known().get(serviceKey(id));
  }

  serviceOfPod(cluster: string, namespace: string, pod: string): ServiceId | undefined {
    const live = this.#pod(cluster, namespace, pod);
    return live && idOf(live);
  }

  serviceOfProxy(cluster: string, { namespace, pod, address }: ProxyAddress): ServiceId | undefined {
    this.#byPlace ??= podsByPlace(this.#livePods());
    const named = namespace !== undefined && pod !== undefined && this.#byPlace.get(podKey(cluster, namespace, pod));
    const [live, ...others] = named || (this.#byPlace.get(addressKey(cluster, address)) ?? []);
    return live && others.length === 0 ? idOf(live) : undefined;
  }

  workloadOfPod(cluster: string, namespace: string, pod: string): Workload | undefined {
    return this.#pod(cluster, namespace, pod)?.workload;
  }

  get places(): readonly NamedState[] {
    return this.#places.map(({ name, state }) => ({ name, ...state }));
  }

  /** Pods of a cluster; undefined where no place that can be read now shows them: nothing can be held against them then. */
  livePods(cluster: string): readonly LivePod[] | undefined {
    const own = this.#kubernetes().filter((place) => place.cluster === cluster);
    if (own.length === 0 || own.some(({ state }) => state.trouble !== undefined)) return undefined;
    const pods = own.map(({ livePods }) => livePods);
    return pods.includes(undefined) ? undefined : pods.flatMap((one) => one!);
  }

  #pod(cluster: string, namespace: string, pod: string): LivePod | undefined {
    this.#pods ??= new Map(this.#livePods().map((live) => [podKey(live.cluster, live.namespace, live.name), live]));
    return this.#pods.get(podKey(cluster, namespace, pod));
  }

  #livePods(): readonly LivePod[] {
    return this.#kubernetes().flatMap(({ livePods }) => livePods ?? []);
  }

  #kubernetes(): readonly KubernetesPlace[] {
    return this.#places.filter((place) => place instanceof KubernetesPlace);
  }

  #known(): ReadonlyMap<string, KnownService> {
    if (this.#merged) return this.#merged;
    const told = this.#places.map(({ name, facts }) => ({ place: name, facts }));
    this.#merged = new Map(
      [...mergeServices(told, this.#aliases())].map(([key, service]) => {
        const owner = this.#said(service.id);
        return [key, owner === undefined ? service : { ...service, owner: wellFormed(owner) }];
      }),
    );
    return this.#merged;
  }

  #changed(): void {
    this.#version += 1;
    this.#merged = undefined;
    this.#pods = undefined;
    this.#byPlace = undefined;
  }
}

function podKey(cluster: string, namespace: string, pod: string): string {
  return JSON.stringify([cluster, namespace, pod]);
}

function addressKey(cluster: string, address: string): string {
  return JSON.stringify([cluster, address]);
}

/** By name and by address: a pod stands here once for each of its services, and pods on the network of their node share its address. */
function podsByPlace(pods: readonly LivePod[]): ReadonlyMap<string, readonly LivePod[]> {
  const found = new Map<string, LivePod[]>();
  for (const pod of pods) {
    const { cluster, namespace, name, address } = pod;
    for (const key of [
      podKey(cluster, namespace, name),
      ...(address === undefined ? [] : [addressKey(cluster, address)]),
    ]) {
      const known = found.get(key);
      if (known) known.push(pod);
      else found.set(key, [pod]);
    }
  }
  return found;
}

function idOf({ cluster, namespace, service }: LivePod): ServiceId {
  return { cluster, namespace, name: service };
}
