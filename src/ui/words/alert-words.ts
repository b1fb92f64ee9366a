import type { ServiceId } from '../../domain/service-id.js';
import type { AlertView } from '../../server/api-types/alert.js';
import { shortName } from './short-name.js';

/** What an alert is about, such as `recommendations availability`; meshslo itself where it is about no service. */
export function alertSubject({ service, slo, cluster }: Pick<AlertView, 'service' | 'slo' | 'cluster'>): string {
  if (service === null) return cluster === null ? 'meshslo' : `meshslo, ${cluster}`;
  return slo === null ? shortName(service) : `${shortName(service)} ${shortName(slo)}`;
}

/** The service that an alert is about; undefined where it is about none. */
export function serviceOf({ cluster, namespace, service }: AlertView): ServiceId | undefined {
  if (cluster === null || namespace === null || service === null) return undefined;
  return { cluster, namespace, name: service };
}

/** Whether an alert is about a service. */
export function isAbout(
  alert: AlertView,
  { cluster, namespace, service }: Record<'cluster' | 'namespace' | 'service', string>,
) {
  return alert.cluster === cluster && alert.namespace === namespace && alert.service === service;
}

/** The summary without its subject, where that stands beside it anyway. */
export function alertNews({ summary, namespace, service, slo }: AlertView): string | null {
  const subject = `${namespace}/${service}${slo === null ? '' : ` ${slo}`} `;
  if (summary?.startsWith(subject)) return summary.slice(subject.length);
  return service === null ? summary : (summary?.replaceAll(service, () => shortName(service)) ?? null);
}

/** `ErrorBudgetBurnFast` as people say it: `Error budget burn fast`; `SLI data missing`. */
export function alertTitle(name: string): string {
  const spaced = name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  const words = spaced.replace(/\bsl[io]\b/g, (short) => short.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}
