import type { AlertEpisode } from '../domain/alert.js';
import type { AnnotationKind, Place } from '../domain/annotation-tags.js';
import type { EpochSeconds } from '../domain/clock.js';
import { type KeptFinding, severityOf } from '../domain/finding.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import { serviceKey } from '../domain/service-id.js';
import type { TimeRange } from '../domain/window.js';

/** Something that happened, or went on for a while. */
export interface PastMoment {
  readonly kind: AnnotationKind;
  /** The same for the same happening, whatever is known of it meanwhile, and for no other of its kind. */
  readonly key: string;
  readonly from: EpochSeconds;
  /** Undefined for a moment, and for what goes on. */
  readonly to: EpochSeconds | undefined;
  readonly place: Place;
  readonly summary: string;
  /** A page about it. */
  readonly link: string | undefined;
}

/** The last moment of it that is known: now, for what goes on. */
export function lastOf({ kind, from, to }: PastMoment, now: EpochSeconds): EpochSeconds {
  if (to !== undefined) return to;
  return kind === 'alert' || kind === 'finding' ? Math.max(from, now) : from;
}

/** What happened in a range, as far back as somebody remembers; in no order. */
export type PastReader = (range: TimeRange) => readonly PastMoment[];

/** An alert that called somebody, or would have; its end is told once it has one. */
export function alertMoment({ id, name, severity, labels, annotations, startedAt, endedAt }: AlertEpisode): PastMoment {
  const { cluster, namespace, service } = labels;
  return {
    kind: 'alert',
    key: id,
    from: startedAt,
    to: endedAt,
    place: { cluster, namespace, service },
    summary: `${name} (${severity}): ${annotations['summary'] ?? ''}`,
    link: annotations['page_url'],
  };
}

export function findingMoment(finding: KeptFinding): PastMoment {
  const { id, kind, subject, summary, firstSeen, resolvedAt } = finding;
  const { cluster, namespace, service } = subject;
  return {
    kind: 'finding',
    key: id,
    from: firstSeen,
    to: resolvedAt,
    place: { cluster, namespace, service },
    summary: `${kind} (${severityOf(finding)}): ${summary}`,
    link: undefined,
  };
}

export function eventMoment({ kind, at, service, summary, facts }: MeshEvent): PastMoment {
  const place = service
    ? { cluster: service.cluster, namespace: service.namespace, service: service.name }
    : { cluster: facts['cluster'] };
  const key = JSON.stringify([at, service ? serviceKey(service) : '', summary]);
  return { kind, key, from: at, to: undefined, place, summary, link: undefined };
}
