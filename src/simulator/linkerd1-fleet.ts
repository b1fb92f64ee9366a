import {
  AnsweringServer,
  type Asked,
  closeAll,
  metricsText,
  openAll,
  type Refuses,
  type Said,
  unlessRefused,
} from './answering-server.js';
import type { DiscoveredTarget } from './mesh-servers.js';

/** What goes wrong on purpose; Linkerds by node. */
export interface Linkerd1Faults {
  /** Linkerds that hear of no change any more. */
  readonly stale: Set<string>;
  /** A Namerd with another dtab than the first. */
  otherDtab: boolean;
  /** Linkerds whose administration does not answer. */
  readonly silent: Set<string>;
  /** Namerds know nothing of any name. */
  ignorant: boolean;
  /** What the Namerds answer everybody with. */
  refuses: Refuses;
}

const bound = '#/io.l5d.consul/dc1/cart';

/**
 * Two Namerds and a Linkerd on every node. One host of `cart` is replaced every so often, and an honest Linkerd knows within a
 * second.
 *
 * @see linkerd/linkerd namerd/iface/control-http AddrHandler.scala, linkerd/admin ClientStateHandler.scala
 */
export class Linkerd1Fleet {
  readonly faults: Linkerd1Faults = {
    stale: new Set(),
    otherDtab: false,
    silent: new Set(),
    ignorant: false,
    refuses: undefined,
  };
  readonly #nowSeconds: () => number;
  readonly #startedSeconds: number;
  readonly #changeSeconds: number;
  readonly #admins: readonly AnsweringServer[];
  readonly #controllers: readonly AnsweringServer[];
  readonly #linkerds: readonly { readonly node: string; readonly server: AnsweringServer }[];
  /** The change that each Linkerd has heard of last. */
  readonly #heard = new Map<string, number>();

  constructor(nowSeconds: () => number, nodes: readonly string[], changeSeconds = 40) {
    this.#nowSeconds = nowSeconds;
    this.#startedSeconds = nowSeconds();
    this.#changeSeconds = changeSeconds;
    const admin = ({ path }: Asked, own: Readonly<Record<string, number>> = {}): Said | undefined =>
      path === '/admin/metrics/prometheus' ? { body: this.#metrics(own) } : undefined;
    const guarded = (say: (asked: Asked) => Said | undefined) => (asked: Asked) =>
      unlessRefused(this.faults.refuses, () => say(asked));
    this.#admins = [0, 1].map(() => new AnsweringServer(guarded((asked) => admin(asked))));
    this.#controllers = [0, 1].map((index) => new AnsweringServer(guarded((asked) => this.#namerdSays(index, asked))));
    this.#linkerds = nodes.map((node) => ({
      node,
      server: new AnsweringServer((asked) => {
        if (this.faults.silent.has(node)) return { status: 503, body: '' };
        return asked.path === '/client_state.json'
          ? { body: this.#clientState(node) }
          : admin(asked, { 'rt:server:requests{rt="outgoing",server="0.0.0.0/4140"}': Math.floor(nowSeconds()) });
      }),
    }));
  }

  get addresses(): readonly string[] {
    return this.#admins.map(({ address }) => address);
  }

  get controllers(): readonly string[] {
    return this.#controllers.map(({ address }) => address);
  }

  targets(): readonly DiscoveredTarget[] {
    return this.#linkerds.map(({ node, server }) => ({
      targets: [server.address],
      labels: { pod: node, namespace: 'linkerd' },
    }));
  }

  async open(): Promise<void> {
    await openAll(this.#servers());
  }

  async close(): Promise<void> {
    await closeAll(this.#servers());
  }

  /** Takes a Namerd away, or brings it back. */
  async stop(index: number): Promise<void> {
    await Promise.all([this.#admins[index]!.close(), this.#controllers[index]!.close()]);
  }

  async restart(index: number): Promise<void> {
    await Promise.all([this.#admins[index]!.open(), this.#controllers[index]!.open()]);
  }

  #servers(): readonly AnsweringServer[] {
    return [...this.#admins, ...this.#controllers, ...this.#linkerds.map(({ server }) => server)];
  }

  get #change(): number {
    return Math.floor(this.#nowSeconds() / this.#changeSeconds);
  }

  /** Heap fills until it is collected, every two minutes. */
  #metrics(own: Readonly<Record<string, number>>): string {
    const nowSeconds = this.#nowSeconds();
    const filling = (nowSeconds % 120) / 120;
    return metricsText({
      'jvm:heap:used': Math.round((150 + 200 * filling) * 1e6),
      'jvm:heap:max': 1_000_000_000,
      'jvm:uptime': Math.round((nowSeconds - this.#startedSeconds) * 1000) + 3_600_000,
      ...own,
    });
  }

  #namerdSays(index: number, { path, query }: Asked): Said | undefined {
    const isOther = index === 1 && this.faults.otherDtab;
    if (path === '/api/1/dtabs/default') {
      return { body: [{ prefix: '/svc', dst: isOther ? '/#/io.l5d.fs' : '/#/io.l5d.consul/dc1' }] };
    }
    if (path !== '/api/1/addr/default' || this.faults.ignorant) return undefined;
    if (query.get('path') !== `/${bound}`) return { body: { type: 'neg' } };
    return {
      body: { type: 'bound', addrs: hostsAt(this.#change).map((ip) => ({ ip, port: 8080, meta: {} })), meta: {} },
    };
  }

  #clientState(node: string): object {
    const isDue = this.#nowSeconds() % this.#changeSeconds >= 1;
    const before = this.#heard.get(node) ?? this.#change;
    const heard = isDue && !this.faults.stale.has(node) ? this.#change : before;
    this.#heard.set(node, heard);
    return {
      [bound]: hostsAt(heard).toReversed(),
      // Its own ways to Namerd and to its telemetry: nothing that Namerd has bound.
      '/$/inet/namerd/4100': ['10.9.9.9'],
      '%/io.l5d.port/4140/#/io.l5d.consul/dc1/web': ['10.0.1.1'],
    };
  }
}

function hostsAt(change: number): readonly string[] {
  return ['10.0.0.1', '10.0.0.2', `10.0.1.${change % 250}`];
}
