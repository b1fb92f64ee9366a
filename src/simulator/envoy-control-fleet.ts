import {
  AnsweringServer,
  type Asked,
  closeAll,
  openAll,
  type Refuses,
  type Said,
  unlessRefused,
} from './answering-server.js';
import { instanceSays } from './envoy-control-instance.js';
import type { DiscoveredTarget } from './mesh-servers.js';
import { type NamedPod, PodServers } from './pod-servers.js';
import { envoyServerInfo, envoyStatistics, versionsAt, type XdsVersions } from './simulated-envoy.js';

/** An Envoy that envoy-control steers. */
interface SteeredEnvoy extends NamedPod {
  readonly number: number;
  readonly server: AnsweringServer;
  /** Of the change of configuration that it has taken last, as the instance made it to which it was connected then. */
  taken: XdsVersions;
  rejected: number;
  /** How often it has taken something. */
  successes: number;
}

/** What goes wrong on purpose; Envoys by pod, instances by number. */
export interface EnvoyControlFaults {
  /** Envoys that take nothing any more. */
  readonly stale: Set<string>;
  readonly refusing: Set<string>;
  readonly warming: Set<string>;
  /** Versions of Envoy, where they are not the usual one. */
  readonly versions: Map<string, string>;
  readonly restarted: Set<string>;
  readonly daysLeft: Map<string, number>;
  /** Envoys whose administration does not answer. */
  readonly silent: Set<string>;
  /** Instances that have lost the last endpoint of every service. */
  readonly forgetful: Set<number>;
  /** Envoys that have lost their way to any instance. */
  readonly lost: Set<string>;
  /** Since when one snapshot in ten seconds cannot be made. */
  failingSince: number | undefined;
  /** Instances that have no snapshot for any Envoy. */
  readonly empty: Set<number>;
  /** What the instances answer everybody with. */
  refuses: Refuses;
  /** Envoys do not say as which node they ask. */
  nameless: boolean;
  /** Envoys are sent only what has changed, and do not take new versions of what has not. */
  deltas: boolean;
}

/**
 * Instances of envoy-control and their Envoys over real HTTP. Somebody changes something every so often; an honest Envoy takes
 * it within a second. Each instance makes up its own versions, and an Envoy has those of the instance that it is connected to.
 *
 * @see allegro/envoy-control envoy-control-runner snapshot/debug/SnapshotDebugController.kt
 */
export class EnvoyControlFleet {
  readonly faults: EnvoyControlFaults = {
    stale: new Set(),
    refusing: new Set(),
    warming: new Set(),
    versions: new Map(),
    restarted: new Set(),
    daysLeft: new Map(),
    silent: new Set(),
    forgetful: new Set(),
    lost: new Set(),
    failingSince: undefined,
    empty: new Set(),
    refuses: undefined,
    nameless: false,
    deltas: false,
  };
  readonly #nowSeconds: () => number;
  readonly #changeSeconds: number;
  readonly #instances: readonly AnsweringServer[];
  readonly #living = new Set([0, 1]);
  readonly #envoys: PodServers<SteeredEnvoy>;

  constructor(
    nowSeconds: () => number,
    { changeSeconds = 40, pods }: { changeSeconds?: number; pods: readonly NamedPod[] },
  ) {
    this.#nowSeconds = nowSeconds;
    this.#changeSeconds = changeSeconds;
    this.#instances = [0, 1].map((index) => new AnsweringServer((asked) => this.#instanceSays(index, asked)));
    this.#envoys = new PodServers(pods, (pod, number) => {
      const server = new AnsweringServer(({ path }) => this.#envoySays(envoy, path));
      const taken = versionsAt(this.#instanceOf(number), this.#change);
      const envoy: SteeredEnvoy = { ...pod, number, server, taken, rejected: 0, successes: 1 };
      return envoy;
    });
  }

  get addresses(): readonly string[] {
    return this.#instances.map(({ address }) => address);
  }

  /** The administration of the Envoys, as service discovery lists it. */
  targets(): readonly DiscoveredTarget[] {
    return this.#envoys.targets();
  }

  /** Pods have come or gone. */
  async follow(pods: readonly NamedPod[]): Promise<void> {
    await this.#envoys.follow(pods);
  }

  async open(): Promise<void> {
    await openAll(this.#instances);
    await this.#envoys.open();
  }

  async close(): Promise<void> {
    await Promise.all([closeAll(this.#instances), this.#envoys.close()]);
  }

  /** Takes an instance away; its Envoys go to the other one. */
  async stop(index: number): Promise<void> {
    this.#living.delete(index);
    await this.#instances[index]!.close();
  }

  async restart(index: number): Promise<void> {
    await this.#instances[index]!.open();
    this.#living.add(index);
  }

  get #change(): number {
    return Math.floor(this.#nowSeconds() / this.#changeSeconds);
  }

  get #failures(): number {
    const { failingSince } = this.faults;
    return failingSince === undefined ? 0 : Math.floor((this.#nowSeconds() - failingSince) / 10);
  }

  #instanceSays(index: number, asked: Asked): Said | undefined {
    const { forgetful, empty, refuses, deltas } = this.faults;
    return unlessRefused(refuses, () =>
      instanceSays(asked, {
        index,
        change: this.#change,
        failures: this.#failures,
        envoys: this.#envoys.all.filter(({ number }) => this.#instanceOf(number) === index).length,
        ...{ isForgetful: forgetful.has(index), isEmpty: empty.has(index), hasDeltas: deltas },
      }),
    );
  }

  #envoySays(envoy: SteeredEnvoy, path: string): Said | undefined {
    const { name: pod } = envoy;
    const { faults } = this;
    if (faults.silent.has(pod)) return { status: 503, body: 'no healthy upstream' };
    if (path === '/server_info') {
      const info = envoyServerInfo(pod, this.#versionOf(pod));
      return { body: faults.nameless ? { ...info, node: undefined } : info };
    }
    if (path !== '/stats/prometheus') return undefined;
    const sent = versionsAt(this.#instanceOf(envoy.number), this.#change);
    const isDue = sent.endpoints !== envoy.taken.endpoints && this.#nowSeconds() % this.#changeSeconds >= 1;
    if (isDue && faults.refusing.has(pod)) envoy.rejected += 1;
    else if (isDue && !faults.stale.has(pod)) {
      envoy.taken = sent;
      envoy.successes += 1;
    }
    return {
      body: envoyStatistics(faults.deltas ? { ...envoy.taken, routes: versionsAt(9, 0).routes } : envoy.taken, {
        rejected: envoy.rejected,
        successes: envoy.successes,
        warming: faults.warming.has(pod) ? 1 : 0,
        restarts: faults.restarted.has(pod) ? 2 : 0,
        daysLeft: faults.daysLeft.get(pod) ?? 80,
        isConnected: !faults.lost.has(pod),
      }),
    };
  }

  /** Undefined for the usual one; nobody restarts newer ones in place. */
  #versionOf(pod: string): string | undefined {
    return this.faults.versions.get(pod) ?? (this.faults.restarted.has(pod) ? '1.13.1' : undefined);
  }

  /** The instance to which an Envoy is connected. */
  #instanceOf(number: number): number {
    const living = [...this.#living].sort();
    return living[number % living.length] ?? 0;
  }
}
