import { createReadStream, existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import type { AlertView } from '../../src/server/api-types/alert.js';
import type { ControlPlaneList } from '../../src/server/api-types/control-plane.js';
import type { FindingList, FindingView, LookView } from '../../src/server/api-types/finding.js';
import type { MigrationList } from '../../src/server/api-types/migration.js';
import type { ReportList, ReportView } from '../../src/server/api-types/report.js';
import type { ServiceDetail } from '../../src/server/api-types/service-detail.js';
import type { ServiceView } from '../../src/server/api-types/service.js';
import type { WatcherView } from '../../src/server/api-types/watcher.js';
import { burningDetail, noon, watcher } from './made-up-world.js';

/** As strict as the real server's, which a test of its own looks at. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The API as the page sees it, saying what it was told to say; with the built page beside it. */
export class MadeUpApi {
  services: readonly ServiceView[] = [];
  active: readonly AlertView[] = [];
  ended: readonly AlertView[] = [];
  findings: readonly FindingView[] = [];
  looks: readonly LookView[] = [];
  migration: MigrationList = { services: [], places: [] };
  controlPlanes: ControlPlaneList = { controlPlanes: [], configured: 0, registries: [] };
  reportList: ReportList = { reports: [], nextCursor: null, timeZone: 'UTC', weeks: [], teams: [] };
  reports: readonly ReportView[] = [];
  watcher: WatcherView = watcher();
  detail: (from?: number, to?: number) => ServiceDetail | undefined = burningDetail;
  /** Status with which everything of the API is answered instead. */
  failing: number | undefined;
  /** What was asked to be changed, in order. */
  readonly changes: string[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #streams = new Set<ServerResponse>();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Tells every page that there is something new. */
  announce(): void {
    for (const stream of this.#streams) stream.write('event: slot\ndata: {}\n\n');
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://page');
    response.setHeader('Content-Security-Policy', policy);
    if (!url.pathname.startsWith('/api/v1/')) {
      this.#sendFile(url.pathname, response);
      return;
    }
    const path = url.pathname.slice('/api/v1/'.length);
    if (this.failing !== undefined) send(response, this.failing, { detail: `made to fail with ${this.failing}` });
    else if (path === 'events') this.#stream(response);
    else if (request.method === 'GET') this.#read(path, url.searchParams, response);
    else this.#change(request.method!, path, await bodyOf(request), response);
  }

  #read(path: string, asked: URLSearchParams, response: ServerResponse): void {
    const found = this.#find(path, asked);
    if (found === undefined) send(response, 404, { detail: 'there is nothing of this name' });
    else send(response, 200, found);
  }

  #find(path: string, asked: URLSearchParams): unknown {
    if (path === 'services') {
      return { atSeconds: noon, trafficFromSeconds: noon - 10_800, trafficStepSeconds: 300, services: this.services };
    }
    if (path === 'status') return this.watcher;
    if (path === 'alerts')
      return { alerts: asked.get('state') === 'active' ? this.active : this.ended, nextCursor: null };
    if (path === 'migration') return this.migration;
    if (path === 'reports') return this.reportList;
    if (path.startsWith('reports/')) return this.reports.find(({ id }) => path === `reports/${id}`);
    if (path === 'control-planes') return this.controlPlanes;
    if (path === 'findings') return this.#findings(asked);
    if (path.startsWith('findings/')) return this.findings.find(({ id }) => path === `findings/${id}`);
    if (path === 'service') {
      const [from, to] = ['from', 'to'].map((name) => (asked.has(name) ? Number(asked.get(name)) : undefined));
      return this.detail(from, to);
    }
    return [...this.active, ...this.ended].find(({ id }) => path === `alerts/${id}`);
  }

  #findings(asked: URLSearchParams): FindingList {
    const [kind, owner] = [asked.get('kind'), asked.get('owner')];
    const findings = this.findings.filter(
      (one) => (kind === null || one.kind === kind) && (owner === null || (one.owner ?? '') === owner),
    );
    return { findings, total: findings.length, looks: this.looks };
  }

  #change(method: string, path: string, body: string, response: ServerResponse): void {
    this.changes.push(`${method} ${path} ${body}`);
    const [, id, mark] = path.split('/');
    const field = mark === 'noise' ? 'noise' : 'acknowledged';
    const note = (JSON.parse(body || '{}') as { note?: string }).note ?? '';
    const set = method === 'POST' ? { by: 'ada', atSeconds: noon, note } : null;
    this.active = this.active.map((alert) => (alert.id === id ? { ...alert, [field]: set } : alert));
    send(
      response,
      200,
      this.active.find((alert) => alert.id === id),
    );
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('retry: 200\n\n');
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }

  #sendFile(pathname: string, response: ServerResponse): void {
    const file = join(
      this.#folder,
      extname(pathname) && existsSync(join(this.#folder, pathname)) ? pathname : 'index.html',
    );
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
