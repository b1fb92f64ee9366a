import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** An object as Kubernetes writes it, as far as anybody here looks. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly controller: boolean;
    }[];
  };
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** `/api/v1/pods`, ... */
export type ResourcePath = string;

interface Change {
  readonly version: number;
  readonly path: ResourcePath;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubernetesObject;
}

interface Watcher {
  readonly path: ResourcePath;
  readonly response: ServerResponse;
}

/** What an API server may do wrong. */
export interface KubernetesFaults {
  /** Answers only whoever sends this token. */
  readonly token?: string;
  /** Answers everything with this status. */
  readonly status?: number;
  /** Lets nobody see these resources. */
  readonly forbids?: readonly ResourcePath[];
  /** Sends half of a JSON body. */
  readonly isTruncated?: boolean;
  /** Has forgotten every page but the first before anybody asks for it. */
  readonly forgetsPages?: boolean;
}

/**
 * An API server as far as list and watch go: versions, pages that stay what they were, changes as they come, bookmarks, and 410
 * for versions that it has forgotten.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
export class KubernetesApi {
  faults: KubernetesFaults = {};
  /** Lists that were asked for from their beginning. */
  lists = 0;
  /** Objects of a page at most, whatever was asked for. */
  mostPerPage = Infinity;
  readonly server: Server;
  readonly #resources = new Map<ResourcePath, Map<string, KubernetesObject & { readonly version: number }>>();
  readonly #watchers = new Set<Watcher>();
  readonly #pages = new Map<string, { readonly version: number; readonly rest: readonly KubernetesObject[] }>();
  #changes: Change[] = [];
  #version = 1000;
  #forgotten = 1000;

  /** @param resources that there are; everything else is not found */
  constructor(resources: readonly ResourcePath[] = ['/api/v1/pods', '/api/v1/services', '/api/v1/namespaces']) {
    for (const path of resources) this.#resources.set(path, new Map());
    this.server = createServer((request, response) => this.#answer(request, response));
  }

  /** Makes or changes an object. */
  put(path: ResourcePath, object: KubernetesObject): void {
    const objects = this.#resources.get(path)!;
    const key = keyOf(object);
    const type = objects.has(key) ? 'MODIFIED' : 'ADDED';
    this.#version += 1;
    objects.set(key, { ...object, version: this.#version });
    this.#tell({ version: this.#version, path, type, object });
  }

  remove(path: ResourcePath, namespace: string, name: string): void {
    const objects = this.#resources.get(path)!;
    const key = `${namespace}/${name}`;
    const object = objects.get(key);
    if (!object) return;
    objects.delete(key);
    this.#version += 1;
    this.#tell({ version: this.#version, path, type: 'DELETED', object });
  }

  /** Keys of what there is. */
  keys(path: ResourcePath): readonly string[] {
    return [...this.#resources.get(path)!.keys()];
  }

  /** Tells every watcher up to which version it has seen everything. */
  bookmark(): void {
    for (const { response } of this.#watchers) {
      const metadata = { resourceVersion: String(this.#version) };
      response.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`);
    }
  }

  /** Forgets what has changed: whoever was away begins anew. */
  forget(): void {
    this.#version += 1;
    this.#forgotten = this.#version;
    this.#changes = [];
    this.#pages.clear();
  }

  /** Tells watchers, in the middle of their watch, that it has forgotten what they have not been told yet. */
  expireWatches(): void {
    this.forget();
    for (const { response } of this.#watchers) response.end(`${JSON.stringify(expired(this.#version))}\n`);
    this.#watchers.clear();
  }

  /** Ends all watches as a server does that is restarted. */
  dropWatches(): void {
    for (const { response } of this.#watchers) response.destroy();
  }

  #tell(change: Change): void {
    this.#changes.push(change);
    for (const watcher of this.#watchers) send(watcher, change);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://kubernetes');
    const { token, status, isTruncated } = this.faults;
    if (status !== undefined) {
      refuse(response, status, 'made to fail');
      return;
    }
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      refuse(response, request.headers.authorization === undefined ? 401 : 403, 'pods is forbidden');
      return;
    }
    if (this.faults.forbids?.includes(url.pathname)) {
      refuse(response, 403, `${url.pathname.split('/').at(-1)!} is forbidden: User "meshslo" cannot list it`);
      return;
    }
    const objects = this.#resources.get(url.pathname);
    if (!objects) {
      refuse(response, 404, 'the server could not find the requested resource');
      return;
    }
    if (url.searchParams.has('watch')) {
      this.#watch(url, request, response);
      return;
    }
    const body = this.#page(url);
    if (!body) {
      refuse(response, 410, 'The provided continue parameter is too old');
      return;
    }
    const text = JSON.stringify(body);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(isTruncated ? text.slice(0, text.length / 2) : text);
  }

  /** Undefined for a page of a list that is forgotten. */
  #page(url: URL): unknown {
    const next = url.searchParams.get('continue');
    let page = next === null || this.faults.forgetsPages ? undefined : this.#pages.get(next);
    if (next === null) {
      this.lists += 1;
      const rest = [...this.#resources.get(url.pathname)!.values()];
      page = { version: this.#version, rest };
    }
    if (!page) return undefined;
    const limit = Math.min(Number(url.searchParams.get('limit') ?? Infinity), this.mostPerPage);
    const rest = page.rest.slice(limit);
    const token = rest.length === 0 ? '' : `${url.pathname}-${page.version}-${rest.length}`;
    if (rest.length > 0) this.#pages.set(token, { version: page.version, rest });
    return {
      kind: 'List',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(page.version), ...(rest.length > 0 && { continue: token }) },
      items: page.rest.slice(0, limit),
    };
  }

  #watch(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const from = Number(url.searchParams.get('resourceVersion') ?? 0);
    response.writeHead(200, { 'content-type': 'application/json' });
    if (from < this.#forgotten) {
      response.end(`${JSON.stringify(expired(from))}\n`);
      return;
    }
    response.flushHeaders();
    const watcher = { path: url.pathname, response };
    for (const change of this.#changes) if (change.version > from) send(watcher, change);
    this.#watchers.add(watcher);
    request.on('close', () => this.#watchers.delete(watcher));
  }
}

function send({ path, response }: Watcher, change: Change): void {
  if (change.path !== path) return;
  const { type, object, version } = change;
  const told = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
  response.write(`${JSON.stringify({ type, object: told })}\n`);
}

/** As the last line of a watch. */
function expired(version: number): object {
  const message = `too old resource version: ${version}`;
  return { type: 'ERROR', object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410, message } };
}

function keyOf({ metadata: { namespace, name } }: KubernetesObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function refuse(response: ServerResponse, code: number, message: string): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', status: 'Failure', message, code }));
}
