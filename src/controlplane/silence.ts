import type { Finding } from '../domain/finding.js';
import type { FindingKind } from '../domain/finding-kinds.js';
import { ownedProxy, workloadSubject } from './findings/proxy-findings.js';
import { type ProxyBook, type ProxyName, proxyKey } from './proxy-book.js';

/** Whether nobody could tell if a finding goes on. */
export type Unseen = (finding: Finding) => boolean;

/** Findings about proxies that have told nothing this time: silence is no repair. */
export function aboutSilentProxies(
  silent: readonly ProxyName[],
  book: ProxyBook,
  kinds: readonly FindingKind[],
): Unseen {
  const proxies = new Set(silent.map(proxyKey));
  const examples = new Set(silent.map(({ namespace, pod }) => `${namespace}/${pod}`));
  const workloads = new Set(silent.map((proxy) => workloadKey(workloadSubject(ownedProxy(proxy, book)))));
  return ({ kind, subject, evidence }) => {
    if (!kinds.includes(kind)) return false;
    const { cluster = '', namespace = '', proxy: pod } = subject;
    if (pod !== undefined) return proxies.has(proxyKey({ cluster, namespace, pod }));
    if (kind === 'VersionDrift') return workloads.has(workloadKey(subject));
    return kind === 'CertificateExpiring' && examples.has(evidence['proxy'] ?? '');
  };
}

/** Disagreements in which somebody takes part who has told nothing this time. */
export function aboutSilentInstances(addresses: readonly string[]): Unseen {
  return ({ kind, evidence }) => kind === 'InstancesDisagree' && addresses.some((address) => address in evidence);
}

/** Certificates of the control plane that nobody tells of now, or only somebody who has told nothing this time. */
export function aboutSilentCertificates(addresses: readonly string[], told: readonly string[]): Unseen {
  return ({ kind, subject: { certificate = '' }, evidence }) =>
    kind === 'CertificateExpiring' &&
    certificate !== 'workload' &&
    addresses.length > 0 &&
    (!told.includes(certificate) || addresses.includes(evidence['proxy'] ?? ''));
}

function workloadKey({ cluster, namespace, service, workload }: Readonly<Record<string, string>>): string {
  return JSON.stringify([cluster, namespace, service, workload]);
}
