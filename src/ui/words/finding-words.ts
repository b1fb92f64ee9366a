import type { ServiceId } from '../../domain/service-id.js';
import type { FindingView } from '../../server/api-types/finding.js';
import { shortName } from './short-name.js';

/** What a finding is about, from the most special word on: `cart-7d9f · shop/cart`. */
export function findingSubject({ subject }: Pick<FindingView, 'subject'>): string {
  const { cluster, namespace, service, mesh, ...special } = subject;
  const place = [namespace, service].filter((part) => part !== undefined).map(shortName);
  const words = [...Object.values(special).map(shortName), place.join('/')].filter(Boolean);
  return words.length > 0 ? words.join(' · ') : [mesh, cluster].filter(Boolean).join(' · ') || 'meshslo';
}

/** The service that a finding is about; undefined where it is about none. */
export function serviceOfFinding({ subject }: Pick<FindingView, 'subject'>): ServiceId | undefined {
  const { cluster, namespace, service } = subject;
  return cluster && namespace && service ? { cluster, namespace, name: service } : undefined;
}

/** When the trouble began, as far as anybody knows. */
export function beginning({ sinceSeconds, firstSeenSeconds }: FindingView): number {
  return Math.min(sinceSeconds ?? firstSeenSeconds, firstSeenSeconds);
}
