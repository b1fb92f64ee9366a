import { z } from 'zod';
import type { GrafanaSettings } from '../../config/publishing.js';
import type { EpochSeconds } from '../../domain/clock.js';
import { Failure } from '../../domain/failure.js';
import { type DesiredObject, digestOf, type ObjectKind } from '../desired-object.js';
import {
  type Change,
  changedObject,
  type Destination,
  type Ending,
  type LiveObject,
  type Mark,
} from '../destination.js';
import { ApiClient, type Patience } from '../http/api-client.js';
import { oneByOne } from '../one-by-one.js';
import { isStillDue } from '../still-due.js';
import {
  annotationText,
  identityTag,
  markTags,
  parsedAnnotation,
  readMark,
  setTags,
  titleOf,
} from './annotation-text.js';

/** So many are asked for at once, the latest first. */
const pageSize = 5000;

const mostPages = 20;

const found = z.array(
  z.looseObject({
    id: z.number(),
    time: z.number(),
    timeEnd: z.number().optional(),
    text: z.string().default(''),
    tags: z.array(z.string()).nullish(),
  }),
);

type Found = z.infer<typeof found>[number];

export interface AnnotationParts {
  readonly set: string;
  readonly now: EpochSeconds;
  readonly patience?: Patience | undefined;
}

/**
 * Annotations of a Grafana's organisation: what happened, for whichever board asks for it by tags.
 *
 * Whose one is stands in its tags. An annotation is a record: it goes when its time is over, and not because nobody remembers
 * what it is about. The API knows no preconditions: one is read once more right before it is written or removed.
 *
 * @see https://grafana.com/docs/grafana/latest/developers/http_api/annotations/
 */
export class AnnotationDestination implements Destination {
  readonly name: string;
  readonly #parts: AnnotationParts;
  readonly #keptSeconds: number;
  readonly #client: ApiClient;

  constructor(settings: GrafanaSettings, parts: AnnotationParts) {
    this.name = `${settings.name} annotations`;
    this.#parts = parts;
    this.#keptSeconds = settings.annotationsSeconds;
    this.#client = new ApiClient(settings, {}, parts.patience);
  }

  async *look(wanted: readonly DesiredObject[]): AsyncIterable<LiveObject> {
    const names = new Set(wanted.map(({ identity }) => identity));
    const seen = new Set<string>();
    const oldest = (this.#parts.now - this.#keptSeconds) * 1000;
    for (const one of await this.#all()) {
      const live = liveOf(one);
      if (live?.mark?.set !== this.#parts.set) continue;
      const isAnother = seen.has(live.identity);
      seen.add(live.identity);
      if (isAnother) yield { ...live, identity: `${live.identity}/${one.id}`, goesAtOnce: true };
      else if (names.has(live.identity)) yield live;
      else if (live.isAsWritten && (one.timeEnd ?? one.time) <= oldest) yield { ...live, goesAtOnce: true };
    }
  }

  async read(_kind: ObjectKind, name: string): Promise<LiveObject | undefined> {
    const [identity = '', id] = name.split('/');
    const all = await this.#search([...setTags(this.#parts.set), identityTag(identity)]);
    const [first] = id === undefined ? all : all.filter((one) => String(one.id) === id);
    const live = first && liveOf(first);
    return live && { ...live, identity: name };
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

  /** All of the set, the first that was made of each first. */
  async #all(): Promise<readonly Found[]> {
    const all = new Map<number, Found>();
    let until: number | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const some = await this.#search(setTags(this.#parts.set), until);
      const before = all.size;
      for (const one of some) all.set(one.id, one);
      if (some.length < pageSize || all.size === before) break;
      until = Math.min(...some.map(({ time, timeEnd }) => timeEnd ?? time));
    }
    return [...all.values()].sort((a, b) => a.id - b.id);
  }

  async #search(tags: readonly string[], until?: number): Promise<readonly Found[]> {
    const query = new URLSearchParams({ type: 'annotation', limit: `${pageSize}` });
    for (const tag of tags) query.append('tags', tag);
    // Grafana heeds either only with the other.
    if (until !== undefined)
      for (const [key, value] of [['from', 1] as const, ['to', until] as const]) query.set(key, `${value}`);
    const { body } = await this.#client.askJson({ method: 'GET', path: `/api/annotations?${query.toString()}` });
    const answer = found.safeParse(body);
    if (answer.success) return [...answer.data].sort((a, b) => a.id - b.id);
    throw new Failure('body-malformed', `${this.name}: what answers does not talk like a Grafana`, {
      hint: 'is it the address of Grafana itself, with its prefix?',
    });
  }

  async #carryOut(change: Change): Promise<void> {
    const { identity } = changedObject(change);
    if (!(await isStillDue(change, `annotation ${identity}`, () => this.read('annotation', identity)))) return;
    if (change.act === 'remove') {
      await this.#client.ask({ method: 'DELETE', path: `/api/annotations/${idOf(change.live)}`, alsoGood: [404] });
      return;
    }
    const content = 'object' in change ? change.object.content() : change.live.content;
    const body = bodyOf(content, identity, change.mark);
    if (change.act === 'create') {
      // Sent again after an answer that was lost, it would be there twice.
      const isDone = async (): Promise<boolean> => (await this.read('annotation', identity)) !== undefined;
      await this.#client.ask({ method: 'POST', path: '/api/annotations', body, isDone });
    } else {
      await this.#client.ask({ method: 'PUT', path: `/api/annotations/${idOf(change.live)}`, body });
    }
  }
}

function bodyOf(content: string, identity: string, mark: Mark): string {
  const { tags, ...annotation } = parsedAnnotation(content);
  return JSON.stringify({ ...annotation, tags: [...tags, ...markTags(identity, mark)] });
}

function liveOf({ id, time, timeEnd = time, text, tags }: Found): LiveObject | undefined {
  const marked = readMark(tags ?? []);
  if (marked === undefined) return undefined;
  const { identity, mark } = marked;
  const content = annotationText({ time, timeEnd: Math.max(time, timeEnd), text, tags: tags ?? [] });
  const digest = digestOf(content);
  return {
    kind: 'annotation',
    identity,
    title: titleOf(time / 1000, text.split('\n')[0]!),
    mark,
    isAsWritten: mark.digest === digest,
    digest,
    content,
    revision: `${id} ${digest} ${mark.digest}`,
  };
}

function idOf({ revision }: LiveObject): string {
  return revision.split(' ')[0]!;
}
