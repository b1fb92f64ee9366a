import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parsedJson } from '../../documents/parsed-json.js';
import { Failure } from '../../domain/failure.js';

/** What of a folder was made by earlier runs; nothing else in it is ours. */
export const listName = '.meshslo-generated.json';

/** A file of ours. */
export interface ListedFile {
  /** Of its content as it was written; undefined where only its name was noted. */
  readonly digest: string | undefined;
  readonly retiredSince: number | undefined;
}

/** The list that a folder of ours holds. */
export interface GeneratedList {
  /** Whose folder it is; undefined where nobody said. */
  readonly set: string | undefined;
  /** By their paths in the folder, `/` between their parts. */
  readonly files: ReadonlyMap<string, ListedFile>;
  /** Whether a program still has to be told of a change. */
  readonly isReloadOwed: boolean;
}

const path = z.string().regex(/^(?!\.\.?(\/|$))[^/\\]+(\/(?!\.\.?(\/|$))[^/\\]+)*$/);

const written = z.object({
  set: z.string().optional(),
  files: z.array(path),
  digests: z.record(z.string(), z.string()).default({}),
  retired_since: z.record(z.string(), z.number()).default({}),
  reload_owed: z.boolean().default(false),
});

/**
 * The list in a folder; an empty one where there is none.
 *
 * @throws Failure `bad-arguments` where it is none of ours
 */
export function readList(folder: string): GeneratedList {
  const file = join(folder, listName);
  if (!existsSync(file)) return { set: undefined, files: new Map(), isReloadOwed: false };
  const list = written.safeParse(parsedJson(readFileSync(file, 'utf8')));
  if (!list.success) {
    throw new Failure('bad-arguments', `${file} is no list of generated files`, {
      hint: 'remove it, and the files of the earlier run with it',
    });
  }
  const { set, files, digests, retired_since: retired, reload_owed: isReloadOwed } = list.data;
  const listed = files.map((name) => [name, { digest: digests[name], retiredSince: retired[name] }] as const);
  return { set, files: new Map(listed), isReloadOwed };
}

/** The same list, the same text. */
export function listText({ set, files, isReloadOwed }: GeneratedList): string {
  const entries = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const digests = entries.flatMap(([name, { digest }]) => (digest === undefined ? [] : [[name, digest] as const]));
  const retired = entries.flatMap(([name, one]) => (one.retiredSince === undefined ? [] : [[name, one.retiredSince]]));
  const list = {
    ...(set !== undefined && { set }),
    files: entries.map(([name]) => name),
    ...(digests.length > 0 && { digests: Object.fromEntries(digests) as Record<string, string> }),
    ...(retired.length > 0 && { retired_since: Object.fromEntries(retired) as Record<string, number> }),
    ...(isReloadOwed && { reload_owed: true }),
  };
  return `${JSON.stringify(list, undefined, 2)}\n`;
}
