import { createServer, type Server } from 'node:http';
import { closeServer, listen } from './loopback.js';

/** What a server says to a request; undefined for 404. */
export interface Said {
  readonly status?: number;
  /** JSON, unless it is text. */
  readonly body: unknown;
}

/** A request as simulated servers need it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly authorization: string | undefined;
}

/** A small server at a port that stays the same over its outages. */
export class AnsweringServer {
  readonly #server: Server;
  #port = 0;

  constructor(answer: (asked: Asked) => Said | undefined) {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://simulated');
        const { authorization } = request.headers;
        const method = request.method ?? 'GET';
        const said = answer({ method, path: url.pathname, query: url.searchParams, body, authorization });
        const isText = typeof said?.body === 'string';
        response.writeHead(said ? (said.status ?? 200) : 404, {
          'content-type': isText ? 'text/plain; version=0.0.4' : 'application/json',
        });
        response.end(said && (isText ? said.body : JSON.stringify(said.body)));
      });
    });
  }

  /** Whether it listens now. */
  get isOpen(): boolean {
    return this.#server.listening;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    this.#port = await listen(this.#server, this.#port);
  }

  async close(): Promise<void> {
    await closeServer(this.#server);
  }
}

/** A body of metrics: a line each. */
export function metricsText(values: Readonly<Record<string, number | string>>): string {
  return Object.entries(values)
    .map(([series, value]) => `${series} ${value}\n`)
    .join('');
}

/** Opens servers one after the other, so that their ports do not depend on luck. */
export async function openAll(servers: readonly AnsweringServer[]): Promise<void> {
  for (const server of servers) await server.open();
}

export async function closeAll(servers: readonly AnsweringServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
}

/** Whoever refuses everybody: with 401 who does not say who asks, with 403 whoever asks. */
export type Refuses = 401 | 403 | undefined;

/** The answer of a server that may refuse. */
export function unlessRefused(refuses: Refuses, said: () => Said | undefined): Said | undefined {
  return refuses === undefined ? said() : { status: refuses, body: 'access denied' };
}
