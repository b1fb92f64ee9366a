import { parse, stringify } from 'yaml';
import { Failure } from '../../domain/failure.js';
import { type DesiredObject, digestOf } from '../desired-object.js';
import type { Mark } from '../destination.js';
import type { Documents } from '../documents.js';
import { retiredText, retiredTime } from '../retired-time.js';
import { withoutSecrets, withSecrets } from './secrets.js';

/** A tenant has one configuration. */
export const theOne = 'alertmanager';

/** A tenant's configuration as it is sent. */
export interface DesiredConfiguration extends DesiredObject {
  /** With its secrets: never shown. */
  readonly sent: string;
}

/**
 * The configuration as the object of a tenant; none where nobody is told by one of ours.
 *
 * @throws Failure `file-unreadable` where a secret cannot be read
 */
export function configurationObjects({ alertmanager }: Documents): readonly DesiredConfiguration[] {
  if (alertmanager === undefined) return [];
  const sent = yaml(withSecrets(parse(alertmanager)));
  const content = (): string => shownText(sent);
  return [{ kind: 'alertmanager-configuration', identity: theOne, content, digest: digestOf(sent), sent }];
}

/** A configuration without its secrets; one that is no YAML is not shown at all. */
export function shownText(text: string): string {
  try {
    return yaml(withoutSecrets(parse(text)));
  } catch (error) {
    if (error instanceof Failure) throw error;
    return '# it is no YAML\n';
  }
}

/** The mark is a comment at the head of the text, which a tenant's store keeps as it is. */
export function markedText(text: string, { set, digest, retiredSince }: Mark): string {
  const retired = retiredSince === undefined ? '' : ` retired=${retiredText(retiredSince)}`;
  return `# Made by meshslo: set=${set} digest=${digest}${retired}\n${text}`;
}

/** A text without its mark, and the mark; undefined where it has none. */
export function readMarked(text: string): { readonly text: string; readonly mark: Mark | undefined } {
  const [line, set, digest, retired = ''] =
    /^# Made by meshslo: set=(\S+) digest=([0-9a-f]{16})(?: retired=(\S+))?\n/.exec(text) ?? [];
  if (line === undefined || set === undefined || digest === undefined) return { text, mark: undefined };
  return { text: text.slice(line.length), mark: { set, digest, retiredSince: retiredTime(retired) } };
}

function yaml(value: unknown): string {
  return stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
