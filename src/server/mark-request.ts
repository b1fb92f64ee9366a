import type { MarkRequest } from './api-types/alert.js';
import { Mistakes } from './mistakes.js';

const longestNote = 2000;
const longestName = 100;

/** What somebody says of an alert. */
export interface AskedMark {
  readonly note: string;
  readonly by: string | undefined;
}

/**
 * Reads the body of a mark; every mistake at once.
 *
 * @throws Failure `bad-arguments`
 */
export function readMark(body: unknown): AskedMark {
  const mistakes = new Mistakes();
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    mistakes.add('the body', 'must be an object', 'such as {"note": "rolled back"}, or {}');
    mistakes.refuse();
  }
  const members = body as Readonly<Partial<Record<string, unknown>>>;
  const known: readonly (keyof MarkRequest)[] = ['note', 'by'];
  for (const name of Object.keys(members).slice(0, 20)) {
    if (!known.some((each) => each === name)) {
      mistakes.add(`/${name.slice(0, 40)}`, 'is not known', `there are ${known.join(' and ')}`);
    }
  }
  const note = text(members['note'], '/note', longestNote, mistakes) ?? '';
  const by = text(members['by'], '/by', longestName, mistakes)?.trim();
  mistakes.refuse();
  return { note, by: by === '' ? undefined : by };
}

function text(value: unknown, where: string, most: number, mistakes: Mistakes): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') mistakes.add(where, 'must be a text');
  else if (value.length > most) mistakes.add(where, `has ${value.length} characters, and ${most} are the most`);
  else return value;
  return undefined;
}
