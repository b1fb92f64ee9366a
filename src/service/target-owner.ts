import type { JobSettings } from '../config/config.js';
import type { ServiceCatalog } from '../domain/catalog-service.js';
import type { ServiceId } from '../domain/service-id.js';
import type { TargetHealth } from '../scrape/target-health.js';
import type { TargetOwner } from '../scrape/target-owner.js';

/** Whose proxies are by the catalogue: by their pods where labels name these, else by their addresses. */
export function targetOwner(catalog: () => Pick<ServiceCatalog, 'serviceOfProxy'>): TargetOwner {
  return ({ cluster, host, labels }) => {
    const namespace = labels.get('namespace') ?? labels.get('kubernetes_namespace');
    const pod = labels.get('pod') ?? labels.get('kubernetes_pod_name');
    return catalog().serviceOfProxy(cluster, { namespace, pod, address: host });
  };
}

/** The same of a target that has never told anything. */
export function ownerOfSilent(
  catalog: () => Pick<ServiceCatalog, 'serviceOfProxy'>,
  jobs: () => readonly Pick<JobSettings, 'name' | 'cluster'>[],
): (target: Pick<TargetHealth, 'job' | 'url' | 'labels'>) => ServiceId | undefined {
  const ownerOf = targetOwner(catalog);
  return ({ job, url, labels }) => {
    const cluster = jobs().find(({ name }) => name === job)?.cluster;
    const host = hostOf(url);
    if (cluster === undefined || host === undefined) return undefined;
    return ownerOf({ cluster, host, labels: new Map(Object.entries(labels)) });
  };
}

/** As it is listed, which may be no address at all: no `URL` takes `10.0.0.256`. */
function hostOf(url: string): string | undefined {
  const [, bracketed, plain] = /^https?:\/\/(?:\[([^\]]+)\]|([^:/]+))/.exec(url) ?? [];
  return bracketed ?? plain;
}
