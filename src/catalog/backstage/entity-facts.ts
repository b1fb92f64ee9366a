import { z } from 'zod';
import { migrationPhases } from '../../domain/catalog-service.js';
import type { ServiceFacts } from '../service-facts.js';

const entity = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    annotations: z.record(z.string(), z.unknown()).nullish(),
    labels: z.record(z.string(), z.unknown()).nullish(),
  }),
  spec: z
    .looseObject({
      owner: z.string().nullish(),
      system: z.string().nullish(),
      type: z.string().nullish(),
      lifecycle: z.string().nullish(),
    })
    .nullish(),
});

/**
 * What an entity of Backstage says of services: a Component's owner, system and tier; undefined for every other kind and for
 * libraries and websites that nobody calls.
 *
 * Its name is that of its annotation `backstage.io/kubernetes-id`, else its own.
 *
 * @see https://backstage.io/docs/features/software-catalog/descriptor-format and
 * https://backstage.io/docs/features/kubernetes/configuration
 */
export function entityFacts(written: unknown): ServiceFacts | undefined {
  const { data } = entity.safeParse(written);
  if (data?.kind !== 'Component' || data.spec?.type === 'library') return undefined;
  const { name, annotations, labels } = data.metadata;
  const said = (...keys: readonly string[]): string | undefined => {
    for (const key of keys) {
      const value = annotations?.[key] ?? labels?.[key];
      if (typeof value === 'string' && value !== '') return value;
    }
    return undefined;
  };
  const { owner, system } = data.spec ?? {};
  return {
    cluster: said('backstage.io/kubernetes-cluster'),
    namespace: said('backstage.io/kubernetes-namespace'),
    name: said('backstage.io/kubernetes-id') ?? name,
    owner: owner ? referenceName(owner) : undefined,
    tier: said('meshslo.io/tier', 'tier'),
    system: system ? referenceName(system) : undefined,
    wanted: migrationPhases.find((phase) => phase === said('meshslo.io/migration')),
  };
}

/** `payments` of `group:default/payments`. @see https://backstage.io/docs/features/software-catalog/references */
export function referenceName(reference: string): string {
  return reference.replace(/^[^:/]*:/, '').replace(/^[^/]*\//, '');
}
