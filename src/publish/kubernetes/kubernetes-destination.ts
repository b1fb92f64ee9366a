import { parse } from 'yaml';
import { z } from 'zod';
import type { KubernetesSettings } from '../../config/publishing.js';
import { Failure } from '../../domain/failure.js';
import { type DesiredObject, type ObjectKind, objectKey } from '../desired-object.js';
import {
  type Change,
  changedObject,
  type Destination,
  type Ending,
  type LiveObject,
  type Mark,
} from '../destination.js';
import { ApiClient, type ApiRequest, type Patience } from '../http/api-client.js';
import { jsonAnswer } from '../http/json-answer.js';
import { inParallel } from '../in-parallel.js';
import { oneByOne, requestsAtOnce } from '../one-by-one.js';
import { clusterRefusal, isUnknownKind, unknownKind } from './cluster-refusal.js';
import {
  foreignParts,
  liveResource,
  markAnnotations,
  ownLabels,
  type RawResource,
  rawResource,
} from './live-resource.js';
import { collectionPath, type ResourceKind, resourceKinds, resources } from './resource.js';

const pageSize = 500;

/** Of one list, beginnings anew among them. */
const mostPages = 200;

const page = z.looseObject({
  metadata: z.looseObject({ continue: z.string().nullish() }).optional(),
  items: z.array(rawResource),
});

/** Fields that are written stand under this name in `managedFields`. */
const fieldManager = 'fieldManager=meshslo';

/**
 * Objects of one namespace of a cluster.
 *
 * Whose an object is stands in its labels and annotations; every write names the `resourceVersion` that it replaces, every
 * removal that and the `uid`. Labels and annotations of others stay.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
export class KubernetesDestination implements Destination {
  readonly name: string;
  readonly #settings: KubernetesSettings;
  readonly #set: string;
  readonly #client: ApiClient;

  constructor(settings: KubernetesSettings, set: string, patience?: Patience) {
    this.name = settings.name;
    this.#settings = settings;
    this.#set = set;
    this.#client = new ApiClient(settings, {}, patience);
  }

  async *look(wanted: readonly DesiredObject[]): AsyncIterable<LiveObject> {
    const unseen = new Map(wanted.map((object) => [objectKey(object), object]));
    for (const kind of resourceKinds) {
      const isWanted = wanted.some((object) => object.kind === kind);
      for (const raw of await this.#list(kind, isWanted)) {
        const live = liveResource(kind, raw);
        unseen.delete(objectKey(live));
        yield live;
      }
    }
    const rest = inParallel(unseen.values(), requestsAtOnce, ({ kind, identity }) => this.read(kind, identity));
    for await (const live of rest) if (live) yield live;
  }

  async read(kind: ObjectKind, identity: string): Promise<LiveObject | undefined> {
    const raw = await this.#get(kind as ResourceKind, identity);
    return raw && liveResource(kind as ResourceKind, raw);
  }

  async carryOut(changes: readonly Change[], onEnding: (ending: Ending) => void): Promise<readonly Ending[]> {
    return oneByOne(changes, {
      carryOut: (change) => this.#carryOut(change),
      read: (kind, identity) => this.read(kind, identity),
      onEnding,
    });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** All of a kind that have our labels; none where the cluster does not know the kind, and nobody wants it. */
  async #list(kind: ResourceKind, isWanted: boolean): Promise<readonly RawResource[]> {
    const found: RawResource[] = [];
    let next = '';
    for (let pages = 0; pages < mostPages; pages += 1) {
      const query = new URLSearchParams({ labelSelector: selector(this.#set), limit: `${pageSize}` });
      if (next !== '') query.set('continue', next);
      const path = `${collectionPath(kind, this.#settings.namespace)}?${query.toString()}`;
      const { status, body } = await this.#ask(kind, {
        method: 'GET',
        path,
        // A list that became too old to go on with is begun anew.
        alsoGood: [...(isWanted ? [] : [403, 404]), ...(next === '' ? [] : [410])],
      });
      if (status === 403 || status === 404) return [];
      if (status === 410) {
        found.length = 0;
        next = '';
        continue;
      }
      const answer = page.safeParse(body);
      if (!answer.success) throw this.#stranger();
      found.push(...answer.data.items);
      next = answer.data.metadata?.continue ?? '';
      if (next === '') return found;
    }
    throw new Failure('refused', `${this.#settings.url} never comes to the end of its list of ${kind}`, {
      hint: 'the next run tries again',
    });
  }

  async #get(kind: ResourceKind, identity: string): Promise<RawResource | undefined> {
    const { url } = this.#settings;
    const { status, text, body } = await this.#ask(kind, {
      method: 'GET',
      path: this.#path(kind, identity),
      alsoGood: [404],
    });
    if (status === 404) {
      if (isUnknownKind(text)) throw unknownKind({ url, kind });
      return undefined;
    }
    const answer = rawResource.safeParse(body);
    if (!answer.success) throw this.#stranger();
    return answer.data;
  }

  async #carryOut(change: Change): Promise<void> {
    const { kind, identity } = changedObject(change) as { readonly kind: ResourceKind; readonly identity: string };
    if (change.act === 'create') {
      const body = this.#bodyOf(kind, change.object.content(), change.mark, undefined);
      const path = `${collectionPath(kind, this.#settings.namespace)}?${fieldManager}`;
      await this.#ask(kind, { method: 'POST', path, body: JSON.stringify(body) });
      return;
    }
    const raw = await this.#get(kind, identity);
    if (change.act === 'remove' && raw === undefined) return;
    if (raw === undefined || liveResource(kind, raw).revision !== change.live.revision) {
      throw new Failure('conflict', `${kind} ${identity} was changed while this ran`, { hint: 'run it again' });
    }
    if (change.act === 'remove') {
      const { uid, resourceVersion } = raw.metadata;
      const body = JSON.stringify({ kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid, resourceVersion } });
      await this.#ask(kind, { method: 'DELETE', path: this.#path(kind, identity), body, alsoGood: [404] });
      return;
    }
    const body = this.#bodyOf(
      kind,
      'object' in change ? change.object.content() : change.live.content,
      change.mark,
      raw,
    );
    const path = `${this.#path(kind, identity)}?${fieldManager}`;
    await this.#ask(kind, { method: 'PUT', path, body: JSON.stringify(body) });
  }

  /** What is sent: ours, with what others have added to what is there. */
  #bodyOf(kind: ResourceKind, content: string, mark: Mark, raw: RawResource | undefined): object {
    const { metadata, ...manifest } = parse(content) as ParsedManifest;
    const key = resources[kind].body;
    const { labels = {} } = metadata;
    const body = manifest[key] as object;
    const foreign = raw && foreignParts(kind, raw);
    const written = { labels: Object.keys(labels), fields: Object.keys(body) };
    return {
      ...raw,
      ...manifest,
      [key]: { ...foreign?.body, ...body },
      metadata: {
        ...raw?.metadata,
        ...metadata,
        labels: { ...foreign?.labels, ...labels, ...ownLabels(mark.set) },
        annotations: { ...foreign?.annotations, ...markAnnotations(mark, written) },
      },
    };
  }

  async #ask(kind: ResourceKind, asked: ApiRequest): Promise<Answer> {
    try {
      const { status, text } = await this.#client.ask(asked);
      // A path that the API does not have is answered with some words, and no JSON.
      const isUnknown = status === 404 && isUnknownKind(text);
      return { status, text, body: isUnknown ? undefined : jsonAnswer(this.#settings.url, text) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { url, namespace } = this.#settings;
      throw clusterRefusal(error, { url, namespace, kind });
    }
  }

  #path(kind: ResourceKind, identity: string): string {
    return `${collectionPath(kind, this.#settings.namespace)}/${encodeURIComponent(identity)}`;
  }

  #stranger(): Failure {
    return new Failure('body-malformed', `${this.#settings.url}: what answers does not talk like Kubernetes`, {
      hint: 'is it the address of the API server?',
    });
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  /** Undefined for a path that the API does not have. */
  readonly body: unknown;
}

interface ParsedManifest {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly [part: string]: unknown;
}

function selector(set: string): string {
  return Object.entries(ownLabels(set))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
