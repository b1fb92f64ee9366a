import { expect, test } from '@jest/globals';
import { demoMesh } from '../../src/simulator/demo-mesh.js';
import { EventLog } from '../../src/simulator/event-log.js';
import { istioFaults } from '../../src/simulator/istio-faults.js';
import { IstioFleet } from '../../src/simulator/istio-fleet.js';
import { Mesh } from '../../src/simulator/mesh.js';

const start = 1_780_000_000;

/** The demo's faults, and what its sidecars are told. */
function faulty() {
  const mesh = new Mesh({ ...demoMesh(start), edges: [] }, start, 1, new EventLog().write);
  const told: (readonly [string, string | undefined])[] = [];
  const { switches } = istioFaults(mesh, new IstioFleet(mesh, { instances: 2 }), {
    setFault: (pod, fault) => {
      told.push([pod, fault]);
      return Promise.resolve();
    },
  });
  const pod = (): string => mesh.pods.find(({ service }) => service.name === 'notifications')!.name;
  const turn = (name: string, isOn: boolean) => switches.find((one) => one.name === name)!.set(isOn);
  return { mesh, told, pod, turn };
}

test('of two faults of one sidecar the one that is left goes on', () => {
  const { told, pod, turn } = faulty();
  turn('warming-clusters', true);
  turn('certificate-ending', true);
  turn('certificate-ending', false);
  turn('warming-clusters', false);
  expect(told).toEqual([
    [pod(), 'warming-clusters'],
    [pod(), 'certificate-ending'],
    [pod(), 'warming-clusters'],
    [pod(), undefined],
  ]);
});

test('a fault goes with its pod, and the next one hits the pod that came in its place', () => {
  const { mesh, told, pod, turn } = faulty();
  turn('silent-proxy', true);
  const before = pod();
  mesh.replace(before);
  turn('silent-proxy', false);
  turn('silent-proxy', true);
  expect(pod()).not.toBe(before);
  expect(told).toEqual([
    [before, 'error-500'],
    [pod(), 'error-500'],
  ]);
});
