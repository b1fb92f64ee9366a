import { stringify } from 'yaml';
import { desiredObject, type DesiredObject, digestOf } from '../desired-object.js';
import { inOrder } from '../in-order.js';
import { type ResourceKind, resources } from './resource.js';

type Labels = Readonly<Record<string, string>>;

/** An object of a cluster as it is wanted, without what says whose it is. */
export interface Manifest {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** Its `spec` or `data`. */
  readonly body: unknown;
}

/** The manifest as an object to publish. */
export function manifestObject(kind: ResourceKind, name: string, made: () => Manifest, title?: string): DesiredObject {
  return desiredObject(kind, name, () => manifestText(made()), title);
}

/** The manifest as a file: the same manifest, the same bytes. */
export function manifestText({ kind, name, namespace, labels, body }: Manifest): string {
  const { apiVersion, body: key } = resources[kind];
  const metadata = { name, namespace, ...(Object.keys(labels).length > 0 && { labels: inOrder(labels) }) };
  return stringify(
    { apiVersion, kind, metadata, [key]: inOrder(body) },
    { version: '1.1', lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false },
  );
}

/** A name that a cluster takes: small letters, digits, `-` and `.`; no two texts become one name. */
export function kubernetesName(text: string): string {
  if (/^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/.test(text)) return text;
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${plain.slice(0, 200).replace(/-+$/, '') || 'meshslo'}-${digestOf(text).slice(0, 8)}`;
}
