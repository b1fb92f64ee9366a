import { folded } from '../catalog/folded-name.js';
import type { KnownService } from '../catalog/service-facts.js';
import type { Finding } from '../domain/finding.js';

/**
 * Services without the instances that only a registry still has: registrations whose pod is gone, or whose address is somebody
 * else's, by the findings about them.
 */
export function livingInstances(
  services: readonly KnownService[],
  findings: readonly Pick<Finding, 'kind' | 'subject'>[],
): readonly KnownService[] {
  const gone = new Set(
    findings.flatMap(({ kind, subject: { cluster, service, address } }) =>
      (kind === 'ZombieRegistration' || kind === 'ReusedAddress') && address !== undefined
        ? [keyOf(cluster, service, address.slice(0, address.lastIndexOf(':')))]
        : [],
    ),
  );
  if (gone.size === 0) return services;
  return services.map((known) => {
    const { id, instances } = known;
    const living = instances.filter(({ address }) => !gone.has(keyOf(id.cluster, id.name, address)));
    return living.length === instances.length ? known : { ...known, instances: living };
  });
}

/** A registry may write a name otherwise than the cluster does. */
function keyOf(cluster = '', service = '', address = ''): string {
  return JSON.stringify([cluster, folded(service), address]);
}
