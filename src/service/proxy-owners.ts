import type { ServiceCatalog } from '../domain/catalog-service.js';
import type { ServiceId } from '../domain/service-id.js';
import type { ProxyBook, ProxyName, ProxyOwner } from '../controlplane/proxy-book.js';
import { workloadByName } from '../domain/workload.js';

/** What is known of services where no catalogue knows a pod. */
export interface KnownServices {
  /** Grows whenever the list may be another one. */
  readonly version: number;
  list(): Iterable<ServiceId>;
  ownerOf(service: ServiceId): string | undefined;
}

/**
 * Whose proxies are: as the catalogue says, else by name. A pod is called like its workload, and that in most places like its
 * service, with a version behind it: of the services of the namespace, the one with the longest name that fits.
 */
export function proxyOwners(catalog: () => ServiceCatalog | undefined, known: KnownServices): ProxyBook {
  const names = new NamesByNamespace(known);
  return {
    ownerOf: (proxy): ProxyOwner => {
      const places = catalog();
      const service = places?.serviceOfPod(proxy.cluster, proxy.namespace, proxy.pod) ?? names.serviceOf(proxy);
      const { cluster, namespace, pod } = proxy;
      const named = service ?? { cluster, namespace, name: workloadByName(pod).name };
      return {
        service,
        owner: (service && places?.service(service)?.owner) ?? known.ownerOf(named),
        workload: places?.workloadOfPod(cluster, namespace, pod),
      };
    },
  };
}

/** Services of each namespace, the longest names first. */
class NamesByNamespace {
  readonly #known: KnownServices;
  #version = -1;
  #names = new Map<string, string[]>();

  constructor(known: KnownServices) {
    this.#known = known;
  }

  serviceOf({ cluster, namespace, pod }: ProxyName): ServiceId | undefined {
    this.#refresh();
    const names = this.#names.get(`${cluster} ${namespace}`) ?? [];
    const name = names.find((one) => pod === one || pod.startsWith(`${one}-`));
    return name === undefined ? undefined : { cluster, namespace, name };
  }

  #refresh(): void {
    if (this.#version === this.#known.version) return;
    this.#version = this.#known.version;
    const names = new Map<string, Set<string>>();
    for (const { cluster, namespace, name } of this.#known.list()) {
      const key = `${cluster} ${namespace}`;
      names.set(key, (names.get(key) ?? new Set()).add(name));
    }
    this.#names = new Map([...names].map(([key, set]) => [key, [...set].sort((a, b) => b.length - a.length)]));
  }
}
