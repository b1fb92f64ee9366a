import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { ConsulServers } from '../../src/simulator/consul-servers.js';
import { type FaultCase, testChurn, testFaults, twoLooks } from './fault-table.js';
import { at, settingsOf } from './observed-control-plane.js';
import { closeFleets, observe } from './observed-fleet.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-consul-'));
const token = join(folder, 'token');
writeFileSync(token, 'right');
afterEach(closeFleets);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const begin = () =>
  observe(
    (nowSeconds) => new ConsulServers(nowSeconds),
    (fleet) =>
      settingsOf({
        kind: 'consul',
        instances: { ...at(...fleet.addresses), access: { authorization: { kind: 'bearer', tokenFile: token } } },
      }),
  );

const owner = 'team-platform';
const faults: readonly FaultCase<ConsulServers>[] = [
  {
    fault: 'a root that ends tomorrow',
    begin: (fleet) => (fleet.faults.rootSecondsLeft = 86_400),
    end: (fleet) => (fleet.faults.rootSecondsLeft = 365 * 86_400),
    kind: 'CertificateExpiring',
    owner,
    says: { evidence: expect.objectContaining({ certificate: 'root' }) },
  },
  {
    fault: 'an agent whose certificate ends tomorrow',
    begin: (fleet) => (fleet.faults.agentSecondsLeft = 86_400),
    end: (fleet) => (fleet.faults.agentSecondsLeft = 300 * 86_400),
    kind: 'CertificateExpiring',
    owner,
    says: { evidence: expect.objectContaining({ certificate: 'agent' }) },
  },
  {
    fault: 'a server that names another leader',
    begin: ({ faults: { astray } }) => astray.add(2),
    end: ({ faults: { astray } }) => astray.clear(),
    kind: 'InstancesDisagree',
    owner,
    says: { subject: expect.objectContaining({ what: 'the leader' }) },
    ageSeconds: 60,
  },
  {
    fault: 'no leader',
    begin: (fleet) => (fleet.faults.leaderless = true),
    end: (fleet) => (fleet.faults.leaderless = false),
    kind: 'ControlPlaneDown',
    owner,
    says: { summary: 'Consul main: no server leads' },
  },
  {
    fault: 'another ACL token than the one that is sent',
    begin: (fleet) => (fleet.faults.token = 'another'),
    end: (fleet) => (fleet.faults.token = undefined),
    kind: 'ControlPlaneForbidden',
    owner,
    says: { action: expect.stringContaining('agent:read') },
  },
  {
    fault: 'one server down',
    begin: (fleet) => fleet.stop(1),
    end: (fleet) => fleet.restart(1),
    kind: 'ControlPlaneDown',
    owner,
  },
];

describe('Consul', () => {
  testFaults(begin, faults);
  testChurn(begin);

  test('only the leader tells of the roots: the NaN of the others is no certificate', async () => {
    const { observed, live } = await begin();
    await live(15);
    const { certificates } = observed.collector.state!;
    expect('told' in certificates && certificates.told.map(({ name }) => name).sort()).toEqual([
      'agent',
      'root',
      'signing',
    ]);
  });

  test('a root that ends is not forgotten while there is no leader, who alone tells of it', async () => {
    const { fleet, observed, live } = await begin();
    fleet.faults.rootSecondsLeft = 86_400;
    await live(twoLooks);
    fleet.faults.leaderless = true;
    await live(twoLooks);
    expect(observed.kinds()).toEqual(['CertificateExpiring', 'ControlPlaneDown']);
    fleet.faults.rootSecondsLeft = 365 * 86_400;
    fleet.faults.leaderless = false;
    await live(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });
});
