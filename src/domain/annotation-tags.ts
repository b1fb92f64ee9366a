import { type ServiceId, serviceKey } from './service-id.js';

/** What an annotation in Grafana is about; the kinds of mesh events are among them. */
export type AnnotationKind = 'deploy' | 'control-plane' | 'migration' | 'correction';

/**
 * Tags of an annotation in Grafana's own store, by which boards find it: `meshslo`, its kind, and whom it concerns where that
 * is one service. Boards of a service ask for all three, boards of many for the first two.
 */
export function annotationTags(kind: AnnotationKind, service?: ServiceId): readonly string[] {
  return ['meshslo', kind, ...(service === undefined ? [] : [serviceTag(serviceKey(service))])];
}

/** The tag of a service, by its key or what stands for it. */
export function serviceTag(key: string): string {
  return `service:${key}`;
}
