import type { ToldCertificate } from './certificate-answer.js';
import type { ProxyBook } from './proxy-book.js';
import type { WatchedProxy } from './proxy-watch.js';

/** Of each owner the certificate of a workload that ends first; proxies that tell none are passed over. */
export function workloadCertificates(
  proxies: readonly WatchedProxy[],
  book: ProxyBook,
  secondsLeftOf: (proxy: WatchedProxy) => number | undefined,
): readonly ToldCertificate[] {
  const first = new Map<string, ToldCertificate>();
  for (const proxy of proxies) {
    const secondsLeft = secondsLeftOf(proxy);
    if (secondsLeft === undefined) continue;
    const { cluster, namespace, pod } = proxy;
    const { owner } = book.ownerOf({ cluster, namespace, pod });
    const known = first.get(owner ?? '');
    if (known && known.secondsLeft <= secondsLeft) continue;
    const example = `${namespace}/${pod}`;
    first.set(owner ?? '', { name: 'workload', of: 'workload', owner, secondsLeft, example });
  }
  return [...first].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
}
