import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { constants, gzipSync } from 'node:zlib';
import type { StatsQuery } from './envoy-text.js';
import { answerWrongly, type Fault, spoilText } from './fault.js';
import { acceptsGzip, closeServer, listen } from './loopback.js';
import type { PlaneText } from './planes/data-plane.js';

/** One proxy's metrics over HTTP, with keep-alive and gzip, or a fault on purpose. */
export class SidecarServer {
  readonly #server: Server;
  readonly #text: (query: StatsQuery) => PlaneText | undefined;
  readonly #path: string;
  #port = 0;
  #fault: Fault | undefined;

  /** Takes what prints the metrics at the moment of a scrape, undefined once the proxy is gone, and the path of that. */
  constructor(text: (query: StatsQuery) => PlaneText | undefined, path = '/stats/prometheus') {
    this.#text = text;
    this.#path = path;
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
    if (url.pathname !== this.#path) {
      response.writeHead(404).end();
      return;
    }
    const query = statsQuery(url.searchParams);
    if (!query) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end('Invalid re2 regex');
      return;
    }
    const printed = this.#text(query);
    if (printed === undefined) response.destroy();
    else if (!this.#fault) sendText(request, response, printed);
    else if (!answerWrongly(this.#fault, response, printed.text)) {
      sendText(request, response, { ...printed, text: spoilText(this.#fault, printed.text) });
    }
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

function sendText(request: IncomingMessage, response: ServerResponse, { contentType, text }: PlaneText): void {
  const headers = { 'content-type': contentType };
  if (!acceptsGzip(request)) {
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
    return;
  }
  const zipped = gzipSync(text, { level: constants.Z_BEST_SPEED });
  response.writeHead(200, { ...headers, 'content-encoding': 'gzip', 'content-length': zipped.length }).end(zipped);
}
