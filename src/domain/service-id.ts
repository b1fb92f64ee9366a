/**
 * Which service: the identity that catalogue, ledger, alerts and pages share.
 *
 * `cluster` comes from the metric, else from the configuration of the source; none of the parts is empty.
 */
export interface ServiceId {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** `cluster/namespace/name`, with `/` and `%` inside a part percent-encoded: unique, and its own sort order. */
export function serviceKey(id: ServiceId): string {
  return `${encodePart(id.cluster)}/${encodePart(id.namespace)}/${encodePart(id.name)}`;
}

/** The inverse of {@link serviceKey}; undefined for a text that is no key. */
export function parseServiceKey(key: string): ServiceId | undefined {
  const parts = key.split('/').map(decodePart);
  const [cluster, namespace, name] = parts;
  if (parts.length !== 3 || !cluster || !namespace || !name) return undefined;
  return { cluster, namespace, name };
}

/** One part of a key as it stands between slashes. */
export function encodePart(part: string): string {
  return part.replace(/[%/]/g, (character) => (character === '/' ? '%2F' : '%25'));
}

/** One part of a key in the path of an address, not yet percent-encoded: whoever reads addresses folds `.` and `..`. */
export function pathPart(part: string): string {
  return part === '.' || part === '..' ? part.replaceAll('.', '%2E') : encodePart(part);
}

function decodePart(part: string): string {
  return part.replace(/%2F/g, '/').replace(/%2E/g, '.').replace(/%25/g, '%');
}
