import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, EpochSeconds } from '../../domain/clock.js';
import { Failure, failureOf } from '../../domain/failure.js';
import type { ApiClient } from '../api-client.js';
import { isGone, keyOf, listOf, metadataOf, statusFailure } from './api-answers.js';

const pageSize = 500;

/** What is forgotten between two pages is asked for in fewer. */
const growthOfPages = 4;
const largestPage = 8000;

/** So often in succession a version may be forgotten before we have used it; then it is a trouble. */
const mostGone = 2;

/** The server ends a watch after this; a silent one is then begun anew. */
const watchSeconds = 300;

const firstWaitSeconds = 1;
const longestWaitSeconds = 60;

/** What one list may hold; of 5,000 pods there is room for forty times as many. */
const mostObjects = 200_000;

/** Pages of one list; a loop of continue tokens must end. */
const mostPages = 1000;

/** What the watch keeps of an object. */
export interface Kept {
  /** Unique: `namespace/name`. */
  readonly key: string;
}

export interface ResourceWatchParts<T extends Kept> {
  readonly client: ApiClient;
  /** Such as `/api/v1/pods`. */
  readonly path: string;
  /** What a ClusterRole must say for this. */
  readonly rule: string;
  /** What is kept of one object; undefined for one that makes no sense, or is not wanted. */
  readonly read: (object: unknown) => T | undefined;
  readonly clock: Clock;
  /** Called after whatever may have changed an answer. */
  readonly onChange: () => void;
  /** Where there is no such resource (404), there are none of it. */
  readonly isOptional?: boolean;
  /** Waits between attempts; tests make it short. */
  readonly wait?: (seconds: number, signal: AbortSignal) => Promise<void>;
}

/** How a watch is doing. */
export interface WatchState {
  /** When it was last known to be up to date; undefined before the first list. */
  readonly currentAt: EpochSeconds | undefined;
  readonly trouble: Failure | undefined;
}

/**
 * All objects of one resource: listed page by page, then watched from that version on.
 *
 * A version that the server has forgotten (410 Gone, also inside a watch or between two pages) is listed anew at once, in larger
 * pages where that is forgotten, too; other troubles are waited out, twice as long every time. What was known stays until a whole
 * list replaces it.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export class ResourceWatch<T extends Kept> {
  readonly #parts: ResourceWatchParts<T>;
  #objects = new Map<string, T>();
  #version = '';
  #currentAt: EpochSeconds | undefined;
  #trouble: Failure | undefined;
  /** Whether anything was learnt since the last trouble. */
  #isMoving = false;
  /** How often in succession a version was forgotten before a watch told anything. */
  #gone = 0;
  #limit = pageSize;

  constructor(parts: ResourceWatchParts<T>) {
    this.#parts = parts;
  }

  get objects(): ReadonlyMap<string, T> {
    return this.#objects;
  }

  get state(): WatchState {
    return { currentAt: this.#currentAt, trouble: this.#trouble };
  }

  /** Goes on until the signal; never throws for what the server does. */
  async run(signal: AbortSignal): Promise<void> {
    const { wait = usualWait, clock } = this.#parts;
    let waitSeconds = firstWaitSeconds;
    while (!isOver(signal)) {
      try {
        if (this.#version === '') await this.#list(signal);
        const began = clock.monotonic();
        await this.#watch(signal);
        this.#gone = 0;
        // A server that ends watches at once is not asked without pause.
        if (clock.monotonic() - began < firstWaitSeconds) await wait(firstWaitSeconds, signal);
      } catch (error) {
        if (isOver(signal)) return;
        const failure = this.#hinted(failureOf(error));
        if (isGone(failure)) {
          if (this.#version === '') this.#limit = Math.min(largestPage, this.#limit * growthOfPages);
          this.#version = '';
          this.#gone += 1;
          // Nothing is wrong: whoever was away for long begins anew. Not again and again, though.
          if (this.#gone <= mostGone) {
            await wait(firstWaitSeconds, signal);
            continue;
          }
        } else {
          // A page that is too large, or too slow, may be so because it was asked for larger.
          this.#limit = pageSize;
        }
        if (failure.code === 'not-found' && this.#parts.isOptional) {
          this.#objects.clear();
          this.#nowCurrent();
          await wait(longestWaitSeconds, signal);
          continue;
        }
        // A list that is forgotten as soon as it is read gets nobody further.
        if (this.#isMoving && !isGone(failure)) waitSeconds = firstWaitSeconds;
        this.#isMoving = false;
        this.#trouble = failure;
        this.#parts.onChange();
        await wait(waitSeconds * (0.75 + Math.random() / 2), signal);
        waitSeconds = Math.min(longestWaitSeconds, waitSeconds * 2);
      }
    }
  }

  /** Whoever is refused is told which line their ClusterRole lacks. */
  #hinted(failure: Failure): Failure {
    const { rule } = this.#parts;
    if (failure.code !== 'forbidden') return failure;
    return new Failure('forbidden', failure.message, { hint: `add to meshslo's ClusterRole: ${rule}`, cause: failure });
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { client, path, read } = this.#parts;
    const objects = new Map<string, T>();
    let next = '';
    let version = '';
    let pages = 0;
    do {
      const query = new URLSearchParams({ limit: String(this.#limit), ...(next !== '' && { continue: next }) });
      const { body } = await client.get(`${path}?${query.toString()}`, { signal });
      const { metadata, items } = listOf(body);
      for (const item of items) {
        const kept = read(item);
        if (kept) objects.set(kept.key, kept);
      }
      pages += 1;
      if (objects.size > mostObjects || pages > mostPages)
        throw new Failure(
          'body-too-large',
          `there are more than ${mostObjects} of ${path}, or more than ${mostPages} pages`,
        );
      next = metadata.continue ?? '';
      version = metadata.resourceVersion ?? '';
    } while (next !== '');
    if (version === '') throw new Failure('body-malformed', `the list of ${path} has no version`);
    this.#objects = objects;
    this.#version = version;
    this.#limit = pageSize;
    this.#isMoving = true;
    this.#nowCurrent();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { client, path } = this.#parts;
    const query = new URLSearchParams({
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: this.#version,
      timeoutSeconds: String(watchSeconds),
    });
    const onOpen = (): void => this.#nowCurrent();
    const options = { signal, timeoutSeconds: watchSeconds + 30, onOpen };
    for await (const line of client.lines(`${path}?${query.toString()}`, options)) {
      this.#take(line);
    }
  }

  #take(line: unknown): void {
    const { type, object } = (line ?? {}) as { readonly type?: unknown; readonly object?: unknown };
    const meta = metadataOf(object);
    this.#isMoving = true;
    if (type === 'ERROR') throw statusFailure(object);
    this.#gone = 0;
    if (type !== 'BOOKMARK') {
      const kept = this.#parts.read(object);
      const key = kept?.key ?? keyOf(object);
      if (key === undefined) throw new Failure('body-malformed', 'a change in the watch has no name');
      if (type === 'DELETED' || !kept) this.#objects.delete(key);
      else this.#objects.set(key, kept);
    }
    if (meta?.resourceVersion !== undefined) this.#version = meta.resourceVersion;
    if (type === 'BOOKMARK') this.#currentAt = this.#parts.clock.now();
    else this.#nowCurrent();
  }

  #nowCurrent(): void {
    this.#currentAt = this.#parts.clock.now();
    this.#trouble = undefined;
    this.#parts.onChange();
  }
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function usualWait(seconds: number, signal: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
}
