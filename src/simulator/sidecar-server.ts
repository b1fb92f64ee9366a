import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { constants, gzipSync } from 'node:zlib';
import type { StatsQuery } from './envoy-text.js';
import { answerWrongly, type Fault, spoilText } from './fault.js';
import { acceptsGzip, closeServer, listen } from './loopback.js';

/** One sidecar's port 15090: Envoy's statistics over HTTP, with keep-alive and gzip, or a fault on purpose. */
export class SidecarServer {
  readonly #server: Server;
  readonly #text: (query: StatsQuery) => string | undefined;
  #port = 0;
  #fault: Fault | undefined;

  /** Takes what prints the statistics at the moment of a scrape; undefined once the pod is gone. */
  constructor(text: (query: StatsQuery) => string | undefined) {
    this.#text = text;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** The port, which stays the same for the life of the pod. */
  get port(): number {
    return this.#port;
  }

  async open(): Promise<void> {
    this.#port = await listen(this.#server, this.#port);
  }

  async close(): Promise<void> {
    await closeServer(this.#server);
  }

  /** Lets it do something wrong from now on; without a fault it is well again. */
  async setFault(fault: Fault | undefined): Promise<void> {
    this.#fault = fault;
    if (fault === 'refuse') await closeServer(this.#server);
    else if (!this.#server.listening) await this.open();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://sidecar');
    if (url.pathname !== '/stats/prometheus') {
      response.writeHead(404).end();
      return;
    }
    const query = statsQuery(url.searchParams);
    if (!query) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end('Invalid re2 regex');
      return;
    }
    const text = this.#text(query);
    if (text === undefined) response.destroy();
    else if (!this.#fault) sendText(request, response, text);
    else if (!answerWrongly(this.#fault, response, text)) sendText(request, response, spoilText(this.#fault, text));
  }
}

/** Undefined when the filter is no regular expression. */
function statsQuery(parameters: URLSearchParams): StatsQuery | undefined {
  const filter = parameters.get('filter');
  try {
    return { filter: filter === null ? undefined : new RegExp(filter), usedOnly: parameters.has('usedonly') };
  } catch {
    return undefined;
  }
}

function sendText(request: IncomingMessage, response: ServerResponse, text: string): void {
  const headers = { 'content-type': 'text/plain; charset=UTF-8' };
  if (!acceptsGzip(request)) {
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
    return;
  }
  const zipped = gzipSync(text, { level: constants.Z_BEST_SPEED });
  response.writeHead(200, { ...headers, 'content-encoding': 'gzip', 'content-length': zipped.length }).end(zipped);
}
