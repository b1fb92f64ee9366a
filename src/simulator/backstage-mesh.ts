import type { BackstageComponent } from './backstage-api.js';
import type { ServiceModel } from './mesh-model.js';

/**
 * Services of a mesh as their teams have written them into Backstage: by name alone, as most do.
 *
 * @param owners of those that are there, by namespace of the mesh
 */
export function componentsOf(
  services: readonly ServiceModel[],
  owners: Readonly<Record<string, string>>,
): readonly BackstageComponent[] {
  return services.flatMap(({ name, namespace }) => {
    const owner = owners[namespace];
    if (owner === undefined) return [];
    return [
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name, annotations: {} },
        spec: { type: 'service', owner: `group:default/${owner}`, system: namespace },
      },
    ];
  });
}
