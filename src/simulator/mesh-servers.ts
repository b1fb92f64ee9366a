import type { Fault } from './fault.js';
import type { Mesh } from './mesh.js';
import type { DataPlane } from './planes/data-plane.js';
import { SidecarPlane } from './planes/sidecar-plane.js';
import { SidecarServer } from './sidecar-server.js';

/** An entry of Prometheus' HTTP service discovery. */
export interface DiscoveredTarget {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The proxies of a mesh over real HTTP, one server for each that is there. */
export class MeshServers {
  readonly #plane: DataPlane;
  readonly #mesh: Mesh;
  readonly #beforeScrape: () => void;
  readonly #servers = new Map<string, SidecarServer>();

  /**
   * @param beforeScrape brings the mesh up to the moment of a scrape; where time stands still there is nothing to do
   * @param plane whose proxies these are; Istio's sidecars, which the mesh has itself, where none is given
   */
  constructor(mesh: Mesh, beforeScrape: () => void = () => undefined, plane: DataPlane = new SidecarPlane()) {
    this.#mesh = mesh;
    this.#beforeScrape = beforeScrape;
    this.#plane = plane;
    plane.attach(mesh);
  }

  /** Makes servers and proxies agree: call it after pods have come or gone. */
  async reconcile(): Promise<void> {
    const living = new Set(this.#plane.proxies().map(({ name }) => name));
    const gone = [...this.#servers].filter(([name]) => !living.has(name));
    for (const [name] of gone) this.#servers.delete(name);
    const born = [...living].filter((name) => !this.#servers.has(name)).map((name) => this.#serve(name));
    await Promise.all([...gone.map(([, server]) => server.close()), ...born.map((server) => server.open())]);
  }

  /** `127.0.0.1:port` of a proxy; throws a RangeError for one that is not served. */
  address(proxy: string): string {
    return `127.0.0.1:${this.#server(proxy).port}`;
  }

  /** Lets a proxy do something wrong, or, without a fault, be well again. */
  async setFault(proxy: string, fault: Fault | undefined): Promise<void> {
    await this.#server(proxy).setFault(fault);
  }

  /** The proxies that are there, as service discovery lists them. */
  targets(): readonly DiscoveredTarget[] {
    return this.#plane
      .proxies()
      .filter(({ name }) => this.#servers.has(name))
      .map(({ name, labels }) => ({ targets: [this.address(name)], labels }));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
    this.#servers.clear();
  }

  #serve(name: string): SidecarServer {
    const server = new SidecarServer((query) => {
      this.#beforeScrape();
      return this.#plane.text(name, this.#mesh.nowSeconds, query);
    }, this.#plane.path);
    this.#servers.set(name, server);
    return server;
  }

  #server(proxy: string): SidecarServer {
    const server = this.#servers.get(proxy);
    if (!server) throw new RangeError(`no proxy is served for ${proxy}`);
    return server;
  }
}
