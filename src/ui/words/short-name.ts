/** Longer than any name that Kubernetes gives out; names come from the network, and may hold thousands. */
const mostCharacters = 100;

/** A name where it stands among others: one that is too long leaves them their room. */
export function shortName(name: string): string {
  if (name.length <= mostCharacters) return name;
  // Not the half of a character that takes two.
  return `${name.slice(0, mostCharacters).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
