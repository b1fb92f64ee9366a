import { envoyText, type StatsQuery } from '../envoy-text.js';
import type { RequestEvents } from '../event-log.js';
import { type IstioLabels, istioLabels } from '../istio-labels.js';
import type { Mesh } from '../mesh.js';
import { serviceOf } from '../mesh-model.js';
import type { ProxyFacts } from '../outcome.js';
import { Proxy } from '../proxy.js';
import { Carriers } from './carriers.js';
import type { DataPlane, PlaneProxy, PlaneText } from './data-plane.js';

/**
 * Waypoints of Istio's ambient mode, one for each namespace: each reports every request to its services once, as the
 * server's side saw it where there was one, and as the client's would have where it failed on the way.
 *
 * @see https://istio.io/latest/docs/ambient/usage/waypoint/
 */
export class WaypointPlane implements DataPlane {
  readonly path = '/stats/prometheus';
  readonly #carriers = new Carriers<Proxy>({
    begin: (startedSeconds) => new Proxy(startedSeconds),
    shared: (namespace) => `waypoint-${namespace}`,
  });
  readonly #labels = new Map<string, IstioLabels>();
  #mesh!: Mesh;

  attach(mesh: Mesh): void {
    this.#mesh = mesh;
    for (const { namespace } of mesh.model.services) {
      const name = this.#carriers.carrierOf(namespace);
      if (!this.#carriers.process(name)) this.#carriers.restart(name, mesh.nowSeconds);
    }
  }

  readonly take = (events: Parameters<DataPlane['take']>[0]): void => {
    for (const event of events) if ('count' in event) this.#count(event);
  };

  proxies(): readonly PlaneProxy[] {
    const namespaces = [...new Set(this.#mesh.model.services.map(({ namespace }) => namespace))].sort();
    return namespaces.map((namespace) => ({
      name: `waypoint-${namespace}`,
      labels: { pod: `waypoint-${namespace}`, namespace, gateway: 'waypoint' },
    }));
  }

  text(proxy: string, nowSeconds: number, query: StatsQuery): PlaneText | undefined {
    const process = this.#carriers.process(proxy);
    if (!process) return undefined;
    const text = envoyText(process, nowSeconds, this.#mesh.model, query);
    return { contentType: 'text/plain; charset=UTF-8', text };
  }

  /** A request is counted by the waypoint of the namespace that it goes to, whatever pod it reaches. */
  carrierOf(pod: string): string {
    const living = this.#mesh.pods.find(({ name }) => name === pod);
    return this.#carriers.carrierOf(living?.service.namespace ?? '');
  }

  restart(proxy: string, atSeconds: number): void {
    this.#carriers.restart(proxy, atSeconds);
  }

  #count(events: RequestEvents): void {
    const facts = events.server ?? events.client;
    if (facts === undefined) return;
    const { model } = this.#mesh;
    const destination = serviceOf(model, events.destination);
    const proxy = this.#carriers.process(this.#carriers.carrierOf(destination.namespace))!;
    proxy.count(this.#labelsOf(events, facts), destination, events.count, events.buckets, events.toSeconds);
  }

  #labelsOf({ source, destination, server }: RequestEvents, facts: ProxyFacts): IstioLabels {
    const { model } = this.#mesh;
    const key = [source, destination, server !== undefined, facts.code, facts.flags, facts.grpcStatus].join(' ');
    const known = this.#labels.get(key);
    if (known) return known;
    const labels = istioLabels(model, {
      reporter: 'waypoint',
      facts,
      source: source === undefined ? undefined : { service: serviceOf(model, source), version: 'v1' },
      destination: serviceOf(model, destination),
      destinationVersion: server === undefined ? undefined : 'v1',
    });
    this.#labels.set(key, labels);
    return labels;
  }
}
