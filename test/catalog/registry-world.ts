import { Catalog } from '../../src/catalog/catalog.js';
import type { ConsulPlace } from '../../src/catalog/consul/consul-place.js';
import type { KubernetesPlace } from '../../src/catalog/kubernetes/kubernetes-place.js';
import { registrySource } from '../../src/catalog/registry/registry-source.js';
import type { FindingSource, Look } from '../../src/domain/finding-source.js';
import { ConsulApi, type Registration } from '../../src/simulator/consul-api.js';
import { KubernetesApi } from '../../src/simulator/kubernetes-api.js';
import { consulPlace, HandClock, kubernetesPlace, listen, pod, service, until } from './support.js';

const pods = '/api/v1/pods';

/** A living pod of the world. */
interface WorldPod {
  readonly name: string;
  readonly app: string;
  readonly address: string;
}

/**
 * A cluster whose pods register themselves in Consul, over real HTTP, and meshslo's places that follow both. Time is moved by
 * {@link step}, which ends when both places have read everything.
 */
export class RegistryWorld {
  readonly clock = new HandClock();
  readonly kubernetes = new KubernetesApi();
  readonly consul = new ConsulApi();
  readonly catalog = new Catalog();
  readonly #pods = new Map<string, WorldPod>();
  #kubernetesPlace!: KubernetesPlace;
  #consulPlace!: ConsulPlace;
  #source!: FindingSource;
  #count = 0;

  static async start(apps: Readonly<Record<string, number>>): Promise<RegistryWorld> {
    const world = new RegistryWorld();
    const clusterUrl = await listen(world.kubernetes.server);
    const consulUrl = await listen(world.consul.server);
    for (const [app, replicas] of Object.entries(apps)) {
      world.kubernetes.put('/api/v1/services', service(app, { labels: { owner: `team-${app}` } }));
      for (let number = 0; number < replicas; number += 1) world.startPod(app);
    }
    world.#kubernetesPlace = kubernetesPlace(clusterUrl, world.clock);
    world.#consulPlace = consulPlace(consulUrl, world.clock);
    world.#source = registrySource({
      place: world.#consulPlace,
      catalog: world.catalog,
      clock: world.clock,
      known: () => [],
    });
    world.consul.tick(world.clock.time);
    await world.catalog.follow([world.#kubernetesPlace, world.#consulPlace]);
    await world.#settled();
    return world;
  }

  get place(): ConsulPlace {
    return this.#consulPlace;
  }

  /** The living pods, oldest first. */
  get pods(): readonly WorldPod[] {
    return [...this.#pods.values()];
  }

  /** A pod comes and registers itself. */
  startPod(app: string, address = this.#nextAddress()): WorldPod {
    this.#count += 1;
    const name = `${app}-abc-${String(this.#count).padStart(5, '0')}`;
    const started = { name, app, address };
    this.#pods.set(name, started);
    this.kubernetes.put(pods, pod(name, { app, address, sidecar: 'container' }));
    this.consul.register(registration(started));
    return started;
  }

  /** A pod goes; by default it deregisters itself. */
  stopPod({ name }: WorldPod, deregisters = true): void {
    this.#pods.delete(name);
    this.kubernetes.remove(pods, 'shop', name);
    if (deregisters) this.consul.deregister(name);
  }

  /** Some seconds later: both have been read, and the registry is looked at. */
  async step(seconds = 15): Promise<Look> {
    await until(() => this.consul.isAwaited, 'somebody waits for the registry');
    this.clock.time += seconds;
    this.consul.tick(this.clock.time);
    await this.#settled();
    return this.#source.look(new AbortController().signal);
  }

  async stop(): Promise<void> {
    this.consul.close();
    await this.catalog.stop();
    this.kubernetes.server.closeAllConnections();
    this.kubernetes.server.close();
    this.consul.server.close();
  }

  #nextAddress(): string {
    return `10.1.${Math.floor(this.#count / 250)}.${(this.#count % 250) + 1}`;
  }

  async #settled(): Promise<void> {
    const addresses = () => (this.catalog.livePods('eu') ?? []).map(({ name }) => name).sort();
    await until(() => JSON.stringify(addresses()) === JSON.stringify([...this.#pods.keys()].sort()), 'pods are known');
    await until(() => this.#consulPlace.reading?.at === this.clock.time, 'the registry was read');
    const registered = () => this.consul.registrations.map(({ id, status = 'passing' }) => `${id} ${status}`).sort();
    const read = () =>
      this.#consulPlace
        .reading!.instances.map(({ id, isPassing }) => `${id} ${isPassing ? 'passing' : 'critical'}`)
        .sort();
    await until(() => JSON.stringify(read()) === JSON.stringify(registered()), 'all registrations were read');
  }
}

/** As a pod registers itself. */
export function registration({ name, app, address }: WorldPod): Registration {
  return { node: 'k8s-node', id: name, service: app, address, port: 8080 };
}
