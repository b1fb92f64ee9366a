/** The tag that everything of a set has. */
export function setTag(set: string): string {
  return `${setPrefix}${set}`;
}

/** Marks of dashboards and of annotations begin alike: a set is found by one tag. */
export const setPrefix = 'meshslo-set:';

/** What the digest of the content that was written stands behind. */
export const wasPrefix = 'meshslo-was:';

/** What stands behind a prefix in the first tag that has it; undefined without one. */
export function behind(prefix: string, tags: readonly string[]): string | undefined {
  return tags.find((tag) => tag.startsWith(prefix))?.slice(prefix.length);
}

/** Tags that begin with none of the prefixes. */
export function withoutTags(prefixes: readonly string[], tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => !prefixes.some((prefix) => tag.startsWith(prefix)));
}
