import type { TargetView } from '../../server/api-types/target.js';
import { countText, momentText } from '../words/numbers.js';

/** The proxies that are read for a service: what is known of it, they said. */
export function ProxyTable({ proxies }: { readonly proxies: readonly TargetView[] }) {
  const up = proxies.filter((proxy) => proxy.up).length;
  return (
    <section>
      <h2>Proxies</h2>
      {proxies.length === 0 ? (
        <p class="unknown">No proxy of this service is read; what is known comes from those of its callers.</p>
      ) : (
        <table class="cards">
          <caption>
            {up} of {proxies.length} answer
          </caption>
          <thead>
            <tr>
              <th scope="col">Proxy</th>
              <th scope="col">State</th>
              <th scope="col">Last answer</th>
            </tr>
          </thead>
          <tbody>
            {proxies.map((proxy) => (
              <tr key={`${proxy.job} ${proxy.url}`}>
                <th scope="row">
                  {nameOf(proxy)} <span class="aside">{proxy.job}</span>
                </th>
                <td>{stateOf(proxy)}</td>
                <td class="moment" data-title="last answer">
                  {proxy.lastSuccessSeconds === null ? 'never' : momentText(proxy.lastSuccessSeconds)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** A pod's name says more than its address. */
function nameOf({ labels, url }: TargetView): string {
  return labels['pod'] ?? labels['pod_name'] ?? labels['instance'] ?? url;
}

function stateOf({ up, error, unmeasured, duplicates }: TargetView) {
  if (up === null) return <span class="unknown">not read yet</span>;
  if (up) {
    const silentOf = unmeasured.length === 1 ? 'a latency SLO' : `${unmeasured.length} latency SLOs`;
    return (
      <>
        ●&nbsp;answers
        {unmeasured.length > 0 && <span class="aside"> but has no bucket for {silentOf}</span>}
        {duplicates !== null && duplicates > 0 && (
          <span class="aside">
            {' '}
            but tells {countText(duplicates)} samples twice: the first of each is counted, maybe the wrong one
          </span>
        )}
      </>
    );
  }
  return (
    <span class="overspent">
      ✕ {error?.message ?? 'does not answer'}
      {error?.hint != null && <span class="aside"> {error.hint}</span>}
    </span>
  );
}
