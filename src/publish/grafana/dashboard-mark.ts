import { digestOf } from '../desired-object.js';
import type { Mark } from '../destination.js';
import { retiredText, retiredTime } from '../retired-time.js';

/**
 * The mark of a dashboard stands in its tags: these are found by a search, and outlive whatever Grafana does to the rest.
 * Grafana keeps at most 50 characters of a tag.
 */
const prefixes = { set: 'meshslo-set:', was: 'meshslo-was:', retired: 'meshslo-retired:' };

/** A mark, and which version of the dashboard was written with it. */
export interface DashboardMark extends Mark {
  readonly version: number;
}

/** The tag that all dashboards of a set have. */
export function setTag(set: string): string {
  return `${prefixes.set}${set}`;
}

export function markTags(uid: string, { set, digest, retiredSince, version }: DashboardMark): readonly string[] {
  const retired = retiredSince === undefined ? [] : [`${prefixes.retired}${retiredText(retiredSince)}`];
  return [setTag(set), `${prefixes.was}${digest}.v${version}.${whose(uid)}`, ...retired];
}

/** Undefined where tags hold none, half of one, or one of another dashboard: a copy has all tags of its original. */
export function readMark(uid: string, tags: readonly string[]): DashboardMark | undefined {
  const rest = (prefix: string): string | undefined => tags.find((tag) => tag.startsWith(prefix))?.slice(prefix.length);
  const set = rest(prefixes.set);
  const [, digest, version, of] = /^([0-9a-f]{16})\.v(\d+)\.([0-9a-f]{8})$/.exec(rest(prefixes.was) ?? '') ?? [];
  if (set === undefined || digest === undefined || of !== whose(uid)) return undefined;
  return { set, digest, version: Number(version), retiredSince: retiredTime(rest(prefixes.retired) ?? '') };
}

/** Tags without those of a mark. */
export function withoutMark(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => !Object.values(prefixes).some((prefix) => tag.startsWith(prefix)));
}

function whose(uid: string): string {
  return digestOf(uid).slice(0, 8);
}
