import { AnsweringServer, closeAll, openAll } from './answering-server.js';
import type { ConsulApi } from './consul-api.js';

/**
 * The administration of Envoys whose clusters are the services of a Consul: they learn of every change with the next
 * {@link learn}, unless they are told of none.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/admin/v3/clusters.proto
 */
export class RegistryEnvoys {
  /** Whether they hear of no change any more. */
  isCutOff = false;
  readonly #consul: Pick<ConsulApi, 'registrations'>;
  readonly #servers: readonly AnsweringServer[];
  #clusters: unknown = { cluster_statuses: [] };

  constructor(consul: Pick<ConsulApi, 'registrations'>, count = 2) {
    this.#consul = consul;
    this.#servers = Array.from(
      { length: count },
      () => new AnsweringServer(({ path }) => (path === '/clusters' ? { body: this.#clusters } : undefined)),
    );
  }

  get addresses(): readonly string[] {
    return this.#servers.map(({ address }) => address);
  }

  async open(): Promise<void> {
    await openAll(this.#servers);
  }

  async close(): Promise<void> {
    await closeAll(this.#servers);
  }

  /** They hear of what the registry holds now. */
  learn(): void {
    if (this.isCutOff) return;
    const { registrations } = this.#consul;
    const names = [...new Set(registrations.map(({ service }) => service))];
    const passing = registrations.filter(({ status = 'passing' }) => status !== 'critical');
    this.#clusters = {
      cluster_statuses: names.map((name) => ({
        name,
        host_statuses: passing
          .filter(({ service }) => service === name)
          .map(({ address, port }) => ({ address: { socket_address: { address, port_value: port } } })),
      })),
    };
  }
}
