import { type AnsweringServer, closeAll, openAll } from './answering-server.js';
import type { DiscoveredTarget } from './mesh-servers.js';

/** A pod, as far as a control plane knows it. */
export interface NamedPod {
  readonly name: string;
  readonly namespace: string;
}

/** What has a server of its own for as long as its pod lives. */
interface Served extends NamedPod {
  readonly server: AnsweringServer;
}

/** Proxies of pods, each behind a server of its own: they come and go with their pods. */
export class PodServers<T extends Served> {
  readonly #make: (pod: NamedPod, number: number) => T;
  readonly #served = new Map<string, T>();
  #made = 0;

  /** @param make what stands for a pod; numbers are never given twice */
  constructor(pods: readonly NamedPod[], make: (pod: NamedPod, number: number) => T) {
    this.#make = make;
    for (const pod of pods) this.#add(pod);
  }

  get all(): readonly T[] {
    return [...this.#served.values()];
  }

  /** Those that answer, as service discovery lists them. */
  targets(): readonly DiscoveredTarget[] {
    return this.all
      .filter(({ server }) => server.isOpen)
      .map(({ name: pod, namespace, server }) => ({ targets: [server.address], labels: { pod, namespace } }));
  }

  async open(): Promise<void> {
    await openAll(this.all.map(({ server }) => server));
  }

  async close(): Promise<void> {
    await closeAll(this.all.map(({ server }) => server));
  }

  /** Makes proxies and pods agree. */
  async follow(pods: readonly NamedPod[]): Promise<void> {
    const living = new Set(pods.map(({ name }) => name));
    const gone = this.all.filter(({ name }) => !living.has(name));
    for (const { name } of gone) this.#served.delete(name);
    const born = pods.filter(({ name }) => !this.#served.has(name)).map((pod) => this.#add(pod));
    await Promise.all(
      [...gone, ...born].map(({ name, server }) => (living.has(name) ? server.open() : server.close())),
    );
  }

  #add(pod: NamedPod): T {
    const served = this.#make(pod, this.#made);
    this.#made += 1;
    this.#served.set(pod.name, served);
    return served;
  }
}
