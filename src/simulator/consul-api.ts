import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A registration. */
export interface Registration {
  readonly node: string;
  readonly id: string;
  readonly service: string;
  /** Empty: that of the node. */
  readonly address: string;
  readonly port: number;
  readonly meta?: Readonly<Record<string, string>>;
  readonly status?: 'passing' | 'warning' | 'critical';
  /** The service for which this is the proxy, where it is one. */
  readonly proxyOf?: string;
}

/** What a Consul may do wrong. */
export interface ConsulFaults {
  /** Answers only whoever sends this ACL token. */
  readonly token?: string;
  readonly status?: number;
  /** Nobody has a right to anything: lists are empty, and a header tells why, to a token another one than to nobody. */
  readonly hides?: 'from-token' | 'from-nobody';
  readonly isTruncated?: boolean;
}

interface Waiting {
  readonly index: number;
  readonly until: number;
  readonly answer: () => void;
}

/**
 * A Consul agent as far as catalogue and health go: blocking queries with an index that grows with every registration.
 *
 * Time is told by {@link tick}: a blocking query ends when something changes or its wait is over by that time.
 *
 * @see https://developer.hashicorp.com/consul/api-docs/features/blocking
 */
export class ConsulApi {
  faults: ConsulFaults = {};
  /** Questions for the list of services, by the index that they came with. */
  readonly asked: string[] = [];
  readonly server: Server;
  readonly #registrations = new Map<string, Registration>();
  #waiting: Waiting[] = [];
  #index = 100;
  #now = 0;

  constructor() {
    this.server = createServer((request, response) => this.#answer(request, response));
  }

  register(registration: Registration): void {
    this.#registrations.set(`${registration.node} ${registration.id}`, registration);
    this.#changed();
  }

  deregister(id: string): void {
    for (const [key, one] of this.#registrations) if (one.id === id) this.#registrations.delete(key);
    this.#changed();
  }

  /** A check says something else; that wakes nobody who waits for registrations. */
  check(id: string, status: Registration['status']): void {
    for (const [key, one] of this.#registrations) {
      if (one.id === id) this.#registrations.set(key, { ...one, ...(status && { status }) });
    }
  }

  get registrations(): readonly Registration[] {
    return [...this.#registrations.values()];
  }

  /** Whether somebody waits for a change. */
  get isAwaited(): boolean {
    return this.#waiting.length > 0;
  }

  /** A snapshot was restored: the index goes backwards. */
  goBack(): void {
    this.#index = 5;
    this.#wake(() => true);
  }

  /** It is later now, by the wall clock of whoever waits. */
  tick(now: number): void {
    this.#now = now;
    this.#wake(({ until }) => until <= now);
  }

  /** Ends waiting questions without an answer. */
  close(): void {
    this.server.closeAllConnections();
    this.#waiting = [];
  }

  #changed(): void {
    this.#index += 1;
    this.#wake(({ index }) => index < this.#index);
  }

  #wake(isOver: (one: Waiting) => boolean): void {
    const over = this.#waiting.filter(isOver);
    this.#waiting = this.#waiting.filter((one) => !over.includes(one));
    for (const { answer } of over) answer();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://consul');
    const { token, status } = this.faults;
    if (status !== undefined) {
      refuse(response, status, 'made to fail');
      return;
    }
    if (token !== undefined && request.headers['x-consul-token'] !== token) {
      const isUnknown = request.headers['x-consul-token'] !== undefined;
      refuse(response, 403, isUnknown ? 'ACL not found' : 'Permission denied: token with AccessorID lacks permission');
      return;
    }
    if (url.pathname === '/v1/catalog/services') {
      const index = url.searchParams.get('index');
      this.asked.push(index ?? '');
      if (index === null || Number(index) < this.#index) {
        this.#send(response, this.#services());
        return;
      }
      const until = this.#now + Number.parseFloat(url.searchParams.get('wait') ?? '300');
      this.#waiting.push({
        index: Number(index),
        until,
        answer: () => this.#send(response, this.#services()),
      });
      return;
    }
    const [, service] = /^\/v1\/health\/service\/([^/]+)$/.exec(url.pathname) ?? [];
    if (service === undefined) {
      refuse(response, 404, 'no such address');
      return;
    }
    this.#send(response, this.#health(decodeURIComponent(service)));
  }

  #services(): unknown {
    const names = [...new Set(this.registrations.map(({ service }) => service))].sort();
    return Object.fromEntries([['consul', []], ...names.map((name) => [name, []])]);
  }

  #health(service: string): unknown {
    return this.registrations
      .filter((one) => one.service === service)
      .map(({ node, id, address, port, meta = {}, status = 'passing', proxyOf }) => ({
        Node: { ID: node, Node: node, Address: '10.255.0.1', Datacenter: 'dc1', TaggedAddresses: {}, Meta: {} },
        Service: {
          ID: id,
          Service: service,
          Tags: [],
          Address: address,
          Meta: meta,
          Port: port,
          Weights: {},
          Kind: proxyOf === undefined ? '' : 'connect-proxy',
          ...(proxyOf !== undefined && { Proxy: { DestinationServiceName: proxyOf } }),
        },
        Checks: [
          { Node: node, CheckID: `service:${id}`, Name: 'http', Status: status, ServiceID: id, ServiceName: service },
        ],
      }));
  }

  #send(response: ServerResponse, body: unknown): void {
    const { hides } = this.faults;
    const text = JSON.stringify(hides ? (Array.isArray(body) ? [] : {}) : body);
    response.writeHead(200, {
      ...(hides && { 'x-consul-default-acl-policy': 'deny' }),
      ...(hides === 'from-token' && { 'x-consul-results-filtered-by-acls': 'true' }),
      'content-type': 'application/json',
      'x-consul-index': String(this.#index),
      'x-consul-knownleader': 'true',
      'x-consul-lastcontact': '0',
    });
    response.end(this.faults.isTruncated ? text.slice(0, text.length / 2) : text);
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(message);
}
