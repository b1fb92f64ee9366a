import { Failure } from '../../domain/failure.js';

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly resourceVersion?: string;
  readonly continue?: string;
}

/** Throws Failure `body-malformed`. */
export function listOf(body: unknown): { readonly metadata: Metadata; readonly items: readonly unknown[] } {
  const { items } = (body ?? {}) as { readonly items?: unknown };
  const metadata = metadataOf(body);
  // Go writes an empty list as null.
  if (metadata && (items === null || items === undefined)) return { metadata, items: [] };
  if (!metadata || !Array.isArray(items)) throw new Failure('body-malformed', 'what it answered is no list');
  return { metadata, items };
}

/** `namespace/name`, or `name` of what is in none; undefined for what is no object. */
export function keyOf(object: unknown): string | undefined {
  const { name, namespace } = metadataOf(object) ?? {};
  if (typeof name !== 'string' || name === '') return undefined;
  return typeof namespace === 'string' && namespace !== '' ? `${namespace}/${name}` : name;
}

export function metadataOf(object: unknown): Metadata | undefined {
  if (typeof object !== 'object' || object === null) return undefined;
  const { metadata } = object as { readonly metadata?: unknown };
  return typeof metadata === 'object' && metadata !== null ? metadata : undefined;
}

/** What the server says in the last line of a watch. @see https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses */
export function statusFailure(object: unknown): Failure {
  const { code, message } = (object ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const text = typeof message === 'string' ? message.slice(0, 200) : 'it gives no reason';
  return new Failure('target-status', `status ${code === 410 ? 410 : String(code)} in the watch: ${text}`);
}

/** A version, or a page, that the server has forgotten. */
export function isGone({ code, message }: Failure): boolean {
  return code === 'target-status' && /\bstatus 410\b/.test(message);
}
