import type { RequestEvents } from '../event-log.js';
import type { Mesh } from '../mesh.js';
import type { OutcomeKind } from '../outcome.js';
import { Carriers, hashOf } from './carriers.js';
import type { DataPlane, PlaneProxy, PlaneText } from './data-plane.js';
import { linkerd1Text } from './linkerd1-text.js';
import { addToWindow, type Linkerd1Process } from './linkerd1-windows.js';
import { CounterTable } from './tables.js';

/** One in every pod, or one on every node for all the pods there. */
export type Linkerd1Placement = 'sidecar' | 'daemonset';

const nodes = 4;

/** Exceptions below a failure, as Finagle names them. */
const exceptions: Readonly<Partial<Record<OutcomeKind, string>>> = {
  'abort-fast': 'com.twitter.finagle.CancelledRequestException',
  'abort-long': 'com.twitter.finagle.CancelledRequestException',
  timeout: 'com.twitter.finagle.IndividualRequestTimeoutException',
  'no-response': 'com.twitter.finagle.ChannelClosedException',
  'connect-failure': 'com.twitter.finagle.ConnectionFailedException',
  'no-healthy-upstream': 'com.twitter.finagle.NoBrokersAvailableException',
  'circuit-breaker': 'com.twitter.finagle.FailedFastException',
  'no-cluster': 'com.twitter.finagle.NoBrokersAvailableException',
  'dns-failure': 'com.twitter.finagle.NoBrokersAvailableException',
};

/**
 * Linkerd 1, from linkerd to linkerd: an outgoing router where a request begins, an incoming one where it is served.
 *
 * @see linkerd/linkerd telemetry/prometheus/.../PrometheusTelemeter.scala
 */
export class Linkerd1Plane implements DataPlane {
  readonly path = '/admin/metrics/prometheus';
  readonly #placement: Linkerd1Placement;
  readonly #carriers: Carriers<Linkerd1Process>;
  #mesh!: Mesh;

  constructor(placement: Linkerd1Placement) {
    this.#placement = placement;
    const begin = (startedSeconds: number): Linkerd1Process => ({
      startedSeconds,
      counters: new CounterTable(),
      windows: new Map(),
    });
    this.#carriers = new Carriers(
      placement === 'sidecar' ? { begin } : { begin, shared: (pod) => `l5d-node-${hashOf(pod) % nodes}` },
    );
  }

  attach(mesh: Mesh): void {
    this.#mesh = mesh;
  }

  get take() {
    return this.#carriers.sink((events, process) => {
      const { pod, clientPod, server, client } = events;
      if (pod !== undefined && server !== undefined) count(events, process(pod), 'incoming', server.code);
      if (clientPod !== undefined && client !== undefined) count(events, process(clientPod), 'outgoing', client.code);
    });
  }

  proxies(): readonly PlaneProxy[] {
    if (this.#placement === 'sidecar') {
      return this.#mesh.pods.map(({ name, service: { namespace, app } }) => ({
        name,
        labels: { pod: name, namespace, app },
      }));
    }
    const names = new Set(this.#mesh.pods.map(({ name }) => this.carrierOf(name)));
    return [...names].sort().map((name) => ({ name, labels: { pod: name, namespace: 'linkerd', app: 'l5d' } }));
  }

  text(proxy: string, nowSeconds: number): PlaneText | undefined {
    const process = this.#carriers.process(proxy);
    return process && { contentType: 'text/plain', text: linkerd1Text(process, nowSeconds) };
  }

  carrierOf(pod: string): string {
    return this.#carriers.carrierOf(pod);
  }

  restart(proxy: string, atSeconds: number): void {
    this.#carriers.restart(proxy, atSeconds);
  }
}

function count(events: RequestEvents, process: Linkerd1Process, router: 'incoming' | 'outgoing', code: number): void {
  const { destination, kind, toSeconds, buckets } = events;
  const [namespace, name] = destination.split('/') as [string, string];
  const labels = `rt="${router}", service="svc/${name}.${namespace}"`;
  const { counters } = process;
  counters.add('rt:service:requests', labels, events.count);
  const exception = exceptions[kind];
  const failed = exception !== undefined || code >= 500 || code === 0;
  counters.add(failed ? 'rt:service:failures' : 'rt:service:success', labels, events.count);
  if (exception !== undefined) counters.add('rt:service:failures', `${labels}, exception="${exception}"`, events.count);
  counters.add(
    'rt:server:requests',
    `rt="${router}", server="0.0.0.0/${router === 'incoming' ? 4141 : 4140}"`,
    events.count,
  );
  // A step that ends with a window belongs to it.
  addToWindow(process, labels, buckets, toSeconds - 0.001);
}
