import { visible } from '../../documents/visible.js';
import { annotationTags } from '../../domain/annotation-tags.js';
import { wellFormed } from '../../domain/well-formed.js';
import { desiredObject, type DesiredObject, digestOf } from '../desired-object.js';
import type { Mark } from '../destination.js';
import type { PastMoment } from '../past-moment.js';
import { behind, setPrefix, setTag, wasPrefix, withoutTags } from './mark-tags.js';

/** An annotation as Grafana has it, without its number; a moment ends when it begins. */
export interface Annotation {
  readonly time: number;
  readonly timeEnd: number;
  readonly tags: readonly string[];
  /** HTML, of which Grafana shows what is harmless. */
  readonly text: string;
}

/** More would take a minute to write, and hide each other on any chart. The newest count. */
const mostAnnotations = 5000;

const longestText = 1000;

const idPrefix = 'meshslo-id:';

/** What happened, as annotations of a whole organisation of Grafana; the same past gives the same. */
export function annotationObjects(past: readonly PastMoment[]): readonly DesiredObject[] {
  const named = past.map((moment) => ({ moment, identity: digestOf(`${moment.kind} ${moment.key}`) }));
  const newest = named.sort((a, b) => b.moment.from - a.moment.from || (a.identity < b.identity ? -1 : 1));
  const unique = new Map(newest.map((one) => [one.identity, one.moment]));
  return [...unique].slice(0, mostAnnotations).map(([identity, moment]) => {
    const content = annotationText(annotationOf(moment));
    return desiredObject('annotation', identity, () => content, titleOf(moment.from, moment.summary));
  });
}

function annotationOf({ kind, from, to, place, summary, link }: PastMoment): Annotation {
  // What a database cannot hold, or gives back otherwise, would be taken for an edit.
  const said = escaped(shortened(visible(wellFormed(summary))));
  const isAddress = link !== undefined && /^https?:\/\//.test(link);
  const text = isAddress ? `${said}\n<a href="${escaped(link)}">More</a>` : said;
  const time = Math.round(from * 1000);
  return { time, timeEnd: Math.max(time, Math.round((to ?? from) * 1000)), tags: annotationTags(kind, place), text };
}

/** The last moment that has a date, on either side of 1970. */
const lastSeconds = 8.64e12;

/** `2026-11-21 16:40 UTC cart went from 1.4 to 1.5` */
export function titleOf(at: number, text: string): string {
  // Somebody may have typed a time that no calendar has.
  const dated = Math.max(-lastSeconds, Math.min(lastSeconds, at));
  const when = new Date(dated * 1000).toISOString().slice(0, 16).replace('T', ' ');
  return `${when} UTC ${shortened(text.replaceAll(/\s+/g, ' '), 80)}`;
}

/** The annotation as text to compare: tags in order, without those of a mark. */
export function annotationText({ time, timeEnd, tags, text }: Annotation): string {
  return `${JSON.stringify({ time, timeEnd, tags: withoutTags([setPrefix, idPrefix, wasPrefix], tags).toSorted(), text }, undefined, 2)}\n`;
}

/** What {@link annotationText} tells. */
export function parsedAnnotation(content: string): Annotation {
  return JSON.parse(content) as Annotation;
}

/** The tags that a search finds all annotations of a set by. */
export function setTags(set: string): readonly string[] {
  return ['meshslo', setTag(set)];
}

/** The tag that one of them is found by. */
export function identityTag(identity: string): string {
  return `${idPrefix}${identity}`;
}

export function markTags(identity: string, { set, digest }: Mark): readonly string[] {
  return [setTag(set), identityTag(identity), `${wasPrefix}${digest}`];
}

/** Whose an annotation is, and which; undefined where its tags hold no mark, or half of one. */
export function readMark(tags: readonly string[]): { readonly identity: string; readonly mark: Mark } | undefined {
  const [set, identity, digest] = [behind(setPrefix, tags), behind(idPrefix, tags), behind(wasPrefix, tags)];
  if (set === undefined || identity === undefined || digest === undefined) return undefined;
  return { identity, mark: { set, digest, retiredSince: undefined } };
}

function shortened(text: string, most = longestText): string {
  return text.length > most ? `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}...` : text;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
