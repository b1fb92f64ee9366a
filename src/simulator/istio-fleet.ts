import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Istiod } from './istiod.js';
import { closeServer, listen } from './loopback.js';
import type { Mesh, Pod } from './mesh.js';
import { SidecarSync } from './sidecar-sync.js';

interface Instance {
  readonly istiod: Istiod;
  readonly server: Server;
  port: number;
}

/** How instances of a fleet are served. */
export interface IstioFleetOptions {
  readonly instances: number;
  /** Brings the mesh up to the moment of a request; where time stands still there is nothing to do. */
  readonly beforeAnswer?: () => void;
  /** How often somebody changes the configuration; a quarter of an hour when left out. */
  readonly changeSeconds?: number;
  /** Clock of the machine they run on, for the header `Date`; that of the mesh when left out. */
  readonly dateSeconds?: () => number;
}

/** The instances of an Istio control plane over real HTTP, each with its share of the proxies. */
export class IstioFleet {
  readonly sync: SidecarSync;
  readonly #mesh: Mesh;
  readonly #options: IstioFleetOptions;
  readonly #instances: readonly Instance[];
  /** Who may ask for `/debug`: everybody, those with this token, or nobody. */
  #token: string | undefined;
  #isForbidden = false;
  /** Number of instances that have no debugging interface. */
  readonly withoutDebug = new Set<number>();

  constructor(mesh: Mesh, options: IstioFleetOptions) {
    this.#mesh = mesh;
    this.#options = options;
    this.sync = new SidecarSync(mesh, options.changeSeconds);
    this.#instances = Array.from({ length: options.instances }, (_, index) => {
      const istiod = new Istiod(mesh, { sync: this.sync, connected: () => this.#connectedTo(index) });
      return { istiod, server: createServer((request, response) => this.#answer(index, request, response)), port: 0 };
    });
  }

  /** The instances themselves, for what is wrong with one of them. */
  get istiods(): readonly Istiod[] {
    return this.#instances.map(({ istiod }) => istiod);
  }

  /** `127.0.0.1:port` of every instance, of those that are down too. */
  get addresses(): readonly string[] {
    return this.#instances.map(({ port }) => `127.0.0.1:${port}`);
  }

  async open(): Promise<void> {
    for (const instance of this.#instances) instance.port = await listen(instance.server, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#instances.map(({ server }) => closeServer(server)));
  }

  /** Takes an instance away; its proxies go to the others. */
  async stop(index: number): Promise<void> {
    await closeServer(this.#instances[index]!.server);
  }

  /** Brings it back, at the same address. */
  async restart(index: number): Promise<void> {
    const { server, port } = this.#instances[index]!;
    await listen(server, port);
  }

  /** From now on `/debug` asks for a token, as since 1.29; undefined asks for nothing. */
  askForToken(token: string | undefined): void {
    this.#token = token;
  }

  /** Whether the token's namespace has no right to `/debug/syncz`. */
  forbid(isForbidden: boolean): void {
    this.#isForbidden = isForbidden;
  }

  /** Names the release of single proxies, whoever they are connected to. */
  setVersion(pod: string, version: string | undefined): void {
    for (const { istiod } of this.#instances) {
      if (version === undefined) istiod.faults.versions.delete(pod);
      else istiod.faults.versions.set(pod, version);
    }
  }

  #connectedTo(index: number): readonly Pod[] {
    const living = [...this.#instances.keys()].filter((one) => this.#instances[one]!.server.listening);
    const place = living.indexOf(index);
    return this.#mesh.pods.filter(({ name }) => numberOf(name) % living.length === place);
  }

  #answer(index: number, request: IncomingMessage, response: ServerResponse): void {
    this.#options.beforeAnswer?.();
    const dateSeconds = this.#options.dateSeconds?.() ?? this.#mesh.nowSeconds;
    response.setHeader('date', new Date(dateSeconds * 1000).toUTCString());
    const { istiod } = this.#instances[index]!;
    const path = new URL(request.url ?? '/', 'http://istiod').pathname;
    if (path === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores' });
      response.end(istiod.metrics());
      return;
    }
    if (path !== '/debug/syncz' || this.withoutDebug.has(index)) {
      response.writeHead(404).end();
      return;
    }
    const status = this.#statusFor(request);
    response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'text/plain' });
    response.end(status === 200 ? JSON.stringify(istiod.syncz()) : 'not allowed');
  }

  #statusFor({ headers }: IncomingMessage): number {
    if (this.#token !== undefined && headers.authorization !== `Bearer ${this.#token}`) return 401;
    return this.#isForbidden ? 403 : 200;
  }
}

/** The same for the same name, and any number else. */
function numberOf(name: string): number {
  let number = 0;
  for (const character of name) number = (number * 31 + character.codePointAt(0)!) % 1_000_003;
  return number;
}
