import { type Asked, SmallApi, type Told } from './small-api.js';

interface Folder {
  readonly id: number;
  readonly uid: string;
  readonly title: string;
  readonly version: number;
}

interface Dashboard {
  readonly id: number;
  readonly model: Record<string, unknown>;
  readonly version: number;
  readonly folderUid: string;
  readonly isProvisioned: boolean;
}

interface Annotation {
  readonly id: number;
  readonly time: number;
  readonly timeEnd: number;
  readonly text: string;
  readonly tags: readonly string[];
}

/**
 * The part of Grafana's HTTP API that keeps folders, dashboards and annotations, with its refusals.
 *
 * @see https://grafana.com/docs/grafana/latest/developers/http_api/dashboard/ and folder, folder_dashboard_search, annotations
 * beside it; what it refuses: grafana/grafana:pkg/api/dashboard.go, pkg/api/apierrors, pkg/services/dashboards/errors.go; what it does
 * to tags: pkg/services/tag, pkg/services/annotations/annotationsimpl/xorm_store.go
 */
export class FakeGrafana extends SmallApi {
  readonly folders = new Map<string, Folder>();
  readonly dashboards = new Map<string, Dashboard>();
  readonly annotations = new Map<number, Annotation>();
  /** The service account's token. */
  token = 'glsa_right';
  /** What it may not do: answered with 403. */
  readonly forbidden = new Set<string>();
  /** Grafana up to 10 takes no two dashboards of one title in a folder, and no two folders of one. */
  areTitlesUnique = false;
  /** The youngest keep dashboards as resources, and say other words than those with tables of their own. */
  keepsResources = false;
  /** What a search finds: the index of a Grafana of resources comes later than the write. Undefined: what there is. */
  indexed: ReadonlySet<string> | undefined;
  #ids = 0;

  /** Somebody changes a dashboard in the browser. */
  edit(uid: string, change: Record<string, unknown>): void {
    const before = this.dashboards.get(uid)!;
    this.dashboards.set(uid, { ...before, model: { ...before.model, ...change }, version: before.version + 1 });
  }

  /** Somebody makes a dashboard. */
  put(uid: string, model: Record<string, unknown>, isProvisioned = false): void {
    this.#ids += 1;
    const dashboard = { id: this.#ids, model: { ...model, uid }, version: 1, folderUid: '', isProvisioned };
    this.dashboards.set(uid, dashboard);
  }

  /** Takes a folder, and all dashboards in it with it. */
  removeFolder(uid: string): void {
    this.folders.delete(uid);
    for (const [key, { folderUid }] of this.dashboards) if (folderUid === uid) this.dashboards.delete(key);
  }

  protected answer(asked: Asked): Told {
    if (asked.headers.authorization !== `Bearer ${this.token}`)
      return { status: 401, body: { message: 'Unauthorized' } };
    const [api, kind, ...rest] = asked.path;
    if (api !== 'api') return notFound('Not found');
    const key = `${asked.method} ${kind ?? ''}`;
    if (this.forbidden.has(key)) {
      return {
        status: 403,
        body: {
          accessErrorId: 'ACE1',
          message: `You'll need additional permissions to perform this action.`,
          title: 'Access denied',
        },
      };
    }
    if (key === 'GET search') return this.#search(asked.query);
    if (key === 'GET folders') return this.#getFolder(rest[0]);
    if (key === 'POST folders') return this.#makeFolder(asked.body);
    if (key === 'POST dashboards' && rest[0] === 'db') return this.#save(asked.body);
    if (key === 'GET dashboards' && rest[0] === 'uid') return this.#get(rest[1]!);
    if (key === 'DELETE dashboards' && rest[0] === 'uid') return this.#delete(rest[1]!);
    if (kind === 'annotations') return this.#annotation(asked, Number(rest[0]));
    return notFound('Not found');
  }

  #annotation({ method, query, body }: Asked, id: number): Told {
    if (method === 'GET') return { status: 200, body: this.#foundAnnotations(query) };
    const existing = this.annotations.get(id);
    if (method !== 'POST' && !existing) return notFound('Annotation not found');
    if (method === 'DELETE') {
      this.annotations.delete(id);
      return { status: 200, body: { message: 'Annotation deleted' } };
    }
    const { time, timeEnd, text, tags = [] } = JSON.parse(body) as Partial<Annotation>;
    // Why, it says in a development environment only.
    if (text === undefined || text === '') return bad('Failed to save annotation');
    if (time === undefined) return bad('Failed to save annotation');
    const kept = tagPairs(tags);
    if (Buffer.byteLength(JSON.stringify(kept)) > 500) return bad('Tags length exceeds the maximum allowed.');
    this.#ids += existing ? 0 : 1;
    const own = existing?.id ?? this.#ids;
    this.annotations.set(own, { id: own, time, timeEnd: timeEnd ?? time, text, tags: kept });
    return {
      status: 200,
      body: existing ? { message: 'Annotation updated' } : { message: 'Annotation added', id: own },
    };
  }

  #foundAnnotations(query: URLSearchParams): readonly Annotation[] {
    const [from, to] = [Number(query.get('from') ?? 0), Number(query.get('to') ?? 0)];
    const isRanged = from > 0 && to > 0;
    return [...this.annotations.values()]
      .filter(({ tags }) => query.getAll('tags').every((tag) => tags.includes(tag)))
      .filter(({ time, timeEnd }) => !isRanged || (time <= to && timeEnd >= from))
      .sort((a, b) => b.timeEnd - a.timeEnd || b.time - a.time)
      .slice(0, Number(query.get('limit') ?? 100));
  }

  #search(query: URLSearchParams): Told {
    const tags = query.getAll('tag');
    const limit = Math.min(Number(query.get('limit') ?? 1000), 5000);
    const page = Number(query.get('page') ?? 1);
    const shown = [...this.dashboards].filter(([uid]) => this.indexed?.has(uid) ?? true);
    const hits = shown.flatMap(([uid, { id, model, folderUid }]) => {
      const own = (model['tags'] ?? []) as readonly string[];
      if (!tags.every((tag) => own.includes(tag))) return [];
      return [{ id, uid, title: model['title'], type: 'dash-db', tags: own, folderUid }];
    });
    return { status: 200, body: hits.slice((page - 1) * limit, page * limit) };
  }

  #getFolder(uid = ''): Told {
    const folder = this.folders.get(uid);
    return folder ? { status: 200, body: folder } : notFound('folder not found', 'not-found');
  }

  #makeFolder(body: string): Told {
    const { uid, title } = JSON.parse(body) as { uid: string; title?: string };
    if (title === undefined || title === '') return bad('folder title cannot be empty');
    if (!isUid(uid)) return bad('uid contains illegal characters');
    if (this.folders.has(uid)) {
      return this.keepsResources
        ? mismatch('the folder has been changed by someone else')
        : { status: 409, body: { message: 'a folder/dashboard with the same uid already exists' } };
    }
    if (this.areTitlesUnique && [...this.folders.values()].some((one) => one.title === title)) {
      return { status: 409, body: { message: 'a folder with the same name already exists in the current location' } };
    }
    this.#ids += 1;
    const folder = { id: this.#ids, uid, title, version: 1 };
    this.folders.set(uid, folder);
    return { status: 200, body: folder };
  }

  #get(uid: string): Told {
    const dashboard = this.dashboards.get(uid);
    if (!dashboard) return notFound('Dashboard not found', 'not-found');
    const { id, model, version, folderUid, isProvisioned } = dashboard;
    const meta = { folderUid, provisioned: isProvisioned, url: `/d/${uid}/x`, version };
    return { status: 200, body: { dashboard: { ...model, id, version }, meta } };
  }

  #save(body: string): Told {
    const {
      dashboard,
      folderUid = '',
      overwrite,
    } = JSON.parse(body) as {
      dashboard: Record<string, unknown>;
      folderUid?: string;
      overwrite?: boolean;
    };
    const { uid, title, version = 0 } = dashboard as { uid: string; title?: string; version?: number };
    if (title === undefined || title === '') return bad('Dashboard title cannot be empty', 'empty-name');
    if (title.length > 5000) return bad('Dashboard title cannot contain more than 5 000 characters', 'title-too-long');
    if (uid.length > 40) return bad('uid too long, max 40 characters');
    if (!isUid(uid)) return bad('uid contains illegal characters');
    const tags = (dashboard['tags'] ?? []) as readonly string[];
    if (tags.some((tag) => tag.length > 50)) return bad('dashboard tag too long, max 50 characters', 'tag-too-long');
    if (folderUid !== '' && !this.folders.has(folderUid)) return bad('folder not found');
    const existing = this.dashboards.get(uid);
    if (existing?.isProvisioned) return bad('Cannot save provisioned dashboard');
    if (existing && existing.version !== version && overwrite !== true) {
      return this.keepsResources
        ? { status: 409, body: { message: 'Dashboard already exists. Use overwrite flag to update.' } }
        : mismatch('The dashboard has been changed by someone else');
    }
    const twin = [...this.dashboards].find(
      ([other, one]) => other !== uid && one.folderUid === folderUid && one.model['title'] === title,
    );
    if (this.areTitlesUnique && twin) {
      return {
        status: 412,
        body: { message: 'A dashboard with the same name in the folder already exists', status: 'name-exists' },
      };
    }
    this.#ids += existing ? 0 : 1;
    const id = existing?.id ?? this.#ids;
    const model = { ...dashboard };
    delete model['id'];
    delete model['version'];
    // A resource has another generation only where it says something else.
    const isAnother = !this.keepsResources || JSON.stringify(model) !== JSON.stringify(existing?.model);
    const next = (existing?.version ?? 0) + (isAnother ? 1 : 0);
    this.dashboards.set(uid, { id, model, version: next, folderUid, isProvisioned: false });
    return { status: 200, body: { id, uid, url: `/d/${uid}/x`, status: 'success', version: next, slug: 'x' } };
  }

  #delete(uid: string): Told {
    const dashboard = this.dashboards.get(uid);
    if (!dashboard) return notFound('Dashboard not found');
    if (dashboard.isProvisioned) return bad('provisioned dashboard cannot be deleted');
    this.dashboards.delete(uid);
    return { status: 200, body: { title: dashboard.model['title'], message: `Dashboard deleted`, uid } };
  }
}

function isUid(uid: string): boolean {
  return /^[a-zA-Z0-9\-_]+$/.test(uid);
}

/** Cut at the second colon, trimmed, each once. */
function tagPairs(tags: readonly string[]): readonly string[] {
  const pairs = tags.map((tag) =>
    tag
      .split(':')
      .slice(0, 2)
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .join(':'),
  );
  return [...new Set(pairs)].filter((tag) => tag !== '');
}

function bad(message: string, status?: string): Told {
  return { status: 400, body: { message, ...(status !== undefined && { status }) } };
}

function mismatch(message: string): Told {
  return { status: 412, body: { message, status: 'version-mismatch' } };
}

function notFound(message: string, status?: string): Told {
  return { status: 404, body: { message, ...(status !== undefined && { status }) } };
}
