import { afterEach, describe, expect, test } from '@jest/globals';
import { Linkerd2Fleet } from '../../src/simulator/linkerd2-fleet.js';
import { type FaultCase, testChurn, testFaults, twoLooks } from './fault-table.js';
import { at, settingsOf } from './observed-control-plane.js';
import { closeFleets, inShop, observe, observeRollingOver, proxiesOf } from './observed-fleet.js';

afterEach(closeFleets);

const pods = inShop('cart-1', 'web-1', 'web-2');
const newFleet = (nowSeconds: () => number) => new Linkerd2Fleet(nowSeconds, pods);
const settings = (fleet: Linkerd2Fleet) =>
  settingsOf({ kind: 'linkerd2', instances: at(...fleet.addresses), proxies: proxiesOf(fleet) });
const begin = () => observe(newFleet, settings);

const faults: readonly FaultCase<Linkerd2Fleet>[] = [
  {
    fault: 'a proxy of another version than the newest',
    begin: ({ faults: { versions } }) => versions.set('web-1', '2.350.0'),
    end: ({ faults: { versions } }) => versions.clear(),
    kind: 'VersionDrift',
    owner: 'team-shop',
    says: {
      summary: '1 of 2 proxies of shop/web run 2.350.0, and should run 2.366.0',
      action: expect.stringContaining('rollout restart'),
    },
  },
  {
    fault: 'an issuer that ends tomorrow',
    begin: (fleet) => (fleet.faults.issuerSecondsLeft = 86_400),
    end: (fleet) => (fleet.faults.issuerSecondsLeft = 300 * 86_400),
    kind: 'CertificateExpiring',
    owner: 'team-platform',
    says: { summary: 'the issuer certificate of Linkerd 2 main ends in 24 hours' },
  },
  {
    fault: 'a proxy that could not renew its certificate',
    begin: ({ faults: { secondsLeft } }) => secondsLeft.set('web-1', 600),
    end: ({ faults: { secondsLeft } }) => secondsLeft.clear(),
    kind: 'CertificateExpiring',
    owner: 'team-shop',
    says: { summary: 'the workload certificate of Linkerd 2 main ends in 10 minutes' },
  },
  {
    fault: 'a destination service that knows fewer clusters',
    begin: (fleet) => (fleet.faults.forgetful = true),
    end: (fleet) => (fleet.faults.forgetful = false),
    kind: 'InstancesDisagree',
    owner: 'team-platform',
    says: { subject: expect.objectContaining({ what: 'the number of linked clusters' }) },
    ageSeconds: 60,
  },
  {
    fault: 'one component down',
    begin: (fleet) => fleet.stop(0),
    end: (fleet) => fleet.restart(0),
    kind: 'ControlPlaneDown',
    owner: 'team-platform',
  },
  ...([401, 403] as const).map((status) => ({
    fault: `components that answer ${status}`,
    begin: (fleet: Linkerd2Fleet) => (fleet.faults.refuses = status),
    end: (fleet: Linkerd2Fleet) => (fleet.faults.refuses = undefined),
    kind: 'ControlPlaneForbidden' as const,
    owner: 'team-platform',
    says: { action: expect.stringContaining('AuthorizationPolicy') },
  })),
];

describe('Linkerd 2', () => {
  testFaults(begin, faults);
  testChurn(() => observeRollingOver(newFleet, settings, pods));

  test('silence is no repair: a proxy that drifts, and one whose certificate ends, stay found while they say nothing', async () => {
    const { fleet, observed, live } = await begin();
    fleet.faults.versions.set('cart-1', '2.350.0');
    fleet.faults.secondsLeft.set('web-1', 600);
    await live(twoLooks);
    expect(observed.kinds()).toEqual(['CertificateExpiring', 'VersionDrift']);
    fleet.faults.silent.add('cart-1').add('web-1');
    await live(60);
    expect(observed.kinds()).toEqual(['CertificateExpiring', 'VersionDrift']);
    fleet.faults.silent.clear();
    fleet.faults.versions.clear();
    fleet.faults.secondsLeft.clear();
    await live(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('what it does not tell is said, and is no zero', async () => {
    const { observed, live } = await begin();
    await live(15);
    const { sync, pushes, warming } = observed.collector.state!;
    expect(sync).toEqual({ untold: 'its proxies confirm nothing of what they are sent' });
    expect(pushes).toEqual({ untold: expect.stringContaining('measures no way from a change to a proxy') });
    expect(warming).toEqual({ untold: 'it has no Envoys' });
  });
});
