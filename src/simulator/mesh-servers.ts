import { envoyText } from './envoy-text.js';
import type { Fault } from './fault.js';
import { type Mesh, type Pod } from './mesh.js';
import { SidecarServer } from './sidecar-server.js';

/** An entry of Prometheus' HTTP service discovery. */
export interface DiscoveredTarget {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The sidecars of a mesh over real HTTP, one server for each living pod. */
export class MeshServers {
  readonly #mesh: Mesh;
  readonly #beforeScrape: () => void;
  readonly #servers = new Map<string, SidecarServer>();

  /** `beforeScrape` brings the mesh up to the moment of a scrape; where time stands still there is nothing to do. */
  constructor(mesh: Mesh, beforeScrape: () => void = () => undefined) {
    this.#mesh = mesh;
    this.#beforeScrape = beforeScrape;
  }

  /** Makes servers and pods agree: call it after pods have come or gone. */
  async reconcile(): Promise<void> {
    const living = new Set(this.#mesh.pods.map(({ name }) => name));
    const gone = [...this.#servers].filter(([name]) => !living.has(name));
    for (const [name] of gone) this.#servers.delete(name);
    const born = this.#mesh.pods.filter(({ name }) => !this.#servers.has(name)).map((pod) => this.#serve(pod));
    await Promise.all([...gone.map(([, server]) => server.close()), ...born.map((server) => server.open())]);
  }

  /** `127.0.0.1:port` of a pod's proxy; throws a RangeError for a pod without one. */
  address(pod: string): string {
    return `127.0.0.1:${this.#server(pod).port}`;
  }

  /** Lets a pod's proxy do something wrong, or, without a fault, be well again. */
  async setFault(pod: string, fault: Fault | undefined): Promise<void> {
    await this.#server(pod).setFault(fault);
  }

  /** The living pods, as service discovery lists them. */
  targets(): readonly DiscoveredTarget[] {
    return this.#mesh.pods
      .filter(({ name }) => this.#servers.has(name))
      .map(({ name, service, version }) => ({
        targets: [this.address(name)],
        labels: { pod: name, namespace: service.namespace, app: service.app, version },
      }));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
    this.#servers.clear();
  }

  #serve({ name }: Pod): SidecarServer {
    const server = new SidecarServer((query) => {
      this.#beforeScrape();
      const pod = this.#mesh.pods.find((living) => living.name === name);
      return pod && envoyText(pod.proxy, this.#mesh.nowSeconds, this.#mesh.model, query);
    });
    this.#servers.set(name, server);
    return server;
  }

  #server(pod: string): SidecarServer {
    const server = this.#servers.get(pod);
    if (!server) throw new RangeError(`no proxy is served for pod ${pod}`);
    return server;
  }
}
