import { expect, test } from '@jest/globals';
import type { Scope } from '../../src/controlplane/findings/scope.js';
import { downInstances, type InstanceLook } from '../../src/controlplane/instance-watch.js';
import { Failure } from '../../src/domain/failure.js';

const scope: Scope = { kind: 'istio', title: 'Istio', name: 'main', cluster: 'eu', owner: 'team-mesh' };

function lookAt(address: string, failure: Failure | undefined, downSince?: number): InstanceLook<unknown> {
  const values = failure ? undefined : {};
  const failures = { metrics: failure, told: failure };
  const look: unknown = { client: { address }, values, told: undefined, failures, downSince };
  return look as InstanceLook<unknown>;
}

test('an instance that was down before meshslo restarted stays so until it has answered, or has not for two looks', () => {
  const refused = new Failure('target-unreachable', 'connection refused');
  const well = lookAt('10.0.0.1:15014', undefined);
  expect(downInstances(scope, [well, lookAt('10.0.0.2:15014', refused)], [])).toEqual({ findings: [], judged: [] });
  expect(downInstances(scope, [well, lookAt('10.0.0.2:15014', refused, 100)], [])).toMatchObject({
    findings: [{ kind: 'ControlPlaneDown', since: 100 }],
    judged: ['ControlPlaneDown'],
  });
  expect(downInstances(scope, [well, well], [])).toEqual({ findings: [], judged: ['ControlPlaneDown'] });
});

test('an instance that lets nobody in is there', () => {
  const forbidden = new Failure('forbidden', '403');
  expect(downInstances(scope, [lookAt('10.0.0.1:15014', forbidden)], []).judged).toEqual(['ControlPlaneDown']);
});
