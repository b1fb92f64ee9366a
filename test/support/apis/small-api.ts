import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface Asked {
  readonly method: string;
  /** Decoded parts of the path, without the query. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What it is answered; a text is sent as it is, anything else as JSON. */
export interface Told {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Cut the connection instead; `hang`: never answer. */
  readonly instead?: 'cut' | 'hang';
  /** Answer as it would, do what it was asked, and then lose the answer. */
  readonly loseAnswer?: boolean;
}

/** A real HTTP server on a port of its own that plays a part of an API: what it keeps, and what it refuses. */
export abstract class SmallApi {
  readonly asked: Asked[] = [];
  /** Asked before the part itself: what it tells is answered instead. */
  fault: (asked: Asked) => Told | undefined = () => undefined;
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  async listen(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Requests that were to change something. */
  get writes(): number {
    return this.asked.filter(({ method }) => method !== 'GET').length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  protected abstract answer(asked: Asked): Told;

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) body += chunk;
    const url = new URL(request.url ?? '/', 'http://small');
    const path = url.pathname.split('/').slice(1).map(decodeURIComponent);
    const asked = { method: request.method ?? '', path, query: url.searchParams, headers: request.headers, body };
    this.asked.push(asked);
    const fault = this.fault(asked);
    if (fault?.instead === 'hang') return;
    if (fault?.instead === 'cut') {
      request.socket.destroy();
      return;
    }
    if (fault?.loseAnswer) {
      this.answer(asked);
      request.socket.destroy();
      return;
    }
    const told = fault ?? this.answer(asked);
    const isText = typeof told.body === 'string';
    response.writeHead(told.status, { 'content-type': isText ? 'text/plain' : 'application/json', ...told.headers });
    response.end(told.body === undefined ? '' : isText ? told.body : JSON.stringify(told.body));
  }
}
