import type { StatsQuery } from '../envoy-text.js';
import { envoyText } from '../envoy-text.js';
import type { Mesh } from '../mesh.js';
import type { DataPlane, PlaneProxy, PlaneText } from './data-plane.js';

/** Istio's sidecars: the mesh has them itself, and they have counted whatever it knows of. */
export class SidecarPlane implements DataPlane {
  readonly path = '/stats/prometheus';
  #mesh!: Mesh;

  attach(mesh: Mesh): void {
    this.#mesh = mesh;
  }

  readonly take = (): void => undefined;

  proxies(): readonly PlaneProxy[] {
    return this.#mesh.pods.map(({ name, service, version }) => ({
      name,
      labels: { pod: name, namespace: service.namespace, app: service.app, version },
    }));
  }

  text(proxy: string, nowSeconds: number, query: StatsQuery): PlaneText | undefined {
    const pod = this.#mesh.pods.find(({ name }) => name === proxy);
    return (
      pod && {
        contentType: 'text/plain; charset=UTF-8',
        text: envoyText(pod.proxy, nowSeconds, this.#mesh.model, query),
      }
    );
  }

  carrierOf(pod: string): string {
    return pod;
  }

  restart(proxy: string): void {
    this.#mesh.restart(proxy);
  }
}
