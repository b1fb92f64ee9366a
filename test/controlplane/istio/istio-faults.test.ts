import { afterEach, describe, expect } from '@jest/globals';
import { type FaultCase, testChurn, testFaults } from '../fault-table.js';
import { changeSeconds, ObservedIstio } from './observed-istio.js';

let istio: ObservedIstio;
afterEach(() => istio.close());

const owner = 'team-platform';
const faults: readonly FaultCase<ObservedIstio>[] = [
  {
    fault: 'a sidecar that takes nothing any more',
    begin: (istio) => istio.fleet.sync.faults.stale.add(istio.podOf('cart')),
    end: ({ fleet: { sync } }) => sync.faults.stale.clear(),
    kind: 'SidecarOutOfSync',
    owner: 'team-shop',
    says: { subject: expect.objectContaining({ namespace: 'shop', service: 'cart', cluster: 'eu-1' }) },
    seenWithinSeconds: changeSeconds,
    ageSeconds: 60,
  },
  {
    fault: 'a sidecar that refuses a push',
    begin: (istio) =>
      istio.fleet.sync.faults.refusing.set(istio.podOf('cart'), 'Error adding listener 0.0.0.0_80: overlap'),
    end: ({ fleet: { sync } }) => sync.faults.refusing.clear(),
    kind: 'ConfigRejected',
    owner: 'team-shop',
    says: {
      summary: expect.stringContaining('refuses the listeners that it is sent: Error adding listener 0.0.0.0_80'),
    },
  },
  {
    fault: 'a sidecar of another version',
    begin: (istio) => istio.fleet.setVersion(istio.podOf('cart'), '1.23.5'),
    end: (istio) => istio.fleet.setVersion(istio.podOf('cart'), undefined),
    kind: 'VersionDrift',
    owner: 'team-shop',
    says: {
      summary: '1 of 2 proxies of shop/cart run 1.23.5, and should run 1.24.3',
      action: expect.stringContaining('kubectl -n shop rollout restart deployment/cart-v1'),
    },
  },
  {
    fault: 'a root certificate that ends in three days',
    begin: ({ fleet: { istiods } }) => istiods.forEach((one) => (one.faults.rootSecondsLeft = 3 * 86_400)),
    end: ({ fleet: { istiods } }) => istiods.forEach((one) => (one.faults.rootSecondsLeft = undefined)),
    kind: 'CertificateExpiring',
    owner,
    says: { summary: expect.stringMatching(/^the root certificate of Istio main ends in (3 days|72 hours)$/) },
  },
  {
    fault: 'a workload that could not renew its certificate',
    begin: (istio) => istio.servers.setFault(istio.podOf('cart'), 'certificate-ending'),
    end: (istio) => istio.servers.setFault(istio.podOf('cart'), undefined),
    kind: 'CertificateExpiring',
    owner: 'team-shop',
    says: { evidence: expect.objectContaining({ proxy: expect.stringMatching(/^shop\/cart-/) }) },
  },
  {
    fault: 'clusters that warm for long',
    begin: (istio) => istio.servers.setFault(istio.podOf('cart'), 'warming-clusters'),
    end: (istio) => istio.servers.setFault(istio.podOf('cart'), undefined),
    kind: 'WarmingStuck',
    owner: 'team-shop',
    says: { subject: expect.objectContaining({ proxy: expect.stringMatching(/^cart-/) }) },
    ageSeconds: 300,
  },
  {
    fault: 'an istiod that has lost sight of services',
    begin: ({ fleet: { istiods } }) => (istiods[1]!.faults.missingServices = 1),
    end: ({ fleet: { istiods } }) => (istiods[1]!.faults.missingServices = 0),
    kind: 'InstancesDisagree',
    owner,
    says: { subject: expect.objectContaining({ what: 'the number of services' }) },
    ageSeconds: 60,
  },
  {
    fault: 'one istiod down',
    begin: (istio) => istio.fleet.stop(0),
    end: (istio) => istio.fleet.restart(0),
    kind: 'ControlPlaneDown',
    owner,
  },
  {
    fault: 'istiods that want to know who asks',
    begin: (istio) => istio.fleet.askForToken('right'),
    end: (istio) => istio.fleet.askForToken(undefined),
    kind: 'ControlPlaneForbidden',
    owner,
    says: { action: expect.stringContaining('audience istio-ca') },
  },
  {
    fault: 'istiods that do not tell this namespace',
    begin: (istio) => istio.fleet.forbid(true),
    end: (istio) => istio.fleet.forbid(false),
    kind: 'ControlPlaneForbidden',
    owner,
    says: { action: expect.stringContaining('DEBUG_ENDPOINT_AUTH_ALLOWED_NAMESPACES') },
  },
  {
    fault: 'one istiod whose debugging interface is switched off',
    begin: ({ fleet: { withoutDebug } }) => withoutDebug.add(1),
    end: ({ fleet: { withoutDebug } }) => withoutDebug.clear(),
    kind: 'SyncUnreadable',
    owner,
    says: {
      summary: expect.stringMatching(
        /^nobody can tell whether proxies of Istio main are in sync: \/debug\/syncz cannot be read: .*404 \(127\.0\.0\.1:\d+\)$/,
      ),
      action: expect.stringContaining('ENABLE_DEBUG_ON_HTTP'),
    },
    ageSeconds: 60,
  },
];

describe('Istio', () => {
  testFaults(async () => {
    istio = await ObservedIstio.start();
    return { fleet: istio, observed: istio.observed, live: istio.live };
  }, faults);

  testChurn(async () => {
    istio = await ObservedIstio.start();
    const { mesh, servers, observed } = istio;
    let looks = 0;
    const live = (seconds: number) =>
      observed.lookFor(seconds, async (now) => {
        looks += 1;
        mesh.advance(now);
        if (looks % 3 === 0) mesh.replace(mesh.pods[looks % mesh.pods.length]!.name);
        if (looks % 5 === 0) mesh.restart(mesh.pods[looks % mesh.pods.length]!.name);
        if (looks % 3 === 0) await servers.reconcile();
      });
    return { fleet: istio, observed, live };
  });
});
