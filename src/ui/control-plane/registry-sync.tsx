import { latencyInWords } from '../../domain/in-words.js';
import type { RegistrySyncView } from '../../server/api-types/control-plane.js';
import { findingsAddress } from '../address/address.js';
import { countText } from '../words/numbers.js';

/** How late Envoys learn of what changes in registries; nothing where nobody has learnt anything. */
export function RegistrySync({ registries }: { readonly registries: readonly RegistrySyncView[] }) {
  if (registries.length === 0) return null;
  return (
    <section class="control-plane" aria-labelledby="registry-sync">
      <h2 id="registry-sync">From registries to Envoys</h2>
      <p class="state-sentence">
        The last hour. <a href={findingsAddress({ kind: 'SlowRegistrySync' })}>Envoys that are late</a>
      </p>
      <dl class="signals">
        {registries.map(({ registry, changes, p50Seconds, p99Seconds, errorSeconds }) => (
          <div key={registry} class="signal">
            <dt>{registry}</dt>
            <dd>
              {countText(changes)} {changes === 1 ? 'change was' : 'changes were'} known by an Envoy: half within{' '}
              <b>{latencyInWords(rounded(p50Seconds))}</b>, 99 % within <b>{latencyInWords(rounded(p99Seconds))}</b>.
              <div class="summary">
                Each may be off by up to {latencyInWords(Math.ceil(errorSeconds))}: changes are seen by looking.
              </div>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** More digits than the looking tells would be made up. */
function rounded(seconds: number): number {
  return Number(seconds.toPrecision(2));
}
