import { digestOf } from '../desired-object.js';
import type { Mark } from '../destination.js';
import { retiredText, retiredTime } from '../retired-time.js';
import { behind, setPrefix, setTag, wasPrefix, withoutTags } from './mark-tags.js';

const retiredPrefix = 'meshslo-retired:';

/**
 * A mark, and which version of the dashboard was written with it.
 *
 * It stands in the dashboard's tags: these are found by a search, and outlive whatever Grafana does to the rest. Grafana keeps at most
 * 50 characters of a tag.
 */
export interface DashboardMark extends Mark {
  readonly version: number;
}

export function markTags(uid: string, { set, digest, retiredSince, version }: DashboardMark): readonly string[] {
  const retired = retiredSince === undefined ? [] : [`${retiredPrefix}${retiredText(retiredSince)}`];
  return [setTag(set), `${wasPrefix}${digest}.v${version}.${whose(uid)}`, ...retired];
}

/** Undefined where tags hold none, half of one, or one of another dashboard: a copy has all tags of its original. */
export function readMark(uid: string, tags: readonly string[]): DashboardMark | undefined {
  const set = behind(setPrefix, tags);
  const [, digest, version, of] = /^([0-9a-f]{16})\.v(\d+)\.([0-9a-f]{8})$/.exec(behind(wasPrefix, tags) ?? '') ?? [];
  if (set === undefined || digest === undefined || of !== whose(uid)) return undefined;
  return { set, digest, version: Number(version), retiredSince: retiredTime(behind(retiredPrefix, tags) ?? '') };
}

/** Tags without those of a mark. */
export function withoutMark(tags: readonly string[]): readonly string[] {
  return withoutTags([setPrefix, wasPrefix, retiredPrefix], tags);
}

function whose(uid: string): string {
  return digestOf(uid).slice(0, 8);
}
