import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A component as Backstage keeps it. @see https://backstage.io/docs/features/software-catalog/descriptor-format#kind-component */
export interface BackstageComponent {
  readonly apiVersion: 'backstage.io/v1alpha1';
  readonly kind: 'Component';
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: { readonly type: string; readonly owner: string; readonly system?: string };
}

/** What a Backstage may do wrong. */
export interface BackstageFaults {
  /** Answers only whoever sends this token. */
  readonly token?: string;
  /** Answers everything with this status. */
  readonly status?: number;
}

/** A Backstage as far as components are asked for, page by page. */
export class BackstageApi {
  faults: BackstageFaults = {};
  /** What was asked: path, filter and cursor. */
  readonly asked: string[] = [];
  /** Components of a page at most, whatever was asked for. */
  mostPerPage = Infinity;
  readonly server: Server;
  readonly #components = new Map<string, BackstageComponent>();

  constructor() {
    this.server = createServer((request, response) => this.#answer(request, response));
  }

  /** Makes or changes a component. */
  put(component: BackstageComponent): void {
    this.#components.set(component.metadata.name, component);
  }

  /** @see https://backstage.io/docs/features/software-catalog/software-catalog-api#get-entitiesby-query */
  #answer({ url = '/', headers }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, 'http://backstage');
    const cursor = searchParams.get('cursor') ?? '';
    this.asked.push(`${pathname} ${searchParams.get('filter') ?? ''} ${cursor}`.trim());
    const { token, status } = this.faults;
    const isRefused = token !== undefined && headers.authorization !== `Bearer ${token}`;
    const isKnown = pathname === '/api/catalog/entities/by-query';
    const code = status ?? (isRefused ? 401 : isKnown ? 200 : 404);
    if (code !== 200) {
      response.writeHead(code, { 'content-type': 'application/json' }).end('{"error":{}}');
      return;
    }
    const from = Number(cursor.replace('from-', '')) || 0;
    const to = from + Math.min(this.mostPerPage, Number(searchParams.get('limit') ?? 20));
    const all = [...this.#components.values()];
    const pageInfo = to < all.length ? { nextCursor: `from-${to}` } : {};
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ items: all.slice(from, to), totalItems: all.length, pageInfo }));
  }
}
