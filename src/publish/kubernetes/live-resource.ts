import { z } from 'zod';
import { digestOf } from '../desired-object.js';
import type { LiveObject, Mark } from '../destination.js';
import { retiredText, retiredTime } from '../retired-time.js';
import { manifestText } from './manifest.js';
import { type ResourceKind, resources } from './resource.js';

const texts = z.record(z.string(), z.string()).nullish();

/** An object as the API gives it. */
export const rawResource = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    labels: texts,
    annotations: texts,
  }),
});

export type RawResource = z.infer<typeof rawResource>;

/** Labels that everything of ours has; a search goes by them. */
export function ownLabels(set: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/managed-by': 'meshslo', 'meshslo/set': set };
}

const digestKey = 'meshslo/digest';
const retiredKey = 'meshslo/retired-since';
/** Which labels were written beside {@link ownLabels}: others are of other people, and stay. */
const labelsKey = 'meshslo/labels';
/** Which fields of the body were written: the cluster adds others, with what is usual, and so do people. */
const fieldsKey = 'meshslo/fields';

/** What was written: names of labels, and of fields of the body. */
export interface Written {
  readonly labels: readonly string[];
  readonly fields: readonly string[];
}

/** The annotations of a mark. */
export function markAnnotations({ digest, retiredSince }: Mark, written: Written): Readonly<Record<string, string>> {
  return {
    [digestKey]: digest,
    [labelsKey]: [...written.labels].sort().join(','),
    [fieldsKey]: [...written.fields].sort().join(','),
    ...(retiredSince !== undefined && { [retiredKey]: retiredText(retiredSince) }),
  };
}

/** Annotations, labels and fields of others. */
export function foreignParts(kind: ResourceKind, raw: RawResource) {
  const { labels, annotations } = raw.metadata;
  const written = writtenOf(raw);
  const marks = [digestKey, retiredKey, labelsKey, fieldsKey];
  return {
    labels: without(labels, [...Object.keys(ownLabels('')), ...written.labels]),
    annotations: without(annotations, marks),
    body: without(bodyOf(kind, raw), written.fields),
  };
}

function writtenOf({ metadata: { annotations } }: RawResource): Written {
  const list = (key: string): readonly string[] => (annotations?.[key] ?? '').split(',').filter(Boolean);
  return { labels: list(labelsKey), fields: list(fieldsKey) };
}

function bodyOf(kind: ResourceKind, raw: RawResource): Readonly<Record<string, unknown>> {
  return (raw[resources[kind].body] ?? {}) as Readonly<Record<string, unknown>>;
}

function without<T>(map: Readonly<Record<string, T>> | null | undefined, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !keys.includes(key)));
}

function only<T>(map: Readonly<Record<string, T>> | null | undefined, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => keys.includes(key)));
}

/** What is there, as it compares with what is wanted. */
export function liveResource(kind: ResourceKind, raw: RawResource): LiveObject {
  const { name, namespace, resourceVersion, uid, labels } = raw.metadata;
  const mark = markOf(raw);
  const written = writtenOf(raw);
  const body = mark === undefined ? bodyOf(kind, raw) : only(bodyOf(kind, raw), written.fields);
  const content = manifestText({ kind, name, namespace, labels: only(labels, written.labels), body });
  const digest = digestOf(content);
  return {
    kind,
    identity: name,
    mark,
    isAsWritten: mark?.digest === digest,
    digest,
    content,
    revision: JSON.stringify([uid, resourceVersion]),
    // An objective that has moved to another part may have changed there: two values would take turns.
    goesAtOnce: kind === 'PrometheusRule' && /-objectives-[01]+$/.test(name),
  };
}

function markOf({ metadata: { labels, annotations } }: RawResource): Mark | undefined {
  const set = labels?.['meshslo/set'];
  const digest = annotations?.[digestKey];
  const isOurs = labels?.['app.kubernetes.io/managed-by'] === 'meshslo';
  if (!isOurs || set === undefined || digest === undefined) return undefined;
  return { set, digest, retiredSince: retiredTime(annotations?.[retiredKey] ?? '') };
}
