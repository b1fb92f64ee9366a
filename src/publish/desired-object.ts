import { createHash } from 'node:crypto';

/** What kinds of things can be put somewhere. */
export type ObjectKind =
  | 'file'
  | 'folder'
  | 'dashboard'
  | 'annotation'
  | 'rule-group'
  | 'alertmanager-configuration'
  | 'PrometheusRule'
  | 'AlertmanagerConfig'
  | 'ConfigMap'
  | 'GrafanaDashboard';

/** Something that is to be somewhere, in the form of that place. */
export interface DesiredObject {
  readonly kind: ObjectKind;
  /** Its name there: path of a file, uid of a dashboard, name of a group. Unique within its kind. */
  readonly identity: string;
  /** What people call it, where that is something else. */
  readonly title?: string;
  /** The text that is compared and shown, without secrets; written anew at every call, for there may be thousands. */
  readonly content: () => string;
  /** The same for the same content, secrets among it, and for no other; told when it is asked for. */
  readonly digest: string;
}

/** An object with the digest of its content. */
export function desiredObject(
  kind: ObjectKind,
  identity: string,
  content: () => string,
  title?: string,
): DesiredObject {
  let digest: string | undefined;
  return {
    kind,
    identity,
    content,
    get digest() {
      return (digest ??= digestOf(content()));
    },
    ...(title !== undefined && { title }),
  };
}

/** Sixteen hexadecimal digits of SHA-256. */
export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** `dashboard Checkout (meshslo-svc-1f2e)`: an object as people are told of it. */
export function objectName({ kind, identity, title }: Pick<DesiredObject, 'kind' | 'identity' | 'title'>): string {
  return title === undefined ? `${kind} ${identity}` : `${kind} ${title} (${identity})`;
}

/** The same for the same thing of a place, and for no other of it. */
export function objectKey({ kind, identity }: Pick<DesiredObject, 'kind' | 'identity'>): string {
  return `${kind} ${identity}`;
}
