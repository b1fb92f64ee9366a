/** What no name of a board has in it: it stands in for names while a template is made. */
export const standInMark = 'zq7';

/**
 * Whether a name is written as it is in PromQL, in patterns, in addresses, in tags and in JSON alike. Names of Kubernetes are; one
 * with a dot is not, and neither is one that looks like what stands in for it.
 */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,100}$/.test(name) && !name.includes(standInMark);
}
