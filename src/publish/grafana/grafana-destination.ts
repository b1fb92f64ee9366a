import { z } from 'zod';
import type { GrafanaSettings } from '../../config/publishing.js';
import { packedText } from '../../documents/packed-text.js';
import { Failure } from '../../domain/failure.js';
import { type DesiredObject, digestOf, type ObjectKind } from '../desired-object.js';
import type { Change, Destination, Ending, LiveObject, Mark } from '../destination.js';
import { ApiClient, type Patience } from '../http/api-client.js';
import { inParallel } from '../in-parallel.js';
import { oneByOne, requestsAtOnce } from '../one-by-one.js';
import { markTags, readMark } from './dashboard-mark.js';
import { type DashboardModel, dashboardText, tagsOf } from './dashboard-text.js';
import { GrafanaFolder } from './grafana-folder.js';
import { ofGrafana } from './grafana-refusal.js';
import { setTag } from './mark-tags.js';

/** The most that a search gives at once is 5,000. */
const pageSize = 1000;

const mostPages = 100;

const hits = z.array(z.looseObject({ uid: z.string(), type: z.string().optional() }));

const found = z.looseObject({
  dashboard: z.looseObject({ version: z.number().default(0), tags: z.array(z.string()).nullish() }),
  meta: z.looseObject({ folderUid: z.string().default('') }),
});

/** What a write has to name. */
const revision = z.tuple([z.number(), z.string()]);

/**
 * Dashboards of a Grafana, 11 or younger.
 *
 * Whose a dashboard is stands in its tags, and every write names the version that it replaces. A dashboard stays in the
 * folder that people have moved it to.
 *
 * @see https://grafana.com/docs/grafana/latest/developers/http_api/dashboard/
 */
export class GrafanaDestination implements Destination {
  readonly name: string;
  readonly #set: string;
  readonly #client: ApiClient;
  readonly #folder: GrafanaFolder;

  constructor(settings: GrafanaSettings, set: string, patience?: Patience) {
    this.name = settings.name;
    this.#set = set;
    this.#client = new ApiClient(settings, {}, patience);
    this.#folder = new GrafanaFolder(settings.folder, this.#client);
  }

  async *look(wanted: readonly DesiredObject[]): AsyncIterable<LiveObject> {
    const uids = new Set([...(await this.#ours()), ...wanted.map(({ identity }) => identity)]);
    for await (const live of inParallel(uids, requestsAtOnce, (uid) => this.read('dashboard', uid))) {
      if (live) yield live;
    }
  }

  async read(_kind: ObjectKind, identity: string): Promise<LiveObject | undefined> {
    const path = `/api/dashboards/uid/${encodeURIComponent(identity)}`;
    const { status, body } = await this.#client.askJson({ method: 'GET', path, alsoGood: [404] });
    if (status === 404) return undefined;
    const answer = found.safeParse(body);
    if (!answer.success) throw notGrafana(this.name);
    const { dashboard, meta } = answer.data;
    const content = dashboardText(dashboard);
    const digest = digestOf(content);
    const text = packedText(content);
    const mark = readMark(identity, tagsOf(dashboard.tags));
    return {
      kind: 'dashboard',
      identity,
      ...(typeof dashboard['title'] === 'string' && { title: dashboard['title'] }),
      mark,
      // The version tells it even where Grafana has put what it was given into other words.
      isAsWritten: mark !== undefined && (mark.version === dashboard.version || mark.digest === digest),
      digest,
      get content() {
        return text();
      },
      revision: JSON.stringify([dashboard.version, meta.folderUid]),
    };
  }

  async carryOut(changes: readonly Change[], onEnding: (ending: Ending) => void): Promise<readonly Ending[]> {
    this.#folder.forget();
    return oneByOne(changes, {
      carryOut: (change) => this.#carryOut(change),
      read: (kind, identity) => this.read(kind, identity),
      onEnding,
    });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** Uids of whatever has the tag of our set. */
  async #ours(): Promise<readonly string[]> {
    const uids: string[] = [];
    for (let page = 1; page <= mostPages; page += 1) {
      const query = new URLSearchParams({
        type: 'dash-db',
        tag: setTag(this.#set),
        limit: `${pageSize}`,
        page: `${page}`,
      });
      const { body } = await this.#client.askJson({ method: 'GET', path: `/api/search?${query.toString()}` });
      const answer = hits.safeParse(body);
      if (!answer.success) throw notGrafana(this.name);
      uids.push(...answer.data.map(({ uid }) => uid));
      if (answer.data.length < pageSize) break;
    }
    return uids;
  }

  async #carryOut(change: Change): Promise<void> {
    switch (change.act) {
      case 'create':
        return this.#create(change.object, change.mark);
      case 'replace':
        return this.#write(change.object.content(), change.mark, revisionOf(change.live));
      case 'mark':
        return this.#write(change.live.content, change.mark, revisionOf(change.live));
      case 'remove':
        return this.#remove(change.live);
    }
  }

  async #create({ content }: DesiredObject, mark: Mark): Promise<void> {
    await this.#folder.make();
    try {
      await this.#write(content(), mark, [0, this.#folder.uid]);
    } catch (error) {
      if (!(error instanceof Failure) || !/folder not found/i.test(error.message)) throw error;
      this.#folder.forget();
      await this.#folder.make();
      await this.#write(content(), mark, [0, this.#folder.uid]);
    }
  }

  /** Grafana refuses a write that names another version than the one that is there; none is there at 0. */
  async #write(content: string, mark: Mark, [version, folderUid]: z.infer<typeof revision>): Promise<void> {
    const model = JSON.parse(content) as DashboardModel;
    const tags = [...tagsOf(model['tags']), ...markTags(String(model['uid']), { ...mark, version: version + 1 })];
    const body = JSON.stringify({
      dashboard: { ...model, id: null, version, tags },
      folderUid,
      message: mark.retiredSince === undefined ? 'published by meshslo' : 'retired by meshslo',
      overwrite: false,
    });
    await ofGrafana(this.#client.askJson({ method: 'POST', path: '/api/dashboards/db', body }));
  }

  /** Grafana removes whatever is there, so it is looked at once more. */
  async #remove(live: LiveObject): Promise<void> {
    const now = await this.read(live.kind, live.identity);
    if (now === undefined) return;
    if (revisionOf(now)[0] !== revisionOf(live)[0]) {
      throw new Failure('conflict', `${live.identity} was changed while this ran`, { hint: 'run it again' });
    }
    const path = `/api/dashboards/uid/${encodeURIComponent(live.identity)}`;
    await ofGrafana(this.#client.askJson({ method: 'DELETE', path, alsoGood: [404] }));
  }
}

function revisionOf(live: LiveObject): z.infer<typeof revision> {
  return revision.parse(JSON.parse(live.revision));
}

function notGrafana(name: string): Failure {
  return new Failure('body-malformed', `${name}: what answers does not talk like a Grafana`, {
    hint: 'is it the address of Grafana itself, with its prefix?',
  });
}
