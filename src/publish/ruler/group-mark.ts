import type { Mark } from '../destination.js';
import { retiredText, retiredTime } from '../retired-time.js';
import type { Fields } from './group-text.js';

/** Name of the rule at the end of a group that says whose the group is. */
const markName = 'meshslo:published';

/**
 * A ruler keeps nothing of a group but its rules, so the mark is one: it never has a result, and costs no series.
 *
 * It is written with the group, in one request.
 */
export function markRule({ set, digest, retiredSince }: Mark): Fields {
  return {
    record: markName,
    expr: 'vector(1) < 0',
    labels: { set, digest, ...(retiredSince !== undefined && { retired_since: retiredText(retiredSince) }) },
  };
}

/** A group without its mark, and the mark; undefined where it has none. */
export function withoutMark(group: Fields): { readonly group: Fields; readonly mark: Mark | undefined } {
  const rules = Array.isArray(group['rules']) ? (group['rules'] as readonly Fields[]) : [];
  const marks = rules.filter(({ record }) => record === markName);
  const rest = { ...group, rules: rules.filter((rule) => !marks.includes(rule)) };
  return { group: rest, mark: marks.length === 1 ? markOf(marks[0]!) : undefined };
}

function markOf({ labels }: Fields): Mark | undefined {
  const { set, digest, retired_since: since } = (labels ?? {}) as Fields;
  if (typeof set !== 'string' || typeof digest !== 'string') return undefined;
  return { set, digest, retiredSince: typeof since === 'string' ? retiredTime(since) : undefined };
}
