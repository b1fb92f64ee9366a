import { AnsweringServer, type Asked, closeAll, metricsText, openAll, type Said } from './answering-server.js';

/** What goes wrong on purpose. */
export interface ConsulServerFaults {
  rootSecondsLeft: number;
  agentSecondsLeft: number;
  /** Servers that name another leader than the others. */
  readonly astray: Set<number>;
  leaderless: boolean;
  /** The token that `/v1/agent/metrics` asks for. */
  token: string | undefined;
  /** Since when one deregistration in ten seconds is not allowed. */
  blockingSince: number | undefined;
}

/** Another server leads after so long, and an election takes so long. */
const termSeconds = 600;
const electionSeconds = 5;

/** Servers of a Consul data centre, as far as their state and their metrics go. */
export class ConsulServers {
  readonly faults: ConsulServerFaults = {
    rootSecondsLeft: 10 * 365 * 86_400,
    agentSecondsLeft: 300 * 86_400,
    astray: new Set(),
    leaderless: false,
    token: undefined,
    blockingSince: undefined,
  };
  readonly #nowSeconds: () => number;
  readonly #servers: readonly AnsweringServer[];
  readonly #living: Set<number>;

  constructor(nowSeconds: () => number, count = 3) {
    this.#nowSeconds = nowSeconds;
    this.#living = new Set(Array.from({ length: count }, (_, index) => index));
    this.#servers = Array.from(
      { length: count },
      (_, index) => new AnsweringServer((asked) => this.#says(index, asked)),
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

  /** Takes a server away; the others choose another leader at once. */
  async stop(index: number): Promise<void> {
    this.#living.delete(index);
    await this.#servers[index]!.close();
  }

  async restart(index: number): Promise<void> {
    await this.#servers[index]!.open();
    this.#living.add(index);
  }

  /** Who leads; undefined while nobody does. */
  get #leader(): number | undefined {
    const now = this.#nowSeconds();
    if (this.faults.leaderless || now % termSeconds < electionSeconds) return undefined;
    const living = [...this.#living].sort();
    return living[Math.floor(now / termSeconds) % living.length];
  }

  #says(index: number, { path, authorization }: Asked): Said | undefined {
    const { rootSecondsLeft, agentSecondsLeft, astray, token } = this.faults;
    const leader = this.#leader;
    if (path === '/v1/status/leader') {
      const named = astray.has(index) ? 9 : leader;
      return { body: JSON.stringify(named === undefined ? '' : `10.0.0.${named}:8300`) };
    }
    if (path !== '/v1/agent/metrics') return undefined;
    if (token !== undefined && authorization !== `Bearer ${token}`) return { status: 403, body: 'Permission denied' };
    return {
      body: metricsText({
        // Only the leader can tell.
        consul_autopilot_healthy: index === leader ? 1 : 'NaN',
        consul_mesh_active_root_ca_expiry: index === leader ? rootSecondsLeft : 'NaN',
        consul_mesh_active_signing_ca_expiry: index === leader ? 70 * 86_400 : 'NaN',
        consul_agent_tls_cert_expiry: agentSecondsLeft,
        consul_xds_server_streams: 12,
        consul_runtime_alloc_bytes: 80_000_000,
        consul_runtime_num_goroutines: 240 + index * 10,
        consul_rpc_queries_blocking: 31,
        consul_state_services: 14,
        consul_state_service_instances: 38,
        consul_client_rpc: this.#grown(20),
        consul_client_rpc_failed: this.#grown(0.01),
        consul_client_rpc_exceeded: 0,
        ...summary('consul_raft_commitTime', this.#grown(2), 4),
        ...summary('consul_catalog_register', this.#grown(0.1), 3),
        ...summary('consul_catalog_deregister', this.#grown(0.1), 3),
        ...summary('consul_xds_server_streamStart', this.#grown(0.05), 40),
        ...(this.#blocked > 0 && { consul_acl_blocked_service_deregistration: this.#blocked }),
      }),
    };
  }

  /** A counter that grows evenly. */
  #grown(perSecond: number): number {
    return Math.floor(this.#nowSeconds() * perSecond);
  }

  get #blocked(): number {
    const { blockingSince } = this.faults;
    return blockingSince === undefined ? 0 : Math.floor((this.#nowSeconds() - blockingSince) / 10);
  }
}

/** A timer as Consul prints it, of which each took the same. */
function summary(name: string, count: number, milliseconds: number): Readonly<Record<string, number>> {
  return {
    [`${name}{quantile="0.5"}`]: milliseconds,
    [`${name}{quantile="0.99"}`]: milliseconds,
    [`${name}_sum`]: count * milliseconds,
    [`${name}_count`]: count,
  };
}
