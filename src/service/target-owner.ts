import type { ServiceCatalog } from '../domain/catalog-service.js';
import type { TargetOwner } from '../scrape/target-owner.js';

/** Whose proxies are by the catalogue: by their pods where labels name these, else by their addresses. */
export function targetOwner(catalog: () => Pick<ServiceCatalog, 'serviceOfProxy'>): TargetOwner {
  return ({ cluster, host, labels }) => {
    const namespace = labels.get('namespace') ?? labels.get('kubernetes_namespace');
    const pod = labels.get('pod') ?? labels.get('kubernetes_pod_name');
    return catalog().serviceOfProxy(cluster, { namespace, pod, address: host });
  };
}
