import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../documents/make-folder.js';
import { Failure, failureOf } from '../../domain/failure.js';
import { systemReason } from '../../domain/system-reason.js';
import { type DesiredObject, digestOf, type ObjectKind } from '../desired-object.js';
import { type Change, changedObject, type Destination, type Ending, type LiveObject } from '../destination.js';
import { type DesiredFile, fileModes } from './file-objects.js';
import { unsure, writeList } from './generated-folder.js';
import { type GeneratedList, type ListedFile, readList } from './generated-list.js';
import type { Reload } from './reload.js';
import { type NewFiles, removeFile, replaceFiles } from './replace-files.js';

export interface FileDestinationParts {
  readonly name: string;
  readonly folder: string;
  readonly set: string;
  /** Programs that read the files, each told after a change. */
  readonly reloads: readonly Reload[];
}

/** No generated file is larger; one that is, is somebody else's. */
const mostBytes = 64 * 1024 ** 2;

/**
 * A folder, with a list of what in it is ours. Files of one run are replaced together, or none of them is, so that rules that
 * need each other never stand half changed.
 */
export class FileDestination implements Destination {
  readonly name: string;
  readonly #parts: FileDestinationParts;

  constructor(parts: FileDestinationParts) {
    this.#parts = { ...parts, folder: resolve(parts.folder) };
    this.name = parts.name;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the disk is at hand, other places are not
  async *look(wanted: readonly DesiredObject[]): AsyncIterable<LiveObject> {
    const list = this.#list();
    const names = new Set([...list.files.keys(), ...wanted.map(({ identity }) => identity)]);
    for (const name of names) {
      const live = this.#live(name, list);
      if (live) yield live;
    }
  }

  async read(_kind: ObjectKind, identity: string): Promise<LiveObject | undefined> {
    return Promise.resolve(this.#live(identity, this.#list()));
  }

  async carryOut(changes: readonly Change[], onEnding: (ending: Ending) => void): Promise<readonly Ending[]> {
    const endings = await Promise.resolve(this.#endings(changes));
    endings.forEach(onEnding);
    return endings;
  }

  async settle(): Promise<string | undefined> {
    const list = this.#list();
    if (!list.isReloadOwed) return undefined;
    const told = await Promise.allSettled(this.#parts.reloads.map((one) => one.tell()));
    const deaf = told.find((one) => one.status === 'rejected');
    if (deaf) throw failureOf(deaf.reason);
    this.#told(() => writeList(this.#parts.folder, { ...list, isReloadOwed: false }));
    return told.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])).join('; ') || undefined;
  }

  async close(): Promise<void> {
    await Promise.all(this.#parts.reloads.map((one) => one.close()));
  }

  #list(): GeneratedList {
    const { folder, set } = this.#parts;
    // Node 22 takes what lies below a file for absent, where Node 20 fails.
    if (this.#told(() => statSync(folder, { throwIfNoEntry: false })?.isDirectory()) === false) {
      throw new Failure('file-unreadable', `${folder}: not a folder`);
    }
    const list = this.#told(() => readList(folder));
    if (list.set !== undefined && list.set !== set) {
      const hint = 'give each its own folder, or both the same publish.name';
      throw new Failure('conflict', `${folder} belongs to ${JSON.stringify(list.set)}, not to ${set}`, { hint });
    }
    return { ...list, set };
  }

  #live(name: string, list: GeneratedList): LiveObject | undefined {
    const file = join(this.#parts.folder, name);
    return this.#told(() => {
      const status = statSync(file, { throwIfNoEntry: false });
      if (!status) return undefined;
      const isReadable = status.isFile() && status.size <= mostBytes;
      const content = isReadable ? readFileSync(file, 'utf8') : '';
      const digest = digestOf(isReadable ? content : `${name} is no file of ours`);
      const listed = isReadable ? list.files.get(name) : undefined;
      return {
        kind: 'file',
        identity: name,
        mark: listed && { set: list.set!, digest: listed.digest ?? digest, retiredSince: listed.retiredSince },
        isAsWritten: listed !== undefined && (listed.digest ?? digest) === digest,
        digest,
        content,
        revision: digest,
      };
    });
  }

  #endings(changes: readonly Change[]): readonly Ending[] {
    try {
      const list = this.#list();
      const stale = new Map(changes.map((change) => [change, this.#staleness(change, list)]));
      const sound = changes.filter((change) => stale.get(change) === undefined);
      const failure = this.#carryOut(sound, list);
      return changes.map((change) => ({ change, failure: stale.get(change) ?? failure }));
    } catch (error) {
      const failure = failureOf(error);
      return changes.map((change) => ({ change, failure }));
    }
  }

  /** Why a change is about something that is not there any more. */
  #staleness(change: Change, list: GeneratedList): Failure | undefined {
    const { identity } = changedObject(change);
    const live = this.#live(identity, list);
    if (change.act === 'create' ? live === undefined : live?.revision === change.live.revision) return undefined;
    if (change.act === 'remove' && live === undefined) return undefined;
    const what = live === undefined ? 'is gone' : change.act === 'create' ? 'is there already' : 'was changed';
    return new Failure('conflict', `${identity} ${what} while this ran`, { hint: 'run it again' });
  }

  #carryOut(changes: readonly Change[], list: GeneratedList): Failure | undefined {
    if (changes.length === 0) return undefined;
    const { folder, reloads } = this.#parts;
    const written = changes.flatMap((one) => ('object' in one ? [one.object as DesiredFile] : []));
    const texts = function* (): NewFiles {
      for (const { identity, content } of written) yield [identity, content()];
    };
    const isReloadOwed = list.isReloadOwed || (reloads.length > 0 && changes.some(({ act }) => act !== 'mark'));
    try {
      makeFolder(folder);
      // First all that may become ours, then all that is: a run that is killed in between forgets nothing.
      const unsureOnes = written.map(({ identity }) => unsure(identity));
      writeList(folder, { ...list, files: new Map([...list.files, ...unsureOnes]), isReloadOwed });
      replaceFiles(folder, texts(), fileModes(written));
      for (const change of changes) if (change.act === 'remove') removeFile(folder, change.live.identity);
      writeList(folder, { ...list, files: this.#filesAfter(changes, list), isReloadOwed });
      return undefined;
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? 'disk-full' : 'file-unreadable';
      return new Failure(code, `${folder} cannot be written: ${systemReason(cause)}`, { cause });
    }
  }

  #filesAfter(changes: readonly Change[], list: GeneratedList): ReadonlyMap<string, ListedFile> {
    const { folder } = this.#parts;
    const files = new Map([...list.files].filter(([name]) => existsSync(join(folder, name))));
    for (const change of changes) {
      const { identity } = changedObject(change);
      if (change.act === 'remove') files.delete(identity);
      else files.set(identity, { digest: change.mark.digest, retiredSince: change.mark.retiredSince });
    }
    return files;
  }

  #told<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      throw new Failure('file-unreadable', `${this.#parts.folder}: ${systemReason(cause)}`, { cause });
    }
  }
}
