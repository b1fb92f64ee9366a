import { expect, test } from '@jest/globals';
import type { Scope } from '../../src/controlplane/findings/scope.js';
import type { InstanceLook } from '../../src/controlplane/instance-watch.js';
import { SyncReading } from '../../src/controlplane/sync-reading.js';
import { HandClock } from '../catalog/support.js';

const scope: Scope = { kind: 'istio', title: 'Istio', name: 'main', cluster: 'eu', owner: 'team-mesh' };
const unread = { where: '10.0.0.1:15014', trouble: 'it answers 404', action: 'Ask it.' };
const answering = { values: {}, failures: { metrics: undefined, told: undefined } } as InstanceLook<unknown>;

test('that nobody can tell who is in sync goes on over a restart, and ends once somebody tells', () => {
  const clock = new HandClock();
  const reading = new SyncReading();
  const began = clock.now();
  expect(reading.look(scope, unread, [answering], clock)).toEqual({ findings: [], judged: [] });
  clock.time += 59;
  expect(reading.look(scope, unread, [answering], clock)).toEqual({ findings: [], judged: [] });
  clock.time += 1;
  expect(reading.look(scope, unread, [answering], clock)).toMatchObject({
    findings: [{ kind: 'SyncUnreadable', owner: 'team-mesh', since: began }],
    judged: ['SyncUnreadable'],
  });
  expect(reading.look(scope, unread, [], clock)).toEqual({ findings: [], judged: [] });
  expect(reading.look(scope, undefined, [answering], clock)).toEqual({ findings: [], judged: ['SyncUnreadable'] });
});
