import { loadPacks } from '../../../src/packs/load-packs.js';
import { Mesh } from '../../../src/simulator/mesh.js';
import type { MeshModel } from '../../../src/simulator/mesh-model.js';
import { type DiscoveredTarget, MeshServers } from '../../../src/simulator/mesh-servers.js';
import type { DataPlane } from '../../../src/simulator/planes/data-plane.js';
import { EnvoyPlane } from '../../../src/simulator/planes/envoy-plane.js';
import { Linkerd1Plane } from '../../../src/simulator/planes/linkerd1-plane.js';
import { Linkerd2Plane } from '../../../src/simulator/planes/linkerd2-plane.js';
import { NginxPlane } from '../../../src/simulator/planes/nginx-plane.js';
import { SidecarPlane } from '../../../src/simulator/planes/sidecar-plane.js';
import { WaypointPlane } from '../../../src/simulator/planes/waypoint-plane.js';
import { ZtunnelPlane } from '../../../src/simulator/planes/ztunnel-plane.js';
import { everyTrouble, smallEdge, smallMesh, smallService } from '../../simulator/small-mesh.js';

/** Proxies of every mesh that has a pack; the simulator's Linkerd 2 prints both generations of families. */
const planes: Readonly<Record<string, () => DataPlane>> = {
  istio: () => new SidecarPlane(),
  'istio-ambient': () => new WaypointPlane(),
  ztunnel: () => new ZtunnelPlane(),
  linkerd2: () => new Linkerd2Plane(),
  'linkerd2-routes': () => new Linkerd2Plane(),
  linkerd1: () => new Linkerd1Plane('sidecar'),
  envoy: () => new EnvoyPlane(),
  'nginx-ingress': () => new NginxPlane(),
};

/** A shop behind a gateway with every trouble there is: callers and a service without proxies, two versions, gRPC. */
function troubledShop(): MeshModel {
  const troubled = { shares: everyTrouble };
  return smallMesh(undefined, {
    services: [
      smallService('istio-ingressgateway', { versions: [{ version: 'v1', replicas: 1 }] }),
      smallService('web'),
      smallService('cart', {
        versions: [
          { version: 'v1', replicas: 1 },
          { version: 'v2', replicas: 1 },
        ],
      }),
      smallService('ledger', { protocol: 'grpc', versions: [{ version: 'v1', replicas: 1 }] }),
      smallService('mail', { proxied: false, versions: [{ version: 'v1', replicas: 1 }] }),
    ],
    edges: [
      smallEdge('shop/istio-ingressgateway', 'shop/web', troubled),
      smallEdge('shop/web', 'shop/cart', troubled),
      smallEdge('shop/cart', 'shop/ledger', troubled),
      smallEdge('shop/cart', 'shop/mail', troubled),
      smallEdge(undefined, 'shop/cart', troubled),
    ],
  });
}

/** One shop, and the proxies of every mesh that would carry it: each mesh is a cluster of its own. */
export class WatchedPlanes {
  readonly mesh: Mesh;
  readonly #servers: ReadonlyMap<string, MeshServers>;

  /** @param present brings the mesh up to the moment of a scrape */
  constructor(startSeconds: number, present: () => void) {
    const made = Object.entries(planes).map(([pack, make]) => [pack, make()] as const);
    this.mesh = new Mesh(troubledShop(), startSeconds, 5, (events) => {
      for (const [, plane] of made) plane.take(events);
    });
    this.#servers = new Map(made.map(([pack, plane]) => [pack, new MeshServers(this.mesh, present, plane)]));
  }

  get packs(): readonly string[] {
    return [...this.#servers.keys()];
  }

  /** The name of the shop's service as a mesh knows it: Envoys of Consul know no namespaces. */
  serviceOf(pack: string, name: string): string {
    return `${pack === 'envoy' ? 'default' : 'shop'}/${name}`;
  }

  /** Where its proxies print their metrics. */
  pathOf(pack: string): string {
    return loadPacks().packs.get(pack)!.target.path;
  }

  targetsOf(pack: string): readonly DiscoveredTarget[] {
    return this.#servers.get(pack)!.targets();
  }

  /** Makes servers and proxies agree after pods have come or gone. */
  async reconcile(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((servers) => servers.reconcile()));
  }

  /** One proxy of a service stops to answer, in every mesh where pods have proxies of their own. */
  async silence(pod: string): Promise<void> {
    for (const servers of this.#servers.values()) {
      const isOwn = servers.targets().some(({ labels }) => labels['pod'] === pod);
      if (isOwn) await servers.setFault(pod, 'refuse');
    }
  }

  /** Lets the certificate of a proxy of Istio end, which could not renew it. */
  async endCertificate(pod: string): Promise<void> {
    await this.#servers.get('istio')!.setFault(pod, 'certificate-ending');
  }

  /** Where pods of a service have proxies of their own, in any mesh. */
  addressesOf(service: string): ReadonlySet<string> {
    const pods = new Set(this.mesh.pods.filter((pod) => pod.service.name === service).map(({ name }) => name));
    const targets = [...this.#servers.values()].flatMap((servers) => servers.targets());
    return new Set(targets.flatMap((one) => (pods.has(one.labels['pod'] ?? '') ? one.targets : [])));
  }

  podOf(service: string): string {
    return this.mesh.pods.find(({ service: { name } }) => name === service)!.name;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((servers) => servers.close()));
  }
}
