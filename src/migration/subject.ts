import type { ServiceId } from '../domain/service-id.js';

/** A service as what findings are about. */
export function subjectOf({ cluster, namespace, name }: ServiceId): Readonly<Record<string, string>> {
  return { cluster, namespace, service: name };
}
