import type { ControlPlaneView } from '../../server/api-types/control-plane.js';
import { findingsAddress } from '../address/address.js';
import { momentText } from '../words/numbers.js';
import { CertificateFact, PushFact, SyncFact, VersionFact, WarmingFact } from './control-plane-facts.js';
import { InstanceTable } from './instance-table.js';

/** One control plane: what it says in a sentence, then fact by fact. */
export function ControlPlaneSection({ controlPlane }: { readonly controlPlane: ControlPlaneView }) {
  const { name, title, cluster, owner, lookedSeconds, troubles, differences, untold } = controlPlane;
  const heading = `control-plane-${name}`;
  return (
    <section class="control-plane" aria-labelledby={heading}>
      <h2 id={heading}>
        {title} {title.toLowerCase() !== name.toLowerCase() && <span class="aside">{name}</span>}
      </h2>
      <p class="state-sentence">
        Cluster <b>{cluster}</b>, owner <b>{owner ?? 'nobody'}</b>, looked at {momentText(lookedSeconds)}.{' '}
        <a href={findingsAddress({})}>Findings</a>
      </p>
      {troubles.map((trouble) => (
        <p key={trouble} class="banner doubtful">
          {trouble}
        </p>
      ))}
      <InstanceTable instances={controlPlane.instances} title={`Instances of ${name}`} />
      {differences && differences.length > 0 && (
        <p class="banner burning">
          Its instances differ in {differences.join(', ')}.{' '}
          <a href={findingsAddress({ kind: 'InstancesDisagree' })}>See what differs</a>
        </p>
      )}
      <dl class="signals">
        <SyncFact sync={controlPlane.sync} why={untold['sync']} />
        <VersionFact versions={controlPlane.versions} why={untold['versions']} />
        <CertificateFact certificates={controlPlane.certificates} why={untold['certificates']} />
        <PushFact pushes={controlPlane.pushes} why={untold['pushes']} />
        <WarmingFact warming={controlPlane.warming} why={untold['warming']} />
      </dl>
    </section>
  );
}
