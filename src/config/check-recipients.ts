import type { Diagnostic } from '../domain/diagnostic.js';
import { mistake } from '../documents/checked-value.js';
import { wordHint } from '../documents/nearest-word.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import { isAddressMistake, mailboxKey, parseMailAddress } from './mail-address.js';
import type { MailAddress } from './reports.js';

/** Addresses with every mistake that was made in writing them; those that are right are there all the same. */
export interface CheckedRecipients {
  readonly addresses: readonly MailAddress[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Lists of addresses by name. */
export type RecipientLists = ReadonlyMap<string, readonly MailAddress[]>;

/** One list is for people to read; longer ones are mailing lists that nobody has made. */
const mostRecipients = 500;

/** The section `reports.lists`: every mistake of every list at once. */
export function checkLists(
  document: YamlDocument,
  written: unknown,
): { readonly lists: RecipientLists; readonly diagnostics: readonly Diagnostic[] } {
  const path: ValuePath = ['reports', 'lists'];
  const lists = new Map<string, readonly MailAddress[]>();
  if (written === undefined) return { lists, diagnostics: [] };
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    const hint = 'such as lists: { leads: [anna@example.com] }';
    return {
      lists,
      diagnostics: [mistake(document, path, 'wrong-type', 'reports.lists must be a map of lists', { hint })],
    };
  }
  const diagnostics: Diagnostic[] = [];
  for (const [name, value] of Object.entries(written as Readonly<Record<string, unknown>>)) {
    if (name.includes('@')) {
      const message = `a list cannot be named like an address: ${JSON.stringify(name)}`;
      diagnostics.push(mistake(document, [...path, name], 'bad-list-name', message, { part: 'key' }));
    }
    const checked = checkRecipients(document, [...path, name], value, new Map());
    lists.set(name, checked.addresses);
    diagnostics.push(...checked.diagnostics);
  }
  return { lists, diagnostics };
}

/** Addresses and names of lists, as `to` has them: one, or several. What reaches the same mailbox is there once. */
export function checkRecipients(
  document: YamlDocument,
  path: ValuePath,
  written: unknown,
  lists: RecipientLists,
): CheckedRecipients {
  const entries = Array.isArray(written) ? (written as readonly unknown[]) : [written];
  const placed = entries.map((entry, index) => ({ entry, path: Array.isArray(written) ? [...path, index] : path }));
  const found = new Map<string, MailAddress>();
  const diagnostics: Diagnostic[] = [];
  const isList = path[1] === 'lists';
  for (const { entry, path: place } of placed) {
    const read = readEntry(document, place, entry, { lists, isList });
    if (!Array.isArray(read)) {
      diagnostics.push(read as Diagnostic);
      continue;
    }
    const [only] = read as readonly MailAddress[];
    if (read.length === 1 && found.has(mailboxKey(only!))) {
      const message = `${only!.address} is there twice`;
      diagnostics.push(
        mistake(document, place, 'duplicate-recipient', message, { severity: 'warning', hint: 'one mail is sent' }),
      );
    }
    for (const address of read as readonly MailAddress[]) {
      if (!found.has(mailboxKey(address))) found.set(mailboxKey(address), address);
    }
  }
  if (placed.length === 0) diagnostics.push(mistake(document, path, 'too-little', `${String(path.at(-1))} is empty`));
  if (found.size > mostRecipients) {
    const message = `${found.size} recipients; at most ${mostRecipients}`;
    diagnostics.push(
      mistake(document, path, 'too-many-recipients', message, { hint: 'let a mailing list hand them on' }),
    );
  }
  return { addresses: [...found.values()], diagnostics };
}

/** What an entry stands for, or what is wrong with it. */
function readEntry(
  document: YamlDocument,
  path: ValuePath,
  entry: unknown,
  { lists, isList }: { readonly lists: RecipientLists; readonly isList: boolean },
): readonly MailAddress[] | Diagnostic {
  if (typeof entry !== 'string') {
    const message = 'a recipient is a text: an address, or the name of a list';
    return mistake(document, path, 'wrong-type', message);
  }
  if (!isList && !/[@<>]/.test(entry) && !/\p{Cc}/u.test(entry)) {
    const list = lists.get(entry);
    if (list !== undefined) return list;
    const names = [...lists.keys()];
    const hint =
      names.length === 0 ? 'an address has an @; lists are named under reports.lists' : wordHint(entry, names);
    return mistake(document, path, 'unknown-list', `${JSON.stringify(entry)} is no address and no list`, { hint });
  }
  const read = parseMailAddress(entry);
  return isAddressMistake(read) ? mistake(document, path, read.code, read.message, { hint: read.hint }) : [read];
}
