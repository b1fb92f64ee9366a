import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Linkerd1Fleet } from '../../src/simulator/linkerd1-fleet.js';
import { type FaultCase, testChurn, testFaults, twoLooks } from './fault-table.js';
import { at, settingsOf } from './observed-control-plane.js';
import { closeFleets, observe, proxiesOf } from './observed-fleet.js';

afterEach(closeFleets);

/** One host of the one service is another one so often. */
const changeSeconds = 40;

const begin = (controllers?: string) =>
  observe(
    (nowSeconds) => new Linkerd1Fleet(nowSeconds, ['node-1', 'node-2'], changeSeconds),
    (fleet) =>
      settingsOf({
        kind: 'linkerd1',
        instances: at(...fleet.addresses),
        controllers: controllers === undefined ? at(...fleet.controllers) : at(controllers),
        proxies: proxiesOf(fleet),
      }),
  );

const faults: readonly FaultCase<Linkerd1Fleet>[] = [
  {
    fault: 'a Linkerd that balances over hosts that Namerd does not know any more',
    begin: ({ faults: { stale } }) => stale.add('node-2'),
    end: ({ faults: { stale } }) => stale.clear(),
    kind: 'SidecarOutOfSync',
    owner: 'team-linkerd',
    says: {
      subject: expect.objectContaining({ proxy: 'node-2', mesh: 'linkerd1' }),
      summary: expect.stringContaining('addresses of /#/io.l5d.consul/dc1/cart'),
    },
    seenWithinSeconds: changeSeconds,
    ageSeconds: 60,
  },
  {
    fault: 'a Namerd with another dtab',
    begin: (fleet) => (fleet.faults.otherDtab = true),
    end: (fleet) => (fleet.faults.otherDtab = false),
    kind: 'InstancesDisagree',
    owner: 'team-platform',
    says: { subject: expect.objectContaining({ what: 'the dtab of default' }) },
    ageSeconds: 60,
  },
  {
    fault: 'one Namerd down',
    begin: (fleet) => fleet.stop(0),
    end: (fleet) => fleet.restart(0),
    kind: 'ControlPlaneDown',
    owner: 'team-platform',
  },
  ...([401, 403] as const).map((status) => ({
    fault: `Namerds that answer ${status}`,
    begin: (fleet: Linkerd1Fleet) => (fleet.faults.refuses = status),
    end: (fleet: Linkerd1Fleet) => (fleet.faults.refuses = undefined),
    kind: 'ControlPlaneForbidden' as const,
    owner: 'team-platform',
    says: { action: expect.stringContaining('control_planes: instances or controllers: authorization') },
  })),
  {
    fault: 'Namerds that know nothing of any name',
    begin: (fleet) => (fleet.faults.ignorant = true),
    end: (fleet) => (fleet.faults.ignorant = false),
    kind: 'SyncUnreadable',
    owner: 'team-platform',
    says: { summary: expect.stringContaining('Namerd tells no addresses (/api/1/addr)') },
    ageSeconds: 60,
  },
  {
    fault: 'Linkerds none of which answers',
    begin: ({ faults: { silent } }) => silent.add('node-1').add('node-2'),
    end: ({ faults: { silent } }) => silent.clear(),
    kind: 'SyncUnreadable',
    owner: 'team-platform',
    says: { summary: expect.stringContaining('no Linkerd answers at its administration port (node-1, node-2)') },
    ageSeconds: 60,
  },
];

describe('Linkerd 1 with Namerd', () => {
  testFaults(() => begin(), faults);
  testChurn(() => begin());

  test('a Namerd that is gone is asked about one name, and not waited for by every other', async () => {
    let asked = 0;
    const gone = createServer((request) => {
      if (request.url!.startsWith('/api/1/addr/')) asked += 1;
      request.socket.destroy();
    });
    gone.listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    const { observed } = await begin(`127.0.0.1:${port}`);
    await observed.look();
    gone.close();
    expect(asked).toBe(1);
  });

  test('while one Namerd is down the other one is asked', async () => {
    const { fleet, observed, live } = await begin();
    await fleet.stop(0);
    await live(twoLooks);
    expect(observed.collector.state!.sync).toEqual({
      told: { proxies: [{ type: 'sidecar', status: 'synced', count: 2 }], behind: [] },
    });
  });

  test('silence is no repair, neither of a Linkerd nor of Namerds that know nothing', async () => {
    const { fleet, observed, live } = await begin();
    await live(15);
    fleet.faults.stale.add('node-2');
    await live(changeSeconds + 60 + twoLooks);
    fleet.faults.silent.add('node-2');
    await live(60);
    expect(observed.kinds()).toEqual(['SidecarOutOfSync']);
    expect(observed.collector.state!.sync).toEqual({
      told: {
        proxies: [
          { type: 'sidecar', status: 'synced', count: 1 },
          { type: 'sidecar', status: 'unknown', count: 1 },
        ],
        behind: [],
      },
    });
    fleet.faults.silent.clear();
    fleet.faults.ignorant = true;
    await live(60);
    expect(observed.kinds()).toEqual(['SidecarOutOfSync']);
    expect(observed.collector.state!.sync).toEqual({ untold: expect.stringContaining('controllers of Namerd') });
    fleet.faults.ignorant = false;
    await live(15);
    expect(observed.kinds()).toEqual(['SidecarOutOfSync']);
    fleet.faults.stale.clear();
    await live(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('a Namerd that falls silent while it differs from the other one has not been repaired', async () => {
    const { fleet, observed, live } = await begin();
    fleet.faults.otherDtab = true;
    await live(60 + twoLooks);
    await fleet.stop(1);
    await live(twoLooks);
    expect(observed.kinds()).toEqual(['ControlPlaneDown', 'InstancesDisagree']);
    fleet.faults.otherDtab = false;
    await fleet.restart(1);
    await live(twoLooks);
    expect(observed.kinds()).toEqual([]);
  });

  test('that there is no xDS is said', async () => {
    const { observed, live } = await begin();
    await live(15);
    expect(observed.collector.state!.pushes).toEqual({ untold: expect.stringContaining('Linkerd 1 has no xDS') });
  });
});
